//! Floor 2: what happens to jobs.
//!
//! Owns starting, claiming, running, watching, stopping and resuming them, and what their modules ask of the host. It
//! asks `registry/` what to run, `sandbox/` to run it and `store/` to keep it; it never speaks SQL or wasmtime.

mod attempt;
mod claims;
mod error;
mod fuse;
mod job_scheduler;
mod job_watch;
mod log_feed;
mod log_subscription;
mod node;
mod overview;
mod request;
mod retention;
mod schedules;
mod shared;
mod start;
mod steps;
mod stop;
mod subscriptions;

pub use attempt::JobContext;
pub use error::{DeleteError, JobNotFound, ResumeError, StartError, StopError, SubscribeError};
pub use fuse::CheckpointFuse;
pub use job_scheduler::{JobScheduler, SchedulerParts};
pub use job_watch::{JobNews, JobWatch};
pub use log_subscription::{LogEvent, LogSubscription, StreamCut};
pub use overview::{HostStatus, HostVitals, NodeStatus};
pub use request::{CheckpointChange, OnConflict, ResumeJob, StartJob, Started, StopAnswer, UniqueJob};
pub use retention::RetentionReport;
pub use schedules::{Pause, ScheduleError};
pub use subscriptions::SubscriptionId;
