//! Why the scheduler refuses something.

use std::time::Duration;

use crate::domain::{JobId, ModuleRef, Status, Timestamp};
use crate::registry::Violation;
use crate::store::StoreError;

/// No job has this id.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("there is no job {0}")]
pub struct JobNotFound(pub JobId);

/// Why a job was not started, or its new inputs were not taken.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// There is no such module.
    #[error("there is no module `{0}`; `GET /v1/modules` lists those there are")]
    UnknownModule(ModuleRef),
    /// Inputs or settings do not satisfy the module's schema.
    #[error("inputs or settings do not satisfy the schema of the module")]
    Violations(Vec<Violation>),
    /// A field is larger than the host takes.
    #[error("`{field}` has {bytes} bytes; at most {max} are taken")]
    TooLarge {
        /// Which field.
        field: &'static str,
        /// Its size.
        bytes: u64,
        /// The largest that is taken.
        max: u64,
    },
    /// A duration is above the operator's ceiling.
    #[error("`{field}` is {}; this host allows at most {}", humantime::format_duration(*.asked), humantime::format_duration(*.ceiling))]
    OverCeiling {
        /// Which field.
        field: &'static str,
        /// What was asked for.
        asked: Duration,
        /// What is allowed.
        ceiling: Duration,
    },
    /// A duration of zero leaves the job no time at all.
    #[error("`{field}` must be longer than 0s")]
    ZeroDuration {
        /// Which field.
        field: &'static str,
    },
    /// A number is not among those that can be asked for.
    #[error("`{field}` is {asked}; it must be from 1 to {max}")]
    OutOfRange {
        /// Which field.
        field: &'static str,
        /// What was asked for.
        asked: u32,
        /// The largest that is taken.
        max: u32,
    },
    /// The idempotency key came with another request before.
    #[error("the idempotency key was used for another request within the last day; use one of its own for each job")]
    KeyTaken,
    /// A job that has not ended has the unique key.
    #[error(
        "the job {0} has the same unique key and has not ended; wait for its end, or ask for it with `on_conflict`: `return`"
    )]
    NotUnique(JobId),
    /// A queue that nobody has to wait in is none.
    #[error("`queue` needs `concurrency`, `rate` or both: how many jobs with its key run at once, or start in a time")]
    EndlessQueue,
    /// The job that the idempotency key started is deleted.
    #[error("the idempotency key started the job {0}, which was deleted; use another key to start it again")]
    KeyOfDeleted(JobId),
    /// The database did not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a job was not resumed.
#[derive(Debug, thiserror::Error)]
pub enum ResumeError {
    /// There is none.
    #[error(transparent)]
    NotFound(#[from] JobNotFound),
    /// It is pending, running or completed.
    #[error("the job is {0}; only a stopped or failed job can be resumed")]
    NotResumable(Status),
    /// A job that has not ended has its unique key.
    #[error("the job {0} has the same unique key and has not ended; wait for its end, or stop it first")]
    NotUnique(JobId),
    /// The module it is to move to is another one.
    #[error("the job runs `{from}`; it can move to another version of `{from}`, not to `{to}`")]
    OtherModule {
        /// The job's module.
        from: String,
        /// What was asked for.
        to: String,
    },
    /// The bytes it ran are gone.
    #[error("the module that the job ran ({0}) was removed; add it again, or name another version in `module_id`")]
    ModuleMissing(String),
    /// Retention has taken the checkpoint that it would go on from.
    #[error("the job's checkpoint was removed at {0}; give one in `checkpoint`, or null there to start over")]
    CheckpointRemoved(Timestamp),
    /// What was given with it does not fit.
    #[error(transparent)]
    Invalid(#[from] StartError),
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a job was not asked to stop.
#[derive(Debug, thiserror::Error)]
pub enum StopError {
    /// There is none.
    #[error(transparent)]
    NotFound(#[from] JobNotFound),
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a job was not deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteError {
    /// There is none.
    #[error(transparent)]
    NotFound(#[from] JobNotFound),
    /// It has not ended.
    #[error("the job is {0}; only an ended job can be deleted: stop it first")]
    Active(Status),
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a log cannot be followed.
#[derive(Debug, thiserror::Error)]
pub enum SubscribeError {
    /// There is no such job.
    #[error(transparent)]
    NotFound(#[from] JobNotFound),
    /// The node serves as many streams as it may.
    #[error("this host serves {0} log streams already, as many as it may")]
    TooMany(u32),
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}
