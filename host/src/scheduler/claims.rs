//! Takes ready jobs, as many as this node can start now, and starts their attempts.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, sleep};

use super::attempt::{self, Permits};
use super::shared::{Shared, within};
use crate::domain::{Conclusion, ErrorCode, JobError, RunUsage};
use crate::measured;
use crate::store::{Answer, ClaimRequest, ClaimedJob, Finish, Offer, StoreError, Write};

/// Jobs claimed at once: more would only wait for each other's start.
const CLAIM_MAX: usize = 256;
/// Jobs claimed at once while other nodes share the database, so that work spreads.
const CLAIM_MAX_IN_COMPANY: usize = 16;
/// How long a node waits for less busy ones to claim first: so much for each job that it runs, and at most so much.
const COURTESY: Duration = Duration::from_millis(1);
const COURTESY_MAX: u32 = 40;

/// Runs until the node drains. What is started here while there is room was taken by [`offer`] already; this takes what
/// waits, what others left, and what became ready by itself.
pub(super) async fn run(shared: Arc<Shared>) {
    shared.leftovers.note();
    let hint = shared.store.jobs_hint();
    let asked = Arc::downgrade(&shared);
    shared.store.take_offers(move || offer(&asked.upgrade()?));
    let mut more = false;
    while !shared.draining.is_cancelled() {
        // Where there is more than one takes at once, there is enough for everybody.
        if !more && shared.membership.has_company() {
            sleep(COURTESY * shared.attempts.count().min(COURTESY_MAX)).await;
        }
        more = match claim(&shared).await {
            Ok(more) => more,
            Err(error) => {
                tracing::warn!(%error, "no jobs could be claimed");
                false
            }
        };
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
async fn claim(shared: &Arc<Shared>) -> Result<bool, StoreError> {
    let slots = free_slots(shared).await;
    if slots.is_empty() || !may_take(shared) {
        shared.leftovers.note();
        return Ok(false);
    }
    let hands = Hands::with(shared, slots);
    let request = hands.request(shared);
    let begin = Instant::now();
    let Answer::Claimed(jobs) = shared.store.write(Write::Claim(request)).await? else {
        return Ok(false);
    };
    Ok(hands.start(shared, jobs, begin))
}

/// What this node would take of what a batch makes ready. With others beside it, only while it runs nothing: less busy
/// ones come first.
fn offer(shared: &Arc<Shared>) -> Option<Offer> {
    let is_first = !shared.membership.has_company() || shared.attempts.count() == 0;
    let slots = if shared.draining.is_cancelled() || !is_first || !may_take(shared) {
        Vec::new()
    } else {
        more_slots(shared, Vec::new())
    };
    if slots.is_empty() {
        shared.leftovers.note();
        return None;
    }
    let hands = Hands::with(shared, slots);
    let request = hands.request(shared);
    let (shared, begin) = (Arc::clone(shared), Instant::now());
    let on_claimed = Box::new(move |claimed: Result<Vec<ClaimedJob>, StoreError>| {
        // What could not be written leaves nothing: whoever wanted to start jobs is told so.
        if let Ok(jobs) = claimed
            && hands.start(&shared, jobs, begin)
        {
            shared.bell.notify_one();
        }
    });
    Some(Offer { request, on_claimed })
}

/// Whether this node may start anything now.
fn may_take(shared: &Shared) -> bool {
    !memory_is_short(shared) && !shared.store.is_short_of_disk() && !shared.membership.is_fenced()
}

/// Room for jobs that are about to be claimed.
struct Hands {
    slots: Vec<OwnedSemaphorePermit>,
    /// The turn of a suspect.
    trial: Option<OwnedSemaphorePermit>,
    /// What may have been left before this look.
    leftovers: u64,
}

impl Hands {
    fn with(shared: &Shared, slots: Vec<OwnedSemaphorePermit>) -> Self {
        let trial = Arc::clone(&shared.trial).try_acquire_owned().ok();
        Self { slots, trial, leftovers: shared.leftovers.so_far() }
    }

    fn request(&self, shared: &Shared) -> ClaimRequest {
        ClaimRequest {
            node: shared.membership.node(),
            limit: u32::try_from(self.slots.len()).expect("at most CLAIM_MAX"),
            suspects: u32::from(self.trial.is_some()),
            // In turn, so that neither kind keeps the other waiting for good.
            limited_first: shared.limited_first.fetch_xor(true, Ordering::Relaxed),
            at: shared.clock.now(),
        }
    }

    /// Starts what was claimed at `begin`; answers whether there may be more.
    fn start(mut self, shared: &Arc<Shared>, jobs: Vec<ClaimedJob>, begin: Instant) -> bool {
        if !jobs.is_empty() {
            measured::CLAIM.took(begin.elapsed());
        }
        let more = jobs.len() == self.slots.len();
        if !more {
            // Whoever ends what the rest waits for looks again: the end of a trial, and of a job of which only so many run.
            shared.leftovers.clear(self.leftovers);
        }
        for job in jobs {
            let slot = self.slots.pop().expect("no more jobs are claimed than there are slots");
            let trial = if job.on_trial { self.trial.take() } else { None };
            let attempt = run_or_fail(Arc::clone(shared), Box::new(job), Permits { slot, trial });
            // What an offer claimed comes on the store's thread, whose runtime is another.
            shared.tasks.spawn_on(attempt, &shared.runtime);
        }
        more
    }
}

/// Waits for one free slot, then takes those that are free beside it. None once the node drains.
async fn free_slots(shared: &Shared) -> Vec<OwnedSemaphorePermit> {
    let first = tokio::select! {
        biased;
        () = shared.draining.cancelled() => return Vec::new(),
        slot = Arc::clone(&shared.slots).acquire_owned() => slot.expect("the slots are never closed"),
    };
    more_slots(shared, vec![first])
}

/// Adds slots that are free, up to what is claimed at once.
fn more_slots(shared: &Shared, mut slots: Vec<OwnedSemaphorePermit>) -> Vec<OwnedSemaphorePermit> {
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
async fn run_or_fail(shared: Arc<Shared>, job: Box<ClaimedJob>, permits: Permits) {
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
