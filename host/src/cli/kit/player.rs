//! Runs a case's job to its end, once undisturbed, or over and over through kills.

use std::num::NonZeroU64;
use std::time::Duration;

use serde_json::Value;

use super::case::Case;
use crate::cli::Failure;
use crate::cli::local::{lost, why_not_started};
use crate::domain::page::PAGE_MAX;
use crate::domain::{After, Digest, Job, JobId, JsonObject, ModuleRef, Results, Status};
use crate::scheduler::{CheckpointFuse, JobScheduler, LogEvent, ResumeJob, StartError, StartJob};

/// Where cases run.
pub(super) struct Player<'h> {
    pub(super) scheduler: &'h JobScheduler,
    pub(super) module: Digest,
    /// The most run time that the settings allow.
    pub(super) ceiling: Option<Duration>,
}

/// What came of one run.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) job: Job,
    /// Those that count.
    pub(super) results: Vec<JsonObject>,
    pub(super) log: Vec<String>,
    /// The last one.
    pub(super) checkpoint: Option<JsonObject>,
    /// How many were saved.
    pub(super) checkpoints: u64,
}

/// One kill of a run.
#[derive(Debug)]
pub(super) struct Kill {
    /// The number of the checkpoint before it: 1 is the first of the run.
    pub(super) checkpoint: u64,
    /// What that checkpoint holds.
    pub(super) content: JsonObject,
    /// How many results there were.
    pub(super) results: usize,
}

/// Why there is no outcome.
pub(super) enum NotPlayed {
    /// The module does not take what the case gives it.
    Refused(String),
    /// The host went wrong.
    Host(Failure),
}

impl From<Failure> for NotPlayed {
    fn from(failure: Failure) -> Self {
        Self::Host(failure)
    }
}

impl Outcome {
    pub(super) fn status(&self) -> Status {
        self.job.state.status()
    }

    /// The results as a case compares them.
    pub(super) fn compared(&self, case: &Case) -> Vec<Value> {
        self.results.iter().map(|result| case.compared(&result.value())).collect()
    }
}

impl Player<'_> {
    /// Runs the case once.
    pub(super) async fn undisturbed(&self, case: &Case) -> Result<Outcome, NotPlayed> {
        let fuse = CheckpointFuse::counting();
        let id = self.start(case, case.max_duration.map(|span| span.0), &fuse).await?;
        let mut log = Vec::new();
        let job = self.until_end(id, 0, &mut log).await?;
        Ok(self.outcome(job, log, fuse.saved()).await?)
    }

    /// Runs the case and kills it after these checkpoints, which ascend; each time it is resumed. `patience` is the run
    /// time after which a run that has lost its way is ended, where the case has no limit.
    pub(super) async fn killed(
        &self,
        case: &Case,
        after: &[u64],
        patience: Duration,
    ) -> Result<(Outcome, Vec<Kill>), NotPlayed> {
        let (mut kills, mut log, mut saved) = (Vec::new(), Vec::new(), 0);
        let mut fuse = next_fuse(after, saved);
        let patience = self.ceiling.map_or(patience, |ceiling| patience.min(ceiling));
        let max_duration = case.max_duration.map_or(patience, |span| span.0);
        let id = self.start(case, Some(max_duration), &fuse).await?;
        let mut seen = 0;
        loop {
            let job = self.until_end(id, seen, &mut log).await?;
            saved += fuse.saved();
            if !fuse.has_blown() || job.state.status() != Status::Stopped {
                return Ok((self.outcome(job, log, saved).await?, kills));
            }
            let results = usize::try_from(job.results).unwrap_or(usize::MAX);
            let content = self.checkpoint(id).await?.unwrap_or_else(JsonObject::empty);
            kills.push(Kill { checkpoint: saved, content, results });
            fuse = next_fuse(after, saved);
            let resume = ResumeJob { fuse: Some(fuse.clone()), ..ResumeJob::default() };
            let resumed = self.scheduler.resume_job(id, resume).await;
            seen = resumed.map_err(|error| Failure::failed(error.to_string()))?.last_log_seq;
        }
    }

    async fn start(
        &self,
        case: &Case,
        max_duration: Option<Duration>,
        fuse: &CheckpointFuse,
    ) -> Result<JobId, NotPlayed> {
        let request = StartJob {
            inputs: case.inputs.clone(),
            settings: case.settings.clone(),
            checkpoint: case.checkpoint.clone(),
            max_duration,
            fuse: Some(fuse.clone()),
            ..StartJob::of(ModuleRef::Digest(self.module))
        };
        self.scheduler.start_job(request).await.map_err(|error| match error {
            StartError::Store(error) => NotPlayed::Host(lost(&error)),
            refused => NotPlayed::Refused(why_not_started(&refused)),
        })
    }

    /// Follows the log from the line after `seen` until the job has ended.
    async fn until_end(&self, id: JobId, seen: u64, log: &mut Vec<String>) -> Result<Job, Failure> {
        let subscribed = self.scheduler.subscribe_logs(id, seen).await;
        let mut lines = subscribed.map_err(|error| Failure::failed(error.to_string()))?;
        loop {
            match lines.next().await.map_err(|cut| Failure::failed(cut.to_string()))? {
                Some(LogEvent::Lines(lines)) => log.extend(lines.into_iter().map(|line| line.message)),
                Some(LogEvent::Gap { .. }) => {}
                Some(LogEvent::End { .. }) | None => break,
            }
        }
        let job = self.scheduler.job(id).await.map_err(|error| lost(&error))?;
        job.ok_or_else(|| Failure::failed("the job is gone from the database"))
    }

    async fn outcome(&self, job: Job, log: Vec<String>, checkpoints: u64) -> Result<Outcome, Failure> {
        let checkpoint = self.checkpoint(job.id).await?;
        let results = self.results(job.id).await?;
        Ok(Outcome { job, results, log, checkpoint, checkpoints })
    }

    async fn checkpoint(&self, id: JobId) -> Result<Option<JsonObject>, Failure> {
        let stored = self.scheduler.checkpoint(id).await.map_err(|error| lost(&error))?;
        Ok(stored.flatten().map(|stored| stored.checkpoint))
    }

    async fn results(&self, id: JobId) -> Result<Vec<JsonObject>, Failure> {
        let (mut all, mut after) = (Vec::new(), 0);
        loop {
            let part = After { after, limit: PAGE_MAX };
            let page = self.scheduler.results(id, part, Results::Current).await.map_err(|error| lost(&error))?;
            let Some(page) = page.filter(|page| !page.results.is_empty()) else { return Ok(all) };
            after = page.next_after;
            all.extend(page.results.into_iter().map(|result| result.data));
        }
    }
}

/// The fuse for the next of these checkpoints, when so many are saved.
fn next_fuse(after: &[u64], saved: u64) -> CheckpointFuse {
    let next = after.iter().find_map(|checkpoint| NonZeroU64::new(checkpoint.saturating_sub(saved)));
    next.map_or_else(CheckpointFuse::counting, CheckpointFuse::after)
}
