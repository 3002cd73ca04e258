//! What has changed of jobs, for those that watch all of them: not a history, only whose newest state to look at.

use uuid::Uuid;

use super::{JobId, NodeId, Progress, Status};

/// A place in the order in which one process saw jobs change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeCursor {
    /// Which process, at which of its starts.
    pub log: Uuid,
    /// How many changes it had seen.
    pub position: u64,
}

/// What changes of a job while it is watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobSummary {
    /// Its identifier.
    pub id: JobId,
    /// The name of the module that it runs.
    pub module_name: String,
    /// Where it stands.
    pub status: Status,
    /// The number of its newest attempt; 0 before the first.
    pub attempt: u32,
    /// The newest progress.
    pub progress: Option<Progress>,
    /// Where it runs or last ran.
    pub node: Option<NodeId>,
}
