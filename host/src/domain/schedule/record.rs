//! A schedule as it is stored, and what its occurrences came to.

use std::time::Duration;

use super::{CatchUp, JobTemplate, Overlap, ScheduleName};
use crate::domain::{JobId, ScheduleId, Timestamp};

/// What whoever makes a schedule says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchedulePlan {
    /// What it is called.
    pub name: ScheduleName,
    /// The cron pattern.
    pub cron: String,
    /// The time zone in which the pattern is read, as the IANA calls it.
    pub time_zone: String,
    /// What it starts.
    pub job: JobTemplate,
    /// Each occurrence is put off by up to so much.
    pub jitter: Duration,
    /// What happens while an earlier job has not ended.
    pub overlap: Overlap,
    /// What becomes of missed occurrences.
    pub catch_up: CatchUp,
    /// From how late on an occurrence counts as missed.
    pub late_after: Duration,
    /// Whether nothing is started for now.
    pub paused: bool,
}

impl SchedulePlan {
    /// From how late on an occurrence counts as missed, unless the schedule says otherwise: longer than another node
    /// takes to notice that one is gone, and shorter than what people would call down.
    pub const LATE_AFTER: Duration = Duration::from_mins(1);
    /// The shortest and the longest that can be asked for.
    pub const LATE_AFTER_RANGE: (Duration, Duration) = (Duration::from_secs(1), Duration::from_hours(24));
    /// The most jitter.
    pub const JITTER_MAX: Duration = Duration::from_hours(24);
}

/// The next occurrence of a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextRun {
    /// When the pattern says.
    pub scheduled_for: Timestamp,
    /// The same, put off by the jitter of this occurrence.
    pub fire_at: Timestamp,
}

/// A schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Its identifier.
    pub id: ScheduleId,
    /// What its maker said.
    pub plan: SchedulePlan,
    /// The name of the module that it starts; never another one while the plan stays.
    pub module_name: String,
    /// Its next occurrence; none while it is paused, or when the pattern comes no more.
    pub next: Option<NextRun>,
    /// Grows with each change and each occurrence: whoever changes it says which one was seen.
    pub revision: u64,
    /// The name of the token that made it or put it last; none where no token was needed.
    pub created_by: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its plan was last changed.
    pub updated_at: Timestamp,
    /// What happened last.
    pub last_run: Option<ScheduleRun>,
}

/// Schedules by their name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchedulePage {
    /// The schedules.
    pub schedules: Vec<Schedule>,
    /// The name after which the next page starts; `None` at the end.
    pub next: Option<ScheduleName>,
}

/// Which schedule started a job, as the job keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobSchedule {
    /// Its identifier.
    pub id: ScheduleId,
    /// What it was called then.
    pub name: ScheduleName,
    /// The occurrence; when somebody asked, for a run by hand.
    pub scheduled_for: Timestamp,
}

/// Why something was to be started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunCause {
    /// The pattern says so.
    Pattern,
    /// Somebody asked for it.
    Hand,
}

/// What one occurrence of a schedule came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleRun {
    /// Its number in the schedule: 1, 2, 3 …
    pub seq: u64,
    /// The occurrence; when somebody asked, for a run by hand.
    pub scheduled_for: Timestamp,
    /// When it was decided.
    pub at: Timestamp,
    /// Why.
    pub cause: RunCause,
    /// What happened.
    pub what: ScheduleRunWhat,
}

/// What happened at an occurrence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScheduleRunWhat {
    /// This job was created.
    Started(JobId),
    /// Nothing: this earlier job had not ended.
    Skipped(JobId),
    /// Nothing, though the time had come: nobody was there, and it is not made up for. Also for the occurrences between
    /// this one and `until`, if there are any.
    Missed {
        /// The last of those that were missed together.
        until: Timestamp,
    },
    /// The job was refused, in the words of the refusal.
    Refused(String),
}

/// What occurrences came to, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleRunPage {
    /// The occurrences.
    pub runs: Vec<ScheduleRun>,
    /// The number before which the next page starts; `None` at the end.
    pub next: Option<u64>,
}
