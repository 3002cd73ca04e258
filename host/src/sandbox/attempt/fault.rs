//! Why a guest did not answer.

use crate::domain::JobError;

/// The guest's call has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sandbox) enum Fault {
    /// The host interrupted it.
    Forced,
    /// It could not start: no instance or no memory is free now.
    NoRoom,
    /// It used up its time on a processor.
    CpuSpent,
    /// It, or the host, went wrong.
    Failed(JobError),
}

/// The epoch callback's error: somebody forced the guest to end.
#[derive(Debug, thiserror::Error)]
#[error("interrupted by the host")]
pub(super) struct Interrupted;

/// How far a guest had come when it went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Its instance was being made; start functions count here.
    Start,
    /// It was called.
    Call,
}
