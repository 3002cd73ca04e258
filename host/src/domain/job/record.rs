//! A job as it is stored.

use std::time::Duration;

use super::{JobKey, JobQueue, Labels, Priority, Removed};
use crate::domain::{
    Digest, JobError, JobId, JobSchedule, JsonObject, LimitGrants, ModuleLabel, NodeId, RetryPolicy, Status, Stopped,
    Timestamp,
};

/// Where a job stands, with what belongs to that status alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobState {
    /// Waits to be claimed.
    Pending,
    /// Runs.
    Running,
    /// Ended well.
    Completed {
        /// When.
        at: Timestamp,
    },
    /// Failed.
    Failed {
        /// When.
        at: Timestamp,
        /// Why.
        error: JobError,
    },
    /// Was stopped.
    Stopped {
        /// When.
        at: Timestamp,
        /// By what.
        stop: Stopped,
    },
}

impl JobState {
    /// The status without its data.
    pub const fn status(&self) -> Status {
        match self {
            Self::Pending => Status::Pending,
            Self::Running => Status::Running,
            Self::Completed { .. } => Status::Completed,
            Self::Failed { .. } => Status::Failed,
            Self::Stopped { .. } => Status::Stopped,
        }
    }

    /// When the job ended, if it has.
    pub const fn finished_at(&self) -> Option<Timestamp> {
        match self {
            Self::Pending | Self::Running => None,
            Self::Completed { at } | Self::Failed { at, .. } | Self::Stopped { at, .. } => Some(*at),
        }
    }
}

/// How far a module says it is. The unit is the module's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How much is done.
    pub done: u64,
    /// How much there is, when the module knows.
    pub total: Option<u64>,
}

/// What a job has used, over all its attempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Wall time spent `running`, in milliseconds.
    pub run_time_ms: u64,
    /// Time on a processor, in milliseconds.
    pub cpu_time_ms: u64,
    /// The most memory an attempt had, all its linear memories together.
    pub peak_memory_bytes: u64,
    /// Bytes of log messages kept.
    pub log_bytes: u64,
    /// Bytes of results saved, superseded ones included.
    pub result_bytes: u64,
    /// Size of the newest checkpoint.
    pub checkpoint_bytes: u64,
    /// What it sent and received over HTTP; nothing is counted of attempts that died with their host.
    pub http: HttpUsage,
}

/// What went over HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HttpUsage {
    /// Requests that were sent.
    pub requests: u64,
    /// Bytes of bodies, both ways.
    pub bytes: u64,
}

/// What a run has used so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RunUsage {
    /// Time on a processor.
    pub cpu_time: Duration,
    /// The most memory that it had.
    pub peak_memory_bytes: u64,
    /// What it sent and received.
    pub http: HttpUsage,
}

impl RunUsage {
    /// What has come to it since it was like this, in whole milliseconds of which none is lost; the peak is what it is.
    #[must_use]
    pub fn since(&self, before: &Self) -> Self {
        let millis = |usage: &Self| u64::try_from(usage.cpu_time.as_millis()).unwrap_or(u64::MAX);
        Self {
            cpu_time: Duration::from_millis(millis(self).saturating_sub(millis(before))),
            peak_memory_bytes: self.peak_memory_bytes,
            http: HttpUsage {
                requests: self.http.requests.saturating_sub(before.http.requests),
                bytes: self.http.bytes.saturating_sub(before.http.bytes),
            },
        }
    }
}

/// A job as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its identifier.
    pub id: JobId,
    /// What it runs; always these bytes, whatever becomes of the name.
    pub module: ModuleLabel,
    /// Where it stands.
    pub state: JobState,
    /// What the module is given.
    pub inputs: JsonObject,
    /// How the module is told to work.
    pub settings: JsonObject,
    /// The most run time it may use, over all attempts since it was started or resumed by hand.
    pub max_duration: Option<Duration>,
    /// The limits of its module, as they are now; what is not among them is as the host has it.
    pub limits: LimitGrants,
    /// How long it may go on after it was told to stop.
    pub stop_grace: Duration,
    /// What becomes of it when its module fails in a way that may pass.
    pub retry: RetryPolicy,
    /// How often it was tried again since it was started or resumed by hand.
    pub retries: u32,
    /// Which of the ready jobs starts first.
    pub priority: Priority,
    /// What its owner attached to it.
    pub labels: Labels,
    /// What started it, if it was not a client.
    pub schedule: Option<JobSchedule>,
    /// Which jobs it waits for.
    pub queue: Option<JobQueue>,
    /// What no other job has that has not ended.
    pub unique_key: Option<JobKey>,
    /// When a pending job that waits for its time may start at the earliest.
    pub run_after: Option<Timestamp>,
    /// The number of its newest attempt; 0 before the first.
    pub attempt: u32,
    /// When it was started.
    pub created_at: Timestamp,
    /// When its first attempt began.
    pub started_at: Option<Timestamp>,
    /// The newest progress.
    pub progress: Option<Progress>,
    /// The number of its last log line; 0 when there is none.
    pub last_log_seq: u64,
    /// How many results it has that are not superseded.
    pub results: u64,
    /// When its newest checkpoint was saved.
    pub checkpoint_saved_at: Option<Timestamp>,
    /// What it has used.
    pub usage: Usage,
    /// Whether retention leaves it alone.
    pub keep: bool,
    /// What retention has taken from it.
    pub removed: Removed,
    /// Where it runs or last ran.
    pub node: Option<NodeId>,
}

impl Job {
    /// The digest of the bytes that it runs.
    pub const fn digest(&self) -> Digest {
        self.module.digest
    }
}
