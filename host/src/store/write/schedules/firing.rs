//! What is written of a schedule: its plan, and the occurrences that have come.

use crate::domain::{Claim, JobId, NextRun, Overlap, RunCause, Schedule, ScheduleId, ScheduleRunWhat, Timestamp};
use crate::store::write::model::NewJob;

/// A schedule to keep.
#[derive(Debug)]
pub struct ScheduleWrite {
    /// All of it, but what its occurrences came to and its revision. `updated_at` is now.
    pub schedule: Schedule,
    /// The revision that was seen; `None` for a new one.
    pub seen: Option<u64>,
}

/// Occurrences of a schedule that have come, or a run by hand.
#[derive(Debug)]
pub struct Firing {
    /// Which schedule.
    pub schedule: ScheduleId,
    /// The revision that was seen: all else was decided on it.
    pub revision: u64,
    /// The next occurrence after these.
    pub next: Option<NextRun>,
    /// What happens while an earlier job has not ended.
    pub overlap: Overlap,
    /// The occurrences, in their order.
    pub runs: Vec<NewRun>,
    /// Now.
    pub at: Timestamp,
}

/// One occurrence that has come.
#[derive(Debug)]
pub struct NewRun {
    /// The occurrence.
    pub scheduled_for: Timestamp,
    /// Why.
    pub cause: RunCause,
    /// What is to happen.
    pub what: NewRunWhat,
}

/// What is to happen at an occurrence.
#[derive(Debug)]
pub enum NewRunWhat {
    /// This job is created, as far as the overlap policy lets it.
    Start(Box<NewJob>),
    /// Nothing: it is too late, for this one and those up to `until`.
    Missed {
        /// The last of them.
        until: Timestamp,
    },
    /// Nothing: the job would be refused.
    Refused(String),
}

/// What occurrences of a schedule came to.
#[derive(Debug, Default)]
pub struct Fired {
    /// Each, in their order.
    pub runs: Vec<ScheduleRunWhat>,
    /// The claims under which jobs run that were asked to stop for a new one.
    pub interrupted: Vec<Claim>,
    /// Jobs that waited and were stopped for a new one.
    pub stopped: Vec<JobId>,
}

impl Firing {
    /// The jobs that it may create.
    pub(in crate::store) fn jobs(&self) -> impl Iterator<Item = &NewJob> {
        self.runs.iter().filter_map(|run| match &run.what {
            NewRunWhat::Start(job) => Some(&**job),
            NewRunWhat::Missed { .. } | NewRunWhat::Refused(_) => None,
        })
    }
}
