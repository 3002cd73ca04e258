//! Writes as a host might hand them over, and as it never should: mostly sensible, some stale, some out of place.
//!
//! Those of one group may be committed together or apart: they are of different jobs, or in an order that holds in both
//! cases.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::time::Duration;

use fastrand::Rng;
use uuid::Uuid;

use super::harness::{checkpoint, lines, object, registration, result};
use super::model::Model;
use super::model_job::ModelJob;
use crate::domain::{
    Amount, Conclusion, Digest, ErrorCode, Grants, HttpUsage, JobError, JobId, Labels, ModuleLabel, NodeId, Priority,
    Progress, RetentionReason, RetryPolicy, RunUsage, StartKey, StopReason, Stopped, Timestamp,
};
use crate::store::{Attempt, CheckpointEdit, ClaimRequest, Finish, Gone, NewJob, Part, Piece, Prune, Resume, Write};

/// What the writes are made from.
pub(super) struct Source<'a> {
    pub(super) model: &'a Model,
    pub(super) module: &'a ModuleLabel,
    /// Every attempt that there has been.
    pub(super) attempts: &'a [Attempt],
    pub(super) now: Timestamp,
    /// Whether hosts die much more often than jobs end.
    pub(super) is_stormy: bool,
}

impl Source<'_> {
    /// The next group.
    pub(super) fn group(&self, rng: &mut Rng) -> Vec<Write> {
        match rng.u8(0..100) {
            // Few jobs end with something to remove, and it does not stay for long.
            _ if self.model.jobs.values().any(has_something_to_remove) && rng.u8(..) < 90 => vec![self.prune(rng)],
            _ if self.is_stormy && self.model.jobs.is_empty() => vec![self.create(rng)],
            0..35 if self.is_stormy => vec![self.claim(rng)],
            35..75 if self.is_stormy => self.crash(rng),
            75..85 if self.is_stormy => vec![self.create(rng)],
            0..5 => (0..rng.u8(1..=4)).map(|_| self.create(rng)).collect(),
            5..15 => {
                let mut writes: Vec<_> = (0..rng.u8(1..=4)).map(|_| self.create(rng)).collect();
                writes.push(self.claim(rng));
                writes
            }
            15..35 => vec![self.claim(rng)],
            35..40 => vec![registration(NodeId::from_uuid(uuid(rng)), None, self.now)],
            40..43 => vec![Write::Heartbeat(self.node(rng), self.now)],
            43..46 => vec![Write::LeaveNode(self.node(rng), self.now)],
            46..49 => vec![self.grant(rng)],
            49..66 => vec![self.of_schedules(rng)],
            66..68 => vec![self.prune(rng)],
            68..72 => {
                let gone = if rng.bool() { Gone::Others(self.node(rng)) } else { Gone::Nobody };
                vec![Write::Recover(gone, self.now)]
            }
            _ => self.of_jobs(rng),
        }
    }

    fn claim(&self, rng: &mut Rng) -> Write {
        let (node, limit, suspects) = (self.node(rng), rng.u32(1..=4), rng.u32(0..=1).max(self.is_stormy.into()));
        Write::Claim(ClaimRequest { node, limit, suspects, limited_first: rng.bool(), at: self.now })
    }

    /// Its jobs may run in any number, or only so many at once.
    fn grant(&self, rng: &mut Rng) -> Write {
        let mut grants = Grants::default();
        grants.limits.jobs_concurrent = rng.bool().then(|| Amount(rng.u64(1..4)));
        let digest = if rng.u8(..) < 8 { Digest::from_bytes([9; 32]) } else { self.module.digest };
        Write::SetGrants(digest, Box::new(grants))
    }

    /// Parts of some jobs go: of ended ones, and of some that were resumed since somebody looked or never ended.
    fn prune(&self, rng: &mut Rng) -> Write {
        let mut jobs: Vec<&ModelJob> = self.model.jobs.values().collect();
        rng.shuffle(&mut jobs);
        // Those with something to remove first.
        jobs.sort_by_key(|job| Reverse(has_something_to_remove(job)));
        jobs.truncate(rng.usize(2..=6));
        let piece = |job: &ModelJob| {
            let finished_at = job.shown.state.finished_at().filter(|_| rng.u8(..) > 20).unwrap_or(self.now);
            let (line, saved) = (job.shown.last_log_seq, job.last_result());
            let part = match rng.u8(0..7) {
                0 | 1 => Part::Logs(rng.u64(line / 2..=line + 1)),
                2 | 3 => Part::Results(rng.u64(saved / 2..=saved + 1)),
                4 | 5 => Part::Checkpoints,
                _ => Part::Job,
            };
            Piece { job: job.shown.id, finished_at, part }
        };
        let pieces = jobs.into_iter().map(piece).collect();
        let reason = RetentionReason::Age;
        let (node, lease) = (NodeId::from_uuid(Uuid::nil()), Duration::from_mins(1));
        Write::Prune(Box::new(Prune { node, lease, used_bytes: None, reason, pieces, at: self.now }))
    }

    /// Another node comes, and all others are gone.
    fn crash(&self, rng: &mut Rng) -> Vec<Write> {
        let node = NodeId::from_uuid(uuid(rng));
        vec![registration(node, None, self.now), Write::Recover(Gone::Others(node), self.now)]
    }

    /// One that is up, or rarely one that nobody knows.
    fn node(&self, rng: &mut Rng) -> NodeId {
        let up = self.model.up();
        if rng.u8(..) < 8 { NodeId::from_uuid(uuid(rng)) } else { rng.choice(up).expect("one is always up") }
    }

    fn create(&self, rng: &mut Rng) -> Write {
        Write::CreateJob(Box::new(self.new_job(rng)))
    }

    pub(super) fn new_job(&self, rng: &mut Rng) -> NewJob {
        let mut module = self.module.clone();
        if rng.u8(..) < 8 {
            module.digest = Digest::from_bytes([9; 32]);
        }
        let run_after = (rng.u8(..) < 40).then(|| self.now.after(millis(rng, 3_000)));
        NewJob {
            id: JobId::from_uuid(uuid(rng)),
            module,
            inputs: object(&format!(r#"{{"n": {}}}"#, rng.u8(..))),
            settings: object("{}"),
            checkpoint: (rng.u8(..) < 40).then(|| object(r#"{"given": 1}"#)),
            max_duration: rng.bool().then(|| millis(rng, 9_000)),
            stop_grace: millis(rng, 9_000),
            retry: RetryPolicy { max_attempts: rng.u32(1..4), backoff: millis(rng, 9_000) },
            run_after,
            priority: Priority::try_from(rng.i64(-1..=1)).expect("a priority"),
            labels: labels(rng),
            key: (rng.u8(..) < 40).then(|| start_key(rng)),
            queue: None,
            unique_key: None,
            schedule: None,
            at: self.now,
        }
    }

    fn of_jobs(&self, rng: &mut Rng) -> Vec<Write> {
        let mut jobs: Vec<&ModelJob> = self.model.jobs.values().collect();
        rng.shuffle(&mut jobs);
        jobs.truncate(rng.usize(1..=4));
        let mut writes: Vec<Write> = jobs.into_iter().flat_map(|job| self.of_job(job, rng)).collect();
        if rng.u8(..) < 10 {
            writes.push(self.steer(JobId::from_uuid(uuid(rng)), rng));
        }
        writes
    }

    fn of_job(&self, job: &ModelJob, rng: &mut Rng) -> Vec<Write> {
        let id = job.shown.id;
        let old: Vec<&Attempt> = self.attempts.iter().filter(|attempt| attempt.claim.job() == id).collect();
        match (job.claim_now(), rng.u8(0..100)) {
            (Some(claim), 0..70) => self.run(job, Attempt { claim, number: job.shown.attempt }, rng),
            (Some(claim), 70..80) => {
                vec![out_of_place(job, Attempt { claim, number: job.shown.attempt }, rng)]
            }
            (_, 80..90) if !old.is_empty() => {
                let attempt = **rng.choice(&old).expect("there is one");
                // What it writes fits but for its claim.
                let mut writes = self.run(job, attempt, rng);
                writes.truncate(1);
                writes
            }
            _ => vec![self.steer(id, rng)],
        }
    }

    /// What an attempt leaves, in the order of its kinds, and perhaps its end and what a client asks after that.
    fn run(&self, job: &ModelJob, attempt: Attempt, rng: &mut Rng) -> Vec<Write> {
        let (mut line, mut saved) = (job.shown.last_log_seq, job.last_result());
        let mut writes = Vec::new();
        for _ in 0..rng.u8(0..3) {
            let last = line + rng.u64(1..5);
            writes.push(lines(attempt, line + 1, last));
            line = last;
        }
        for _ in 0..rng.u8(0..3) {
            saved += 1;
            writes.push(result(attempt, saved));
        }
        if rng.u8(..) < 50 {
            let progress = Progress { done: rng.u64(..1 << 40), total: rng.bool().then(|| rng.u64(..1 << 40)) };
            writes.push(Write::SaveProgress(attempt.claim, progress));
        }
        if rng.u8(..) < 70 {
            writes.push(checkpoint(attempt, rng.u64(0..=line), rng.u64(job.final_result.min(saved)..=saved)));
        }
        if rng.u8(..) < 20 {
            writes.push(Write::EndTrial(attempt.claim));
        }
        if rng.u8(..) < 40 {
            writes.push(Write::RequestStop(job.shown.id, self.now));
        }
        if rng.u8(..) < 60 {
            writes.push(self.finish(attempt, rng));
            // In one batch a stop request comes before the end, whichever was handed over first.
            let after = self.steer(job.shown.id, rng);
            if !matches!(after, Write::RequestStop(..)) {
                writes.push(after);
            }
        }
        if writes.is_empty() {
            writes.push(Write::EndTrial(attempt.claim));
        }
        writes
    }

    fn finish(&self, attempt: Attempt, rng: &mut Rng) -> Write {
        let conclusion = match rng.u8(0..5) {
            0 => Conclusion::Completed,
            1 => {
                let backtrace = rng.bool().then(|| "main".to_owned());
                Conclusion::Failed(JobError { code: ErrorCode::Trap, message: "trap".to_owned(), backtrace })
            }
            2 => Conclusion::Retry(millis(rng, 3_000)),
            3 => Conclusion::Stopped(Stopped { reason: StopReason::DurationLimit, forced: rng.bool() }),
            _ => Conclusion::Pending,
        };
        Write::Finish(Box::new(Finish {
            claim: attempt.claim,
            counted: conclusion != Conclusion::Pending || rng.bool(),
            conclusion,
            run_time: millis(rng, 900),
            usage: RunUsage {
                cpu_time: millis(rng, 900),
                peak_memory_bytes: rng.u64(..1 << 30),
                http: HttpUsage { requests: rng.u64(..9), bytes: rng.u64(..1 << 20) },
            },
            at: self.now,
        }))
    }

    /// What clients ask for.
    fn steer(&self, job: JobId, rng: &mut Rng) -> Write {
        match rng.u8(0..7) {
            0 | 1 => Write::RequestStop(job, self.now),
            2 => Write::DeleteJob(job),
            3 => Write::KeepJob { job, keep: rng.bool() },
            _ => Write::ResumeJob(Box::new(Resume {
                job,
                module: None,
                inputs: rng.bool().then(|| object(r#"{"other": "inputs"}"#)),
                settings: rng.bool().then(|| object(r#"{"other": "settings"}"#)),
                checkpoint: match rng.u8(0..4) {
                    0 => CheckpointEdit::Remove,
                    1 => CheckpointEdit::Replace(object(r#"{"by": "hand"}"#)),
                    _ => CheckpointEdit::Keep,
                },
                max_duration: rng.bool().then(|| millis(rng, 9_000)),
                at: self.now,
            })),
        }
    }
}

/// An ended job with lines, results or a checkpoint.
fn has_something_to_remove(job: &ModelJob) -> bool {
    let has = job.checkpoint.is_some() || !job.lines.is_empty() || !job.results().is_empty();
    has && job.shown.state.finished_at().is_some()
}

fn labels(rng: &mut Rng) -> Labels {
    let some = (0..rng.u8(0..3)).map(|at| (format!("label-{at}"), format!("{}", rng.u8(0..3))));
    some.collect::<BTreeMap<_, _>>().try_into().expect("labels")
}

/// One of many, so that it comes again now and then, and now and then with another request.
fn start_key(rng: &mut Rng) -> StartKey {
    let mut key = [0; 32];
    key[..2].copy_from_slice(&rng.u16(..500).to_le_bytes());
    StartKey { key: Digest::from_bytes(key), request: Digest::from_bytes([rng.u8(0..2); 32]) }
}

/// A hole before it, or something missing that it covers.
fn out_of_place(job: &ModelJob, attempt: Attempt, rng: &mut Rng) -> Write {
    let (line, saved) = (job.shown.last_log_seq, job.last_result());
    match rng.u8(0..4) {
        0 => lines(attempt, line + 2, line + 3),
        1 => result(attempt, saved + 2),
        2 => checkpoint(attempt, line + 1, saved),
        _ => checkpoint(attempt, line, saved + 1),
    }
}

pub(super) fn uuid(rng: &mut Rng) -> Uuid {
    Uuid::from_u128(rng.u128(..))
}

fn millis(rng: &mut Rng, below: u64) -> Duration {
    Duration::from_millis(rng.u64(..below))
}
