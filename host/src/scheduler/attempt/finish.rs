//! The last write of an attempt.

use tokio::time::Instant;

use super::context::JobContext;
use super::host_lines;
use crate::domain::Conclusion;
use crate::measured;
use crate::sandbox::RunReport;
use crate::scheduler::shared::Shared;
use crate::scheduler::steps::{self, AttemptStep};
use crate::store::{Answer, ClaimedJob, Finish, StoreError};

/// How an attempt ended, as it is to be written.
pub(super) struct Ended {
    pub(super) conclusion: Conclusion,
    /// Whether the module ran.
    pub(super) counted: bool,
    pub(super) claimed_at: Instant,
    /// What the run used.
    pub(super) report: Option<RunReport>,
}

/// An attempt begins. The possible ends of a module's first one are counted from 0 on, so that the first of them is a growth
/// that can be seen.
pub(super) fn note_begin(shared: &Shared, job: &ClaimedJob) {
    let module = &job.module.name;
    measured::ATTEMPTS_STARTED.add_of(module, 1);
    if shared.attempts.is_first_of(module) {
        for outcome in measured::OUTCOMES {
            measured::ATTEMPTS_ENDED.add_with(module, "outcome", outcome, 0);
        }
    }
}

fn outcome(conclusion: &Conclusion) -> &'static str {
    match conclusion {
        Conclusion::Completed => "completed",
        Conclusion::Failed(_) => "failed",
        Conclusion::Stopped(_) => "stopped",
        Conclusion::Retry(_) => "retried",
        Conclusion::Pending => "released",
    }
}

/// Writes what the attempt left, then its end. An attempt that has lost its claim writes nothing.
pub(super) async fn write(shared: &Shared, job: &ClaimedJob, context: &JobContext, ended: Ended) {
    let signal = context.signal();
    if signal.is_lost() {
        return;
    }
    host_lines::dropped(context).await;
    let usage = ended.report.as_ref().map(RunReport::usage).unwrap_or_default();
    let (claim, begin) = (job.attempt.claim, Instant::now());
    let run_time = if ended.counted { ended.claimed_at.elapsed() } else { std::time::Duration::ZERO };
    let finish =
        Finish { claim, conclusion: ended.conclusion, counted: ended.counted, run_time, usage, at: shared.clock.now() };
    let outcome = outcome(&finish.conclusion);
    let (code, step) = match &finish.conclusion {
        Conclusion::Failed(error) => (
            Some(error.code),
            AttemptStep { outcome, error: Some(format!("{}: {}", error.code.as_str(), error.message)) },
        ),
        _ => (None, AttemptStep { outcome, error: None }),
    };
    let told = context.journal().await.finish(context.unwritten_progress(), finish).await;
    match told.await.unwrap_or(Err(StoreError::Closed)) {
        Ok(Answer::Status(status)) => {
            let (attempt, node) = (job.attempt.number, claim.node());
            tracing::debug!(job = %claim.job(), attempt, %node, %status, outcome, "an attempt ended");
            steps::part(claim, "finish", begin.elapsed(), shared.clock.now());
            steps::attempted(shared, job, ended.claimed_at, &step);
            let module = &job.module.name;
            measured::ATTEMPTS_ENDED.add_with(module, "outcome", outcome, 1);
            measured::ATTEMPT.took_with("outcome", outcome, run_time);
            if let Some(code) = code {
                measured::JOBS_FAILED.add_with(module, "code", code.as_str(), 1);
            }
        }
        // The journal has noted that the claim was lost.
        Ok(_) => {}
        Err(error) => tracing::error!(job = %claim.job(), %error, "the end of an attempt was not stored"),
    }
}
