//! A whole visit: the rows, a few at a time, beside honest jobs and questions to the API.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::honest::{self, Honest};
use super::latency::{Latency, guest_memory, sample};
use super::one_row::{Tried, try_row};
use super::row::Row;
use super::visit::Visit;
use crate::cli::Failure;
use crate::cli::client::api::read;
use crate::cli::client::{Client, StatusView};
use crate::cli::output::Bar;

/// How long memory may take to come back after the last job has ended.
const GIVEN_BACK: Duration = Duration::from_secs(10);

/// What to do.
pub(in crate::cli::doctor) struct Plan {
    pub(in crate::cli::doctor) rows: Vec<Row>,
    /// Rows that are tried at the same time.
    pub(in crate::cli::doctor) at_once: usize,
    /// Shows how far it is.
    pub(in crate::cli::doctor) bar: Bar,
}

/// What came of it.
pub(in crate::cli::doctor) struct Visited {
    /// Each row, and what came of it; nothing of those that were not tried any more.
    pub(super) rows: Vec<(Row, Option<Tried>)>,
    pub(super) honest: Honest,
    pub(super) latency: Latency,
    pub(super) memory: Memory,
    /// What could not be taken back.
    pub(super) left: Vec<String>,
    pub(super) took: Duration,
}

/// Memory of all guests before and after.
pub(super) struct Memory {
    pub(super) before_bytes: u64,
    pub(super) after_bytes: u64,
    /// Jobs of others that were running at the end, and may have what is missing.
    pub(super) others: usize,
}

impl Memory {
    /// Whether everything was given back, as far as that can be known.
    pub(super) fn came_back(&self) -> bool {
        self.after_bytes <= self.before_bytes || self.others > 0
    }
}

impl Visited {
    /// Whether every row is as it should be, and nobody else was harmed.
    pub(in crate::cli::doctor) fn is_ok(&self) -> bool {
        let rows = self.rows.iter().all(|(_, tried)| tried.as_ref().is_some_and(|tried| tried.ok));
        rows && self.honest.failed.is_empty() && self.memory.came_back() && self.left.is_empty()
    }
}

/// Visits a server. An error is a server that did not even answer at the start.
pub(in crate::cli::doctor) fn visit(
    client: Client,
    plan: Plan,
    broken_off: Arc<AtomicBool>,
) -> Result<Visited, Failure> {
    let Plan { rows, at_once, bar } = plan;
    let before: StatusView = read(&client.status()?)?;
    let visit = Visit::begin(client, broken_off);
    let since = Instant::now();
    let (tried, honest, latency) = all(&visit, &rows, at_once, &bar);
    bar.end();
    let left = visit.end();
    let memory = memory_after(&visit, &before);
    let took = since.elapsed();
    Ok(Visited { rows: rows.into_iter().zip(tried).collect(), honest, latency, memory, left, took })
}

fn all(visit: &Visit, rows: &[Row], at_once: usize, bar: &Bar) -> (Vec<Option<Tried>>, Honest, Latency) {
    let (next, done, is_over) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    let tried = Mutex::new(vec![None; rows.len()]);
    let work = || {
        while !visit.is_broken_off() {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(row) = rows.get(at) else { return };
            let outcome = try_row(visit, row);
            tried.lock().unwrap_or_else(PoisonError::into_inner)[at] = Some(outcome);
            bar.set(done.fetch_add(1, Ordering::Relaxed) as u64 + 1, Some(rows.len() as u64));
        }
    };
    let (honest, latency) = thread::scope(|scope| {
        let honest = scope.spawn(|| honest::run(visit, &is_over));
        let latency = scope.spawn(|| sample(visit, &is_over));
        let workers: Vec<_> = (0..at_once).map(|_| scope.spawn(work)).collect();
        let panicked = workers.into_iter().filter_map(|worker| worker.join().err()).count();
        is_over.store(true, Ordering::Relaxed);
        debug_assert_eq!(panicked, 0, "a row that panicked is one that was not tried");
        (honest.join(), latency.join())
    });
    let lost = Honest { failed: vec!["nobody watched the honest jobs to their end".to_owned()], ..Honest::default() };
    let tried = tried.into_inner().unwrap_or_else(PoisonError::into_inner);
    (tried, honest.unwrap_or(lost), latency.unwrap_or_default())
}

fn memory_after(visit: &Visit, before: &StatusView) -> Memory {
    let (since, before_bytes) = (Instant::now(), guest_memory(before));
    loop {
        let now = visit.client.status().and_then(|status| read::<StatusView>(&status));
        let (after_bytes, others) = now.map_or((u64::MAX, 0), |now| (guest_memory(&now), now.running.len()));
        let memory = Memory { before_bytes, after_bytes, others };
        if memory.came_back() || since.elapsed() > GIVEN_BACK || visit.is_broken_off() {
            return memory;
        }
        thread::sleep(Duration::from_millis(100));
    }
}
