//! Takes ready jobs, as many as this node can start now, and starts their attempts.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, sleep};

use super::attempt::{self, Permits};
use super::shared::{Shared, within};
use crate::domain::{Conclusion, ErrorCode, JobError, RunUsage};
use crate::measured;
use crate::store::{Answer, ClaimRequest, ClaimedJob, Finish, StoreError, Write};

/// Jobs claimed at once: more would only wait for each other's start.
const CLAIM_MAX: usize = 64;
/// Jobs claimed at once while other nodes share the database, so that work spreads.
const CLAIM_MAX_IN_COMPANY: usize = 16;
/// How long a node waits for less busy ones to claim first: so much for each job that it runs, and at most so much.
const COURTESY: Duration = Duration::from_millis(1);
const COURTESY_MAX: u32 = 40;

/// Runs until the node drains.
pub(super) async fn run(shared: Arc<Shared>) {
    let hint = shared.store.jobs_hint();
    let mut limited_first = false;
    while !shared.draining.is_cancelled() {
        let more = match claim(&shared, limited_first).await {
            Ok(more) => more,
            Err(error) => {
                tracing::warn!(%error, "no jobs could be claimed");
                false
            }
        };
        // In turn, so that neither kind keeps the other waiting for good.
        limited_first = !limited_first;
        if more {
            continue;
        }
        tokio::select! {
            () = shared.draining.cancelled() => {}
            () = shared.bell.notified() => {}
            () = hint.notified() => {}
            () = sleep(within(shared.node_limits.poll)) => {}
        }
    }
}

/// Claims once; answers whether there may be more.
async fn claim(shared: &Arc<Shared>, limited_first: bool) -> Result<bool, StoreError> {
    if shared.membership.has_company() {
        sleep(COURTESY * shared.attempts.count().min(COURTESY_MAX)).await;
    }
    let mut slots = free_slots(shared).await;
    let is_short = memory_is_short(shared) || shared.store.is_short_of_disk();
    if slots.is_empty() || is_short || shared.membership.is_fenced() {
        return Ok(false);
    }
    let limit = u32::try_from(slots.len()).expect("at most CLAIM_MAX");
    let mut trial = Arc::clone(&shared.trial).try_acquire_owned().ok();
    let suspects = u32::from(trial.is_some());
    let (node, at) = (shared.membership.node(), shared.clock.now());
    let write = Write::Claim(ClaimRequest { node, limit, suspects, limited_first, at });
    let begin = Instant::now();
    let Answer::Claimed(jobs) = shared.store.write(write).await? else {
        return Ok(false);
    };
    if !jobs.is_empty() {
        measured::CLAIM.took(begin.elapsed());
    }
    let more = jobs.len() == slots.len();
    for job in jobs {
        let slot = slots.pop().expect("no more jobs are claimed than there are slots");
        let trial = if job.on_trial { trial.take() } else { None };
        shared.tasks.spawn(run_or_fail(Arc::clone(shared), job, Permits { slot, trial }));
    }
    Ok(more)
}

/// Waits for one free slot, then takes those that are free beside it. None once the node drains.
async fn free_slots(shared: &Shared) -> Vec<OwnedSemaphorePermit> {
    let first = tokio::select! {
        biased;
        () = shared.draining.cancelled() => return Vec::new(),
        slot = Arc::clone(&shared.slots).acquire_owned() => slot.expect("the slots are never closed"),
    };
    let mut slots = vec![first];
    let most = if shared.membership.has_company() { CLAIM_MAX_IN_COMPANY } else { CLAIM_MAX };
    while slots.len() < most
        && let Ok(slot) = Arc::clone(&shared.slots).try_acquire_owned()
    {
        slots.push(slot);
    }
    slots
}

/// Above 90 % of what all guests may have together, nothing more is started.
fn memory_is_short(shared: &Shared) -> bool {
    let budget = shared.sandbox.guest_memory_budget_bytes();
    shared.sandbox.guest_memory_bytes() > budget - budget / 10
}

/// An attempt that panics is the host's fault; its job must not stay `running` for ever.
async fn run_or_fail(shared: Arc<Shared>, job: ClaimedJob, permits: Permits) {
    let claim = job.attempt.claim;
    let attempt = AssertUnwindSafe(attempt::run(Arc::clone(&shared), job, permits));
    if attempt.catch_unwind().await.is_ok() {
        return;
    }
    tracing::error!(job = %claim.job(), "an attempt panicked");
    shared.attempts.end(claim);
    let message = "the host failed while it ran the job".to_owned();
    let finish = Finish {
        claim,
        conclusion: Conclusion::Failed(JobError { code: ErrorCode::HostError, message, backtrace: None }),
        counted: true,
        run_time: Duration::ZERO,
        usage: RunUsage::default(),
        at: shared.clock.now(),
    };
    if let Err(error) = shared.store.write(Write::Finish(Box::new(finish))).await {
        tracing::error!(job = %claim.job(), %error, "the end of an attempt was not stored");
    }
    shared.feeds.ring(claim.job());
}
