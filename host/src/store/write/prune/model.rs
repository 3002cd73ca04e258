//! What may be removed of an ended job.

use std::time::Duration;

use crate::domain::{JobId, NodeId, RetentionReason, Timestamp};

/// Parts of ended jobs to remove; by one node at a time.
#[derive(Debug, Clone)]
pub struct Prune {
    /// Who removes.
    pub node: NodeId,
    /// For how long nobody else does, from now on.
    pub lease: Duration,
    /// What the database held at the last look, for other nodes to show.
    pub used_bytes: Option<u64>,
    /// Why.
    pub reason: RetentionReason,
    /// What.
    pub pieces: Vec<Piece>,
    /// Now.
    pub at: Timestamp,
}

/// A part of an ended job. What is not as it was when somebody looked stays: a job that was resumed, or is to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Whose.
    pub job: JobId,
    /// When it ended, as somebody saw it.
    pub finished_at: Timestamp,
    /// Which part.
    pub part: Part,
}

/// Which part of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Log lines up to this number.
    Logs(u64),
    /// Results up to this number.
    Results(u64),
    /// Its checkpoints.
    Checkpoints,
    /// All of it.
    Job,
}

/// What was removed.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Pruned {
    /// Whole jobs, in the order of their ids.
    pub jobs: Vec<JobId>,
    /// Of how many jobs lines went.
    pub logs: u64,
    /// Of how many jobs results went.
    pub results: u64,
    /// Of how many jobs the checkpoints went.
    pub checkpoints: u64,
}

impl Pruned {
    /// Whether nothing was as somebody saw it.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}
