//! Starting and resuming jobs: what is asked for is checked against the module and the host's limits, then stored.

use std::time::Duration;

use tokio::time::Instant;

use super::error::{JobNotFound, ResumeError, StartError};
use super::job_scheduler::JobScheduler;
use super::request::{CheckpointChange, OnConflict, ResumeJob, StartJob, Started};
use super::shared::{Shared, whole_millis};
use super::steps;
use crate::domain::retry::{MAX_ATTEMPTS, PAUSE_MAX};
use crate::domain::{
    Event, Job, JobId, JobQueue, JobState, JsonObject, LimitGrants, ModuleRef, Removed, RetryPolicy, StartRate, Usage,
};
use crate::measured;
use crate::store::{Answer, CheckpointEdit, NewJob, Resume, Write};

impl JobScheduler {
    /// Starts a job. Once this has answered, the job survives any crash.
    pub async fn start_job(&self, request: StartJob) -> Result<JobId, StartError> {
        self.create_job(request).await.map(|started| started.job().id)
    }

    /// Starts a job and answers all of it.
    pub async fn create_job(&self, request: StartJob) -> Result<Started, StartError> {
        let begin = Instant::now();
        let (module, fuse, trace) = (request.module.clone(), request.fuse.clone(), request.trace);
        let on_conflict = request.unique.as_ref().map(|unique| unique.on_conflict).unwrap_or_default();
        let (new, limits) = self.shared.prepare(request).await?;
        let job = as_created(&new, limits);
        // Before the write: the job may run as soon as that is committed.
        self.shared.attempts.place_fuse(job.id, fuse.as_ref());
        match self.shared.store.write(Write::CreateJob(Box::new(new))).await? {
            Answer::Done => {
                measured::JOBS_CREATED.add_of(&job.module.name, 1);
                steps::created(&self.shared, &job, begin, trace);
                Ok(Started::New(job))
            }
            Answer::Known(first) => {
                self.shared.attempts.place_fuse(job.id, None);
                let first = self.job(first).await?.ok_or(StartError::KeyOfDeleted(first))?;
                Ok(Started::Known(first))
            }
            Answer::NotUnique(first) => {
                self.shared.attempts.place_fuse(job.id, None);
                match (on_conflict, self.job(first).await?) {
                    (OnConflict::Return, Some(first)) => Ok(Started::Known(first)),
                    (OnConflict::Refuse, _) | (_, None) => Err(StartError::NotUnique(first)),
                }
            }
            Answer::KeyTaken => Err(StartError::KeyTaken),
            _ => Err(StartError::UnknownModule(module)),
        }
    }

    /// Takes a stopped or failed job back to `pending`, to go on from its last checkpoint with a new budget of run
    /// time. Answers the job as it is then: `pending`, even if it runs in the next moment.
    pub async fn resume_job(&self, id: JobId, request: ResumeJob) -> Result<Job, ResumeError> {
        let job = self.job(id).await?.ok_or(JobNotFound(id))?;
        let status = job.state.status();
        if status.after(Event::Resume).is_none() {
            return Err(ResumeError::NotResumable(status));
        }
        let given = match &request.checkpoint {
            CheckpointChange::Replace(checkpoint) => Some(checkpoint),
            CheckpointChange::Keep | CheckpointChange::StartOver => None,
        };
        self.shared.check_sizes(request.inputs.as_ref(), request.settings.as_ref(), given)?;
        let max_duration = match request.max_duration {
            Some(asked) => self.shared.max_duration(Some(asked), &job.limits)?,
            None => None,
        };
        if let (Some(at), CheckpointChange::Keep) = (job.removed.checkpoint_at, &request.checkpoint) {
            return Err(ResumeError::CheckpointRemoved(at));
        }
        let module = self.check_against_module(&job, &request).await?;
        let resume = Resume {
            job: id,
            module,
            inputs: request.inputs,
            settings: request.settings,
            checkpoint: match request.checkpoint {
                CheckpointChange::Keep => CheckpointEdit::Keep,
                CheckpointChange::Replace(checkpoint) => CheckpointEdit::Replace(checkpoint),
                CheckpointChange::StartOver => CheckpointEdit::Remove,
            },
            max_duration,
            at: self.shared.clock.now(),
        };
        let former_fuse = self.shared.attempts.place_fuse(id, request.fuse.as_ref());
        let answer = self.shared.store.write(Write::ResumeJob(Box::new(resume))).await;
        if !matches!(answer, Ok(Answer::Resumed(_))) {
            self.shared.attempts.place_fuse(id, former_fuse.as_ref());
        }
        match answer? {
            Answer::Resumed(job) => {
                self.shared.feeds.ring(id);
                Ok(*job)
            }
            Answer::NotUnique(other) => Err(ResumeError::NotUnique(other)),
            Answer::Status(status) if status.after(Event::Resume).is_some() => {
                if let Some(at) = self.job(id).await?.and_then(|job| job.removed.checkpoint_at) {
                    return Err(ResumeError::CheckpointRemoved(at));
                }
                Err(ResumeError::ModuleMissing(job.module.to_string()))
            }
            Answer::Status(status) => Err(ResumeError::NotResumable(status)),
            _ => Err(JobNotFound(id).into()),
        }
    }

