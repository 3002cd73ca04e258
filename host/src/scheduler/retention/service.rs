//! When to sweep: bytes several times a second while jobs run, everything now and then, and hardly anything while nothing
//! happens.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use super::Sweeper;
use super::sweep::Sweep;
use crate::scheduler::shared::{Shared, jittered};
use crate::store::StoreError;

/// How often bytes are looked at while jobs run, where that costs nothing.
const OFTEN: Duration = Duration::from_millis(250);
/// How often while there is not much room left: what comes meanwhile has to fit into the rest.
const CLOSELY: Duration = Duration::from_millis(100);
/// How often where nodes share a database, which has to add them up, and there is much room left.
const SHARED: Duration = Duration::from_secs(10);
/// On a shared database, a sweep's own time is followed by so many times as much rest; by less where there is not much room
/// left.
const PART: u32 = 20;
const PART_CLOSELY: u32 = 1;

/// Sweeps until the scheduler closes.
pub(in crate::scheduler) async fn run(shared: Arc<Shared>) {
    let by = |rules| Sweeper::new(shared.store.clone(), Arc::clone(&shared.clock), rules);
    let mut rules = shared.retention.get();
    let mut sweeper = by(Arc::clone(&rules));
    // On a shared database a watcher would have what others do read for it.
    let mut changes = (!shared.store.is_shared()).then(|| shared.store.changes().watch());
    let mut swept_all: Option<Instant> = None;
    let mut rest = Duration::ZERO;
    loop {
        tokio::select! {
            () = shared.closing.cancelled() => return,
            () = next(&shared, changes.as_mut(), sweeper.is_nearly_full(), rest) => {}
        }
        let now = shared.retention.get();
        if !Arc::ptr_eq(&rules, &now) {
            (sweeper, rules, swept_all) = (by(Arc::clone(&now)), now, None);
        }
        let begin = Instant::now();
        let is_due = swept_all.is_none_or(|at| at.elapsed() >= rules.look);
        let what = if is_due { Sweep::All } else { Sweep::Bytes };
        let sweep = sweeper.sweep(shared.membership.node(), what);
        let swept = tokio::select! {
            () = shared.closing.cancelled() => return,
            swept = sweep => swept,
        };
        match swept {
            Ok(()) if is_due => swept_all = Some(begin),
            Ok(()) => {}
            Err(StoreError::Closed) => return,
            Err(error) => tracing::warn!(%error, "what is too old or too much was not removed"),
        }
        let part = if sweeper.is_nearly_full() { PART_CLOSELY } else { PART };
        rest = if shared.store.is_shared() { begin.elapsed() * part } else { Duration::ZERO };
    }
}

/// Waits until it is time to look again.
async fn next(shared: &Shared, changes: Option<&mut watch::Receiver<u64>>, is_nearly_full: bool, rest: Duration) {
    let look = shared.retention.get().look;
    let often = if is_nearly_full { CLOSELY } else { OFTEN };
    let shared_often = if is_nearly_full { OFTEN } else { SHARED };
    match changes {
        None => sleep(jittered(shared_often.min(look)).max(rest)).await,
        Some(_) if shared.attempts.count() > 0 => sleep(often.min(look)).await,
        Some(changes) => {
            tokio::select! {
                () = sleep(look) => {}
                // The sender lives as long as the store.
                _ = changes.changed() => sleep(often.min(look)).await,
            }
        }
    }
}
