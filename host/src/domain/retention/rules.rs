//! The rules of a host, with the reasons for their defaults.

use std::fmt;
use std::time::Duration;

use super::{DatabaseLimit, ModuleRules};
use crate::domain::Status;

const DAY: Duration = Duration::from_hours(24);

/// What has an age of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AgeOf {
    /// Completed jobs, with all they have.
    Completed,
    /// Failed jobs, with all they have.
    Failed,
    /// Stopped jobs, with all they have.
    Stopped,
    /// The logs of ended jobs.
    Logs,
    /// The checkpoints of ended jobs.
    Checkpoints,
}

impl AgeOf {
    /// All there are.
    pub const ALL: [Self; 5] = [Self::Completed, Self::Failed, Self::Stopped, Self::Logs, Self::Checkpoints];

    /// As settings call it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
            Self::Logs => "logs",
            Self::Checkpoints => "checkpoints",
        }
    }

    /// The jobs whose age it is; `None` where it is that of a part of a job.
    pub const fn status(self) -> Option<Status> {
        match self {
            Self::Completed => Some(Status::Completed),
            Self::Failed => Some(Status::Failed),
            Self::Stopped => Some(Status::Stopped),
            Self::Logs | Self::Checkpoints => None,
        }
    }
}

/// For how long after a job's end something is kept; `None` for as long as the job is there, or for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ages {
    /// A completed job: its results were probably fetched. Long enough to look a month back.
    pub completed: Option<Duration>,
    /// A failed job: somebody may still want to know why, or to resume it.
    pub failed: Option<Duration>,
    /// A stopped job: it can be resumed.
    pub stopped: Option<Duration>,
    /// The log of an ended job: most of what a host keeps, and of the least use after some time. The results stay.
    pub logs: Option<Duration>,
    /// The checkpoints of an ended job; as long as the job, unless asked for: a failed or stopped one goes on from them.
    pub checkpoints: Option<Duration>,
}

impl Default for Ages {
    fn default() -> Self {
        Self {
            completed: Some(30 * DAY),
            failed: Some(90 * DAY),
            stopped: Some(90 * DAY),
            logs: Some(30 * DAY),
            checkpoints: None,
        }
    }
}

impl Ages {
    /// One of them.
    pub const fn get(&self, what: AgeOf) -> Option<Duration> {
        match what {
            AgeOf::Completed => self.completed,
            AgeOf::Failed => self.failed,
            AgeOf::Stopped => self.stopped,
            AgeOf::Logs => self.logs,
            AgeOf::Checkpoints => self.checkpoints,
        }
    }
}

/// How much of ended jobs is kept. Jobs that wait or run are never touched, and none that somebody asked to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionRules {
    /// For how long.
    pub ages: Ages,
    /// How many ended jobs; the oldest of more go. A million: more make `/v1/status`, which counts them, slow.
    pub jobs: Option<u64>,
    /// How many ended jobs of each module; no number unless asked for.
    pub module_jobs: Option<u64>,
    /// Bytes of the database.
    pub database: DatabaseLimit,
    /// What is different for some modules.
    pub modules: Vec<ModuleRules>,
    /// How often ages and numbers are looked at. Bytes are looked at every second while jobs run.
    pub look: Duration,
}

impl Default for RetentionRules {
    fn default() -> Self {
        Self {
            ages: Ages::default(),
            jobs: Some(1_000_000),
            module_jobs: None,
            database: DatabaseLimit::Auto,
            modules: Vec::new(),
            look: Duration::from_mins(1),
        }
    }
}

/// Why something was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetentionReason {
    /// It was too old.
    Age,
    /// There were too many jobs.
    Count,
    /// The database had too many bytes.
    Bytes,
}

impl RetentionReason {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Age, Self::Count, Self::Bytes];

    /// The word that the API and the figures show.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Age => "age",
            Self::Count => "count",
            Self::Bytes => "bytes",
        }
    }
}

impl fmt::Display for RetentionReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
