//! What retention has taken from a job.

use crate::domain::Timestamp;

/// What of a job is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Removed {
    /// Log lines up to this number.
    pub logs_to: u64,
    /// When the last of them went.
    pub logs_at: Option<Timestamp>,
    /// Results up to this number.
    pub results_to: u64,
    /// When the last of them went.
    pub results_at: Option<Timestamp>,
    /// When its checkpoints went; a resume has to bring one, or to start over.
    pub checkpoint_at: Option<Timestamp>,
}
