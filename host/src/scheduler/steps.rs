//! The steps of a job's road, as traces have them: created, waited, and each attempt with what it did.

use std::time::Duration;

use tokio::time::Instant;

use super::shared::Shared;
use crate::domain::{Claim, Job, Timestamp};
use crate::store::ClaimedJob;
use crate::traced::{Fact, Place, Step, TraceLink, note};

/// A job is there, which somebody asked for at `begin`.
pub(super) fn created(shared: &Shared, job: &Job, begin: Instant, link: Option<TraceLink>) {
    note(|| Step {
        job: job.id,
        place: Place::Root,
        name: "create job",
        end: shared.clock.now(),
        took: begin.elapsed(),
        facts: vec![
            ("cofferdam.module", (&job.module).into()),
            ("cofferdam.node", (&shared.membership.node()).into()),
            ("cofferdam.priority", Fact::Number(job.priority.value())),
        ],
        error: None,
        link,
    });
}

/// A claim has ended a job's time in the queue.
pub(super) fn waited(job: &ClaimedJob, claimed_at: Timestamp) {
    note(|| Step {
        job: job.attempt.claim.job(),
        place: Place::OfJob,
        name: "wait",
        end: claimed_at,
        took: claimed_at.since(job.ready_at),
        facts: vec![("cofferdam.attempt", Fact::Number(job.attempt.number.into()))],
        error: None,
        link: None,
    });
}

/// A part of an attempt is over.
pub(super) fn part(claim: Claim, name: &'static str, took: Duration, end: Timestamp) {
    note(|| Step {
        job: claim.job(),
        place: Place::OfAttempt(claim.fence()),
        name,
        end,
        took,
        facts: Vec::new(),
        error: None,
        link: None,
    });
}

/// An attempt is over, and how.
pub(super) fn attempted(shared: &Shared, job: &ClaimedJob, begin: Instant, end: &AttemptStep) {
    let claim = job.attempt.claim;
    note(|| Step {
        job: claim.job(),
        place: Place::Attempt(claim.fence()),
        name: "attempt",
        end: shared.clock.now(),
        took: begin.elapsed(),
        facts: vec![
            ("cofferdam.attempt", Fact::Number(job.attempt.number.into())),
            ("cofferdam.module", (&job.module).into()),
            ("cofferdam.node", (&claim.node()).into()),
            ("cofferdam.outcome", end.outcome.into()),
            ("cofferdam.after_crash", Fact::Number(job.after_crash.into())),
        ],
        error: end.error.clone(),
        link: None,
    });
}

/// How an attempt ended.
pub(super) struct AttemptStep {
    /// As the metrics call it.
    pub(super) outcome: &'static str,
    /// Why it failed.
    pub(super) error: Option<String>,
}
