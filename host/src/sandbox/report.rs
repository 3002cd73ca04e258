//! What a run is given and what is known when it is over.

use std::time::Duration;

use super::Allowance;
use crate::domain::{AttemptEnd, HttpUsage, JobId, JsonObject, RunUsage};

/// What the guest's `run` gets.
#[derive(Debug, Clone)]
pub struct GuestJob {
    /// The job.
    pub id: JobId,
    /// 1 for its first attempt.
    pub attempt: u32,
    /// What it works on.
    pub inputs: JsonObject,
    /// How it works.
    pub settings: JsonObject,
    /// Its last checkpoint.
    pub checkpoint: Option<JsonObject>,
    /// What it may use and reach.
    pub allowance: Allowance,
}

/// How a run went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunReport {
    /// How it ended.
    pub end: RunEnd,
    /// Time on a processor, that of the host's functions for this guest included.
    pub cpu_time: Duration,
    /// The most memory the guest had, all its linear memories together.
    pub peak_memory_bytes: u64,
    /// What it sent and received over HTTP.
    pub http: HttpUsage,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunEnd {
    /// The guest ran, and this is its outcome.
    Ended(AttemptEnd),
    /// The guest could not be started for want of a free instance or of memory: try again later. Not an attempt.
    NoRoom,
}

impl RunReport {
    /// What it used.
    pub fn usage(&self) -> RunUsage {
        RunUsage { cpu_time: self.cpu_time, peak_memory_bytes: self.peak_memory_bytes, http: self.http }
    }

    /// Nothing ran.
    pub(super) fn no_room() -> Self {
        Self { end: RunEnd::NoRoom, cpu_time: Duration::ZERO, peak_memory_bytes: 0, http: HttpUsage::default() }
    }
}
