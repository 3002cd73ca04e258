//! The few lines that the host itself writes into a job's log.

use std::time::Duration;

use super::context::JobContext;
use crate::domain::{AttemptEnd, JobError, LogLevel, RetryPolicy};
use crate::store::ClaimedJob;

/// The job goes on after its host died.
pub(super) async fn restarted(context: &JobContext, job: &ClaimedJob) {
    let from = if job.has_checkpoint { "its last checkpoint" } else { "the start" };
    let message = format!("Restarted after a crash of its host: attempt {} goes on from {from}", job.attempt.number);
    context.log_as_host(LogLevel::Warn, &message).await;
}

/// The watchdog speaks.
pub(super) async fn duration_limit_reached(context: &JobContext) {
    context.log_as_host(LogLevel::Warn, "Duration limit reached").await;
}

/// How the guest's run ended, where the log has to tell it.
pub(super) async fn ended(context: &JobContext, end: &AttemptEnd) {
    if let AttemptEnd::Trapped(error) = end {
        failed(context, error).await;
    }
}

/// What went wrong.
pub(super) async fn failed(context: &JobContext, error: &JobError) {
    let message = match &error.backtrace {
        Some(backtrace) => format!("{}\n{backtrace}", error.message),
        None => error.message.clone(),
    };
    context.log_as_host(LogLevel::Error, &message).await;
}

/// The module failed in a way that may pass.
pub(super) async fn tried_again(
    context: &JobContext,
    retry: RetryPolicy,
    failures: u32,
    pause: Duration,
    error: &JobError,
) {
    let pause = humantime::format_duration(pause);
    let message = format!("Failure {failures} of {}, tried again in {pause}: {}", retry.max_attempts, error.message);
    context.log_as_host(LogLevel::Warn, &message).await;
}

/// The count of the lines that were not kept, if there are any.
pub(super) async fn dropped(context: &JobContext) {
    let dropped = context.journal().await.dropped_lines();
    if dropped > 0 {
        let message = format!("{dropped} log lines of this attempt were not kept: the log had reached its limit");
        context.log_as_host(LogLevel::Warn, &message).await;
    }
}
