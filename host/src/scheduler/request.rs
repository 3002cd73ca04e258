//! What callers ask of the scheduler.

use std::time::Duration;

use super::fuse::CheckpointFuse;
use crate::domain::{
    Job, JobKey, JobQueue, JobTemplate, JsonObject, Labels, ModuleRef, Priority, RetryPolicy, StartKey, Status,
    Timestamp,
};
use crate::traced::TraceLink;

/// A job to start.
#[derive(Debug, Clone)]
pub struct StartJob {
    /// What to run.
    pub module: ModuleRef,
    /// What the module is given; checked against its schema.
    pub inputs: JsonObject,
    /// How it is told to work; checked against its schema.
    pub settings: JsonObject,
    /// State to start from, as if the module had saved it.
    pub checkpoint: Option<JsonObject>,
    /// The most run time over all attempts; `None` takes the host's.
    pub max_duration: Option<Duration>,
    /// How long it may go on after it was told to stop; `None` takes the host's.
    pub stop_grace: Option<Duration>,
    /// What becomes of it when its module fails in a way that may pass.
    pub retry: RetryPolicy,
    /// When it may start; at once unless given.
    pub run_after: Option<Timestamp>,
    /// Which of the ready jobs starts first.
    pub priority: Priority,
    /// What its owner attaches to it.
    pub labels: Labels,
    /// Whoever sends the same key again within a day is given the job that it started.
    pub key: Option<StartKey>,
    /// Which jobs it waits for.
    pub queue: Option<JobQueue>,
    /// What no other job has that has not ended.
    pub unique: Option<UniqueJob>,
    /// Kills it after one of its checkpoints: for tests of modules.
    pub fuse: Option<CheckpointFuse>,
    /// The step of the caller's own trace that leads to it.
    pub trace: Option<TraceLink>,
}

/// A job of which there is only one that has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UniqueJob {
    /// What no other job of the module has.
    pub key: JobKey,
    /// What to answer when there is one already.
    pub on_conflict: OnConflict,
}

/// What to answer when there is a job with the same unique key already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OnConflict {
    /// A refusal.
    #[default]
    Refuse,
    /// That job.
    Return,
}

impl StartJob {
    /// A job of `module` with empty inputs and settings and the host's own limits.
    pub fn of(module: ModuleRef) -> Self {
        Self {
            module,
            inputs: JsonObject::empty(),
            settings: JsonObject::empty(),
            checkpoint: None,
            max_duration: None,
            stop_grace: None,
            retry: RetryPolicy::NEVER,
            run_after: None,
            priority: Priority::default(),
            labels: Labels::default(),
            key: None,
            queue: None,
            unique: None,
            fuse: None,
            trace: None,
        }
    }

    /// The job of a template, to start at once.
    pub(super) fn of_template(template: JobTemplate) -> Self {
        let retry = template.retry();
        let JobTemplate { module, inputs, settings, checkpoint, max_duration, stop_grace, priority, labels, .. } =
            template;
        let (queue, on_conflict) = (template.queue, OnConflict::Refuse);
        let unique = template.unique_key.map(|key| UniqueJob { key, on_conflict });
        Self {
            inputs,
            settings,
            checkpoint,
            max_duration,
            stop_grace,
            retry,
            priority,
            labels,
            queue,
            unique,
            ..Self::of(module)
        }
    }
}

/// What a request to start a job came to.
#[derive(Debug, Clone)]
pub enum Started {
    /// A new job.
    New(Job),
    /// The job that the same request started before, as it is now.
    Known(Job),
}

impl Started {
    /// The job.
    pub fn job(&self) -> &Job {
        match self {
            Self::New(job) | Self::Known(job) => job,
        }
    }
}

/// What a resume does with the stored checkpoint.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum CheckpointChange {
    /// Goes on from it.
    #[default]
    Keep,
    /// Goes on from this one instead; provisional results are superseded, final ones stay.
    Replace(JsonObject),
    /// Starts over; all earlier results are superseded.
    StartOver,
}

/// What changes when a job is resumed. The default changes nothing.
#[derive(Debug, Clone, Default)]
pub struct ResumeJob {
    /// Another version of the same module.
    pub module: Option<ModuleRef>,
    /// Other inputs.
    pub inputs: Option<JsonObject>,
    /// Other settings.
    pub settings: Option<JsonObject>,
    /// Another checkpoint, or none.
    pub checkpoint: CheckpointChange,
    /// Another run time; the budget starts anew in any case.
    pub max_duration: Option<Duration>,
    /// Kills it after one of its checkpoints: for tests of modules. The former fuse holds no longer in any case.
    pub fuse: Option<CheckpointFuse>,
}

/// What a stop request came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StopAnswer {
    /// Whether the request was stored before the job had ended; when waited for, whether the job is `stopped` now.
    pub stopped: bool,
    /// Where the job stands.
    pub status: Status,
}