    /// Checks what the job would run with against what it would run; answers the other module, if there is one.
    async fn check_against_module(
        &self,
        job: &Job,
        request: &ResumeJob,
    ) -> Result<Option<crate::domain::ModuleLabel>, ResumeError> {
        if request.module.is_none() && request.inputs.is_none() && request.settings.is_none() {
            return Ok(None);
        }
        let missing = || match &request.module {
            Some(module) => ResumeError::Invalid(StartError::UnknownModule(module.clone())),
            None => ResumeError::ModuleMissing(job.module.to_string()),
        };
        let wanted = request.module.clone().unwrap_or(ModuleRef::Digest(job.digest()));
        let known = self.shared.registry.resolve(&wanted).await?.ok_or_else(missing)?;
        let label = known.module.label();
        if label.name != job.module.name {
            return Err(ResumeError::OtherModule { from: job.module.name.clone(), to: label.name });
        }
        let inputs = request.inputs.as_ref().unwrap_or(&job.inputs);
        let settings = request.settings.as_ref().unwrap_or(&job.settings);
        let violations = known.schemas.violations(inputs, settings);
        if !violations.is_empty() {
            return Err(StartError::Violations(violations).into());
        }
        Ok(request.module.is_some().then_some(label))
    }
}

impl Shared {
    /// What is to be stored of a job that is to start now, if it may; and the limits that its module has.
    pub(super) async fn prepare(&self, request: StartJob) -> Result<(NewJob, LimitGrants), StartError> {
        let unknown = || StartError::UnknownModule(request.module.clone());
        let known = self.registry.resolve(&request.module).await?.ok_or_else(unknown)?;
        self.check_sizes(Some(&request.inputs), Some(&request.settings), request.checkpoint.as_ref())?;
        let limits = &known.module.grants.limits;
        let max_duration = self.max_duration(request.max_duration, limits)?;
        let stop_grace = self.stop_grace(request.stop_grace)?;
        let retry = retry(request.retry)?;
        let violations = known.schemas.violations(&request.inputs, &request.settings);
        if !violations.is_empty() {
            return Err(StartError::Violations(violations));
        }
        let new = NewJob {
            id: JobId::new(),
            module: known.module.label(),
            inputs: request.inputs,
            settings: request.settings,
            checkpoint: request.checkpoint,
            max_duration,
            stop_grace,
            retry,
            run_after: request.run_after,
            priority: request.priority,
            labels: request.labels,
            key: request.key,
            queue: request.queue.map(queue).transpose()?,
            unique_key: request.unique.map(|unique| unique.key),
            schedule: None,
            at: self.clock.now(),
        };
        Ok((new, limits.clone()))
    }

    fn check_sizes(
        &self,
        inputs: Option<&JsonObject>,
        settings: Option<&JsonObject>,
        checkpoint: Option<&JsonObject>,
    ) -> Result<(), StartError> {
        let inputs_max = self.node_limits.inputs_bytes;
        for (field, object, max) in [
            ("inputs", inputs, inputs_max),
            ("settings", settings, inputs_max),
            ("checkpoint", checkpoint, self.job_limits.get().checkpoint_bytes),
        ] {
            let bytes = object.map_or(0, |object| object.as_str().len() as u64);
            if bytes > max {
                return Err(StartError::TooLarge { field, bytes, max });
            }
        }
        Ok(())
    }

