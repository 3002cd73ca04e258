//! What began and ended over time, counted no more often than it can be afforded.
//!
//! What a count costs grows with the jobs that it counts. Of each span the last answer is kept for twenty times as long as
//! it took to count, and one count is under way at a time: however many ask, that takes a twentieth of one reader.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::domain::{HistorySpan, JobHistory, Reach};
use crate::scheduler::shared::Shared;
use crate::store::StoreError;

/// For how many times as long as a count took its answer is kept.
const KEPT_TIMES: u32 = 20;
/// An answer is never older than this when a count is quick.
const KEPT_MIN: Duration = Duration::from_secs(1);
/// So many answers are kept: more spans are seldom looked at together.
const ANSWERS: usize = 16;

/// The answers that are kept.
pub(in crate::scheduler) struct Histories {
    counting: Semaphore,
    kept: Mutex<VecDeque<Kept>>,
}

struct Kept {
    span: HistorySpan,
    reach: Reach,
    until: Instant,
    history: JobHistory,
}

impl Default for Histories {
    fn default() -> Self {
        Self { counting: Semaphore::new(1), kept: Mutex::default() }
    }
}

impl Histories {
    fn find(&self, span: HistorySpan, reach: &Reach) -> Option<JobHistory> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let fits = |kept: &&Kept| kept.span == span && kept.reach == *reach && kept.until > now;
        kept.iter().find(fits).map(|kept| kept.history.clone())
    }

    fn keep(&self, newest: Kept) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|old| old.span != newest.span || old.reach != newest.reach);
        kept.push_back(newest);
        if kept.len() > ANSWERS {
            kept.pop_front();
        }
    }
}

pub(in crate::scheduler) async fn read(
    shared: &Shared,
    span: HistorySpan,
    reach: &Reach,
) -> Result<JobHistory, StoreError> {
    let histories = &shared.histories;
    // Closed never; whoever waited finds the answer of the one before.
    let _turn = histories.counting.acquire().await;
    if let Some(history) = histories.find(span, reach) {
        return Ok(history);
    }
    let began = Instant::now();
    let history = shared.store.job_history(span, reach, shared.clock.now()).await?;
    let until = Instant::now() + (began.elapsed() * KEPT_TIMES).max(KEPT_MIN);
    histories.keep(Kept { span, reach: reach.clone(), until, history: history.clone() });
    Ok(history)
}
