//! The last write of an attempt.

use tokio::time::Instant;

use super::context::JobContext;
use super::host_lines;
use crate::domain::Conclusion;
use crate::sandbox::RunReport;
use crate::scheduler::shared::Shared;
use crate::store::{Answer, ClaimedJob, Finish, Write};

/// How an attempt ended, as it is to be written.
pub(super) struct Ended {
    pub(super) conclusion: Conclusion,
    /// Whether the module ran.
    pub(super) counted: bool,
    pub(super) claimed_at: Instant,
    /// What the run used.
    pub(super) report: Option<RunReport>,
}

/// Writes what the attempt left, then its end. An attempt that has lost its claim writes nothing.
pub(super) async fn write(shared: &Shared, job: &ClaimedJob, context: &JobContext, ended: Ended) {
    let signal = context.signal();
    if signal.is_lost() {
        return;
    }
    host_lines::dropped(context).await;
    {
        let mut journal = context.journal().await;
        journal.flush().await;
        if let Some(progress) = context.unwritten_progress() {
            journal.save_progress(progress).await;
        }
    }
    let claim = job.attempt.claim;
    let run_time = if ended.counted { ended.claimed_at.elapsed() } else { std::time::Duration::ZERO };
    let finish = Finish {
        claim,
        conclusion: ended.conclusion,
        counted: ended.counted,
        run_time,
        cpu_time: ended.report.as_ref().map(|report| report.cpu_time).unwrap_or_default(),
        peak_memory_bytes: ended.report.as_ref().map_or(0, |report| report.peak_memory_bytes),
        http: ended.report.as_ref().map(|report| report.http).unwrap_or_default(),
        at: shared.clock.now(),
    };
    match shared.store.write(Write::Finish(Box::new(finish))).await {
        Ok(Answer::Status(status)) => tracing::debug!(job = %claim.job(), %status, "an attempt ended"),
        Ok(_) => super::journal::lose(&signal, claim),
        Err(error) => tracing::error!(job = %claim.job(), %error, "the end of an attempt was not stored"),
    }
}
