//! What is read back: pages of jobs, log lines and results, and a job's checkpoint.

use super::{
    AttemptOutcome, Digest, Job, JobId, JsonObject, LabelSelector, LogLine, ModuleRef, NodeId, Reach, ScheduleId,
    SearchText, Status, Timestamp,
};

/// The most entries on one page.
pub const PAGE_MAX: u32 = 1_000;
/// Entries on a page when nobody says how many.
pub const PAGE_DEFAULT: u32 = 100;

/// Which jobs to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobFilter {
    /// Only those that stand there.
    pub status: Option<Status>,
    /// Only those that run these bytes.
    pub digest: Option<Digest>,
    /// Only those of this module's name.
    pub module_name: Option<String>,
    /// Only those of this module's version.
    pub module_version: Option<semver::Version>,
    /// Only those that have all of these.
    pub labels: LabelSelector,
    /// Only those that have this in their id, module, labels or error.
    pub search: Option<SearchText>,
    /// Only those that this schedule has started.
    pub schedule: Option<ScheduleId>,
    /// Only those that the caller sees.
    pub reach: Reach,
    /// Only those older than this one.
    pub before: Option<JobId>,
    /// How many; 1 to [`PAGE_MAX`].
    pub limit: u32,
}

impl JobFilter {
    /// The same, of this module alone.
    #[must_use]
    pub fn of_module(mut self, module: ModuleRef) -> Self {
        match module {
            ModuleRef::Newest(name) => self.module_name = Some(name),
            ModuleRef::Version(name, version) => {
                self.module_name = Some(name);
                self.module_version = Some(version);
            }
            ModuleRef::Digest(digest) => self.digest = Some(digest),
        }
        self
    }
}

/// Jobs, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobPage {
    /// The jobs.
    pub jobs: Vec<Job>,
    /// Where the next page starts; `None` at the end.
    pub next: Option<JobId>,
}

/// Part of a numbered list: what follows `after`, at most `limit` entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct After {
    /// The last number the reader has; 0 for none.
    pub after: u64,
    /// How many; 1 to [`PAGE_MAX`].
    pub limit: u32,
}

/// Numbered lines that were removed: the first and the last of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogGap {
    /// The first.
    pub from: u64,
    /// The last.
    pub to: u64,
}

impl LogGap {
    /// Why lines are removed.
    pub const REASON: &str = "retention";
}

/// Log lines in the order of their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogPage {
    /// The lines.
    pub lines: Vec<LogLine>,
    /// Lines before them that were removed.
    pub gap: Option<LogGap>,
    /// The number of the last line on this page, or of the gap when there is no line, or where the reader already was.
    pub next_after: u64,
    /// The job's status when the page was read.
    pub status: Status,
    /// The number of the job's last line when the page was read.
    pub last_seq: u64,
}

impl LogPage {
    /// Whether the job has ended and nothing follows this page.
    pub const fn ended(&self) -> bool {
        self.status.is_ended() && self.next_after >= self.last_seq
    }
}

/// One result of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredResult {
    /// Its number in the job: 1, 2, 3 …
    pub seq: u64,
    /// When it was saved.
    pub time: Timestamp,
    /// Which attempt saved it.
    pub attempt: u32,
    /// Whether a resume would still replace it.
    pub provisional: bool,
    /// Whether a later attempt has replaced it.
    pub superseded: bool,
    /// What the module saved.
    pub data: JsonObject,
}

/// Which results to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Results {
    /// Those that count.
    Current,
    /// Those that count and those that a later attempt has replaced.
    WithSuperseded,
}

/// Results in the order of their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultPage {
    /// The results.
    pub results: Vec<StoredResult>,
    /// The number of the last result on this page, or where the reader already was.
    pub next_after: u64,
}

/// One run of a job, or an attempt at one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredAttempt {
    /// Grows with each attempt; also over those that count as none.
    pub seq: u64,
    /// Its number in the job. One that ran nothing of the module gives its number to the next.
    pub attempt: u32,
    /// Where.
    pub node: NodeId,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended, and how; `None` while it runs.
    pub ended: Option<(Timestamp, AttemptOutcome)>,
}

/// Attempts in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptPage {
    /// The attempts.
    pub attempts: Vec<StoredAttempt>,
    /// The number of the last one on this page, or where the reader already was.
    pub next_after: u64,
}

/// The state that a job resumes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCheckpoint {
    /// What the module saved.
    pub checkpoint: JsonObject,
    /// Which attempt saved it; 0 when it was given with the job.
    pub attempt: u32,
    /// When.
    pub saved_at: Timestamp,
}

/// How many jobs stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct JobCounts {
    /// Waiting.
    pub pending: u64,
    /// Running.
    pub running: u64,
    /// Completed.
    pub completed: u64,
    /// Failed.
    pub failed: u64,
    /// Stopped.
    pub stopped: u64,
}