    fn max_duration(&self, asked: Option<Duration>, module: &LimitGrants) -> Result<Option<Duration>, StartError> {
        const FIELD: &str = "max_duration";
        match (asked, module.lower(self.job_limits.get().as_ref().clone()).max_duration) {
            (None, ceiling) => Ok(ceiling),
            (Some(asked), _) if asked.as_millis() == 0 => Err(StartError::ZeroDuration { field: FIELD }),
            (Some(asked), Some(ceiling)) if asked > ceiling => {
                Err(StartError::OverCeiling { field: FIELD, asked, ceiling })
            }
            (Some(asked), _) => Ok(Some(whole_millis(asked))),
        }
    }

    fn stop_grace(&self, asked: Option<Duration>) -> Result<Duration, StartError> {
        let limits = self.job_limits.get();
        let ceiling = limits.stop_grace_max;
        match asked {
            None => Ok(limits.stop_grace),
            Some(asked) if asked > ceiling => Err(StartError::OverCeiling { field: "stop_grace", asked, ceiling }),
            Some(asked) => Ok(whole_millis(asked)),
        }
    }
}

/// What a job may say of those that it waits for.
fn queue(asked: JobQueue) -> Result<JobQueue, StartError> {
    if asked.concurrency.is_none() && asked.rate.is_none() {
        return Err(StartError::EndlessQueue);
    }
    let starts = asked.rate.map(|rate| rate.starts);
    for (field, number, max) in [
        ("queue/concurrency", asked.concurrency, JobQueue::CONCURRENCY_MAX),
        ("queue/rate/limit", starts, StartRate::STARTS_MAX),
    ] {
        if let Some(asked) = number.filter(|number| !(1..=max).contains(number)) {
            return Err(StartError::OutOfRange { field, asked, max });
        }
    }
    if let Some(StartRate { per_ms, .. }) = asked.rate {
        let per = Duration::from_millis(per_ms);
        if per.is_zero() {
            return Err(StartError::ZeroDuration { field: "queue/rate/per" });
        }
        if per > StartRate::PER_MAX {
            return Err(StartError::OverCeiling { field: "queue/rate/per", asked: per, ceiling: StartRate::PER_MAX });
        }
    }
    Ok(asked)
}

fn retry(asked: RetryPolicy) -> Result<RetryPolicy, StartError> {
    let RetryPolicy { max_attempts, backoff } = asked;
    if !(1..=MAX_ATTEMPTS).contains(&max_attempts) {
        return Err(StartError::OutOfRange { field: "retry/max_attempts", asked: max_attempts, max: MAX_ATTEMPTS });
    }
    if backoff > PAUSE_MAX {
        return Err(StartError::OverCeiling { field: "retry/backoff", asked: backoff, ceiling: PAUSE_MAX });
    }
    Ok(RetryPolicy { max_attempts, backoff: whole_millis(backoff) })
}

/// What a read right after the insert would answer.
fn as_created(new: &NewJob, limits: LimitGrants) -> Job {
    let checkpoint_bytes = new.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.as_str().len() as u64);
    Job {
        id: new.id,
        module: new.module.clone(),
        state: JobState::Pending,
        inputs: new.inputs.clone(),
        settings: new.settings.clone(),
        max_duration: new.max_duration,
        limits,
        stop_grace: new.stop_grace,
        retry: new.retry,
        retries: 0,
        priority: new.priority,
        labels: new.labels.clone(),
        schedule: new.schedule.clone(),
        queue: new.queue.clone(),
        unique_key: new.unique_key.clone(),
        run_after: new.run_after.filter(|time| *time > new.at),
        attempt: 0,
        created_at: new.at,
        started_at: None,
        progress: None,
        last_log_seq: 0,
        results: 0,
        checkpoint_saved_at: new.checkpoint.as_ref().map(|_| new.at),
        usage: Usage { checkpoint_bytes, ..Usage::default() },
        keep: false,
        removed: Removed::default(),
        node: None,
    }
}
