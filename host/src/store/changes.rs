//! Which jobs changed lately, in the order of their commits, for those that show the newest state of all.
//!
//! In memory and bounded: who asks for what is not known any more is told so, and looks at everything anew.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use uuid::Uuid;

use super::write::{Answer, Write};
use crate::domain::{ChangeCursor, JobId, ScheduleRunWhat};

/// Changes that are remembered: a busy host makes so many in some seconds, and they take a megabyte.
const KEPT: usize = 65_536;

/// The changes that this process knows of.
#[derive(Clone)]
pub struct ChangeLog {
    inner: Arc<Inner>,
}

struct Inner {
    id: Uuid,
    ring: Mutex<Ring>,
    grown: watch::Sender<u64>,
}

#[derive(Default)]
struct Ring {
    /// How many changes there were, remembered or not.
    end: u64,
    /// The newest of them.
    jobs: VecDeque<JobId>,
}

impl Default for ChangeLog {
    fn default() -> Self {
        let inner = Inner { id: Uuid::new_v4(), ring: Mutex::default(), grown: watch::Sender::new(0) };
        Self { inner: Arc::new(inner) }
    }
}

impl ChangeLog {
    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.inner.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn cursor(&self, position: u64) -> ChangeCursor {
        ChangeCursor { log: self.inner.id, position }
    }

    /// These have changed, and everybody may know.
    pub(super) fn add(&self, jobs: &[JobId]) {
        if jobs.is_empty() {
            return;
        }
        let mut ring = self.ring();
        ring.end += jobs.len() as u64;
        ring.jobs.extend(jobs);
        let surplus = ring.jobs.len().saturating_sub(KEPT);
        ring.jobs.drain(..surplus);
        self.inner.grown.send_replace(ring.end);
    }

    /// Something has changed, and nobody knows what.
    pub(super) fn forget(&self) {
        let mut ring = self.ring();
        ring.end += 1;
        ring.jobs.clear();
        self.inner.grown.send_replace(ring.end);
    }

    /// The place after all that is known now.
    pub fn end(&self) -> ChangeCursor {
        self.cursor(self.ring().end)
    }

    /// The jobs of the next `limit` changes after a place, each once, and the place after them; `None` when what came
    /// after that place is not known here any more, or never was.
    pub fn after(&self, cursor: ChangeCursor, limit: usize) -> Option<(Vec<JobId>, ChangeCursor)> {
        let ring = self.ring();
        let start = ring.end - ring.jobs.len() as u64;
        if cursor.log != self.inner.id || !(start..=ring.end).contains(&cursor.position) {
            return None;
        }
        let passed = usize::try_from(cursor.position - start).ok()?;
        let next: Vec<JobId> = ring.jobs.iter().skip(passed).take(limit).copied().collect();
        let position = cursor.position + next.len() as u64;
        let mut seen = HashSet::new();
        Some((next.into_iter().filter(|job| seen.insert(*job)).collect(), self.cursor(position)))
    }

    /// Told of every growth from now on.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.inner.grown.subscribe()
    }

    /// Whether anybody watches.
    pub(super) fn is_watched(&self) -> bool {
        self.inner.grown.receiver_count() > 0
    }
}

/// The jobs whose status, attempt, progress or node these writes have changed.
pub(super) fn changed(writes: &[Write], answers: &[Answer]) -> Vec<JobId> {
    let mut jobs = Vec::new();
    for (write, answer) in writes.iter().zip(answers) {
        match (write, answer) {
            (Write::CreateJob(job), Answer::Done) => jobs.push(job.id),
            (Write::Claim(_), Answer::Claimed(claimed)) => {
                jobs.extend(claimed.iter().map(|job| job.attempt.claim.job()));
            }
            (Write::SaveProgress(claim, _), Answer::Done) => jobs.push(claim.job()),
            (Write::Finish(finish), Answer::Done | Answer::Status(_)) => jobs.push(finish.claim.job()),
            (Write::RequestStop(job, _), Answer::Asked(None)) | (Write::DeleteJob(job), Answer::Done) => {
                jobs.push(*job);
            }
            (Write::ResumeJob(resume), Answer::Resumed(_)) => jobs.push(resume.job),
            (Write::FireSchedule(_), Answer::Fired(fired)) => {
                jobs.extend(fired.runs.iter().filter_map(|run| match run {
                    ScheduleRunWhat::Started(job) => Some(*job),
                    ScheduleRunWhat::Skipped(_) | ScheduleRunWhat::Missed { .. } | ScheduleRunWhat::Refused(_) => None,
                }));
                jobs.extend(&fired.stopped);
            }
            (Write::Prune(_), Answer::Pruned(pruned)) => jobs.extend(&pruned.jobs),
            (Write::Recover(..), Answer::Recovered(recovered)) => jobs.extend(&recovered.jobs),
            _ => {}
        }
    }
    jobs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(count: usize) -> Vec<JobId> {
        (0..count).map(|_| JobId::new()).collect()
    }

    #[test]
    fn what_comes_after_a_place_comes_once_and_in_order() {
        let log = ChangeLog::default();
        let (start, jobs) = (log.end(), ids(3));
        log.add(&[jobs[0], jobs[1], jobs[0]]);
        let (first, place) = log.after(start, 2).expect("known");
        assert_eq!(first, jobs[..2]);
        log.add(&jobs[2..]);
        let (rest, place) = log.after(place, 100).expect("known");
        assert_eq!((rest.as_slice(), place), ([jobs[0], jobs[2]].as_slice(), log.end()));
        assert_eq!(log.after(place, 100), Some((vec![], place)));
    }

    #[test]
    fn what_is_not_known_any_more_is_told_from_what_did_not_happen() {
        let log = ChangeLog::default();
        let start = log.end();
        let jobs = ids(KEPT);
        log.add(&jobs);
        assert!(log.after(start, 1).is_some());
        log.add(&jobs[..1]);
        assert_eq!(log.after(start, 1), None, "the first change is forgotten");
        let end = log.end();
        log.forget();
        assert_eq!(log.after(end, 1), None, "something happened after it");
        assert_eq!(log.after(ChangeLog::default().end(), 1), None, "a place in another process");
        assert_eq!(log.after(ChangeCursor { position: u64::MAX, ..end }, 1), None, "a place that was never given");
    }
}
