//! One sweep: what is too old, then what is too many, then bytes.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::pack::{Load, pack};
use crate::domain::limits::MIB;
use crate::domain::{AgeOf, Budget, Clock, NodeId, RetentionReason, RetentionRules, Status, Timestamp, Which};
use crate::measured;
use crate::store::{Answer, EndedFilter, EndedJob, Having, Prune, Pruned, Store, StoreError, Write};

/// Jobs that are looked at together.
const PAGE: u32 = 200;
/// For how long a node removes alone after it last did; beyond it another may.
const LEASE: Duration = Duration::from_secs(30);
/// How long others have the database to themselves after a write of this took as long, at most.
const PAUSE_MAX: Duration = Duration::from_millis(200);
/// What ended a moment ago may not be stored yet.
const SETTLED: Duration = Duration::from_mins(1);
/// After so long everything is looked at anew: jobs that were to be kept and are no longer, for instance.
const FORGET: Duration = Duration::from_hours(1);
/// Free pages in the file that nobody minds.
const FREE_BYTES: u64 = 64 * MIB;

const ENDED: [Status; 3] = [Status::Completed, Status::Failed, Status::Stopped];

/// What is swept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::scheduler) enum Sweep {
    /// Ages, numbers and bytes.
    All,
    /// Bytes alone.
    Bytes,
}

/// Which jobs a search is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Search {
    having: Having,
    which: Which,
    status: Status,
}

/// Removes what the rules say.
pub(in crate::scheduler) struct Sweeper {
    store: Store,
    clock: Arc<dyn Clock>,
    rules: Arc<RetentionRules>,
    /// Up to when a search has found nothing left: it need not look there again.
    done: HashMap<Search, Timestamp>,
    done_since: Timestamp,
    /// What the database held at the last look.
    used_bytes: Option<u64>,
    /// Whether more is there than may be, and nothing that could go.
    is_stuck: bool,
}

/// How far bytes have to go.
struct Goal {
    used: u64,
    budget: Budget,
}

impl Sweeper {
    pub(in crate::scheduler) fn new(store: Store, clock: Arc<dyn Clock>, rules: Arc<RetentionRules>) -> Self {
        let done_since = clock.now();
        Self { store, clock, rules, done: HashMap::new(), done_since, used_bytes: None, is_stuck: false }
    }

    /// Removes what is too old or too much now, unless another node does.
    pub(in crate::scheduler) async fn sweep(&mut self, node: NodeId, what: Sweep) -> Result<(), StoreError> {
        if self.store.is_shared() && self.write(node, RetentionReason::Age, Load::default()).await?.is_none() {
            return Ok(());
        }
        let now = self.clock.now();
        if now.since(self.done_since) > FORGET {
            self.done.clear();
            self.done_since = now;
        }
        if what == Sweep::All {
            self.by_age(node, now).await?;
            self.by_count(node).await?;
        }
        self.by_bytes(node, now).await?;
        self.shrink().await
    }

    async fn by_age(&mut self, node: NodeId, now: Timestamp) -> Result<(), StoreError> {
        for rule in self.rules.ages_at(now) {
            let having = match rule.what {
                AgeOf::Completed | AgeOf::Failed | AgeOf::Stopped => Having::Anything,
                AgeOf::Logs => Having::Logs,
                AgeOf::Checkpoints => Having::Checkpoints,
            };
            let statuses = rule.what.status().map_or(ENDED.to_vec(), |status| vec![status]);
            for status in statuses {
                let search = Search { having, which: rule.which.clone(), status };
                loop {
                    let jobs = self.find(&search, rule.before, PAGE).await?;
                    if jobs.is_empty() || !self.remove(node, &jobs, (having, RetentionReason::Age), None).await? {
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    async fn by_count(&mut self, node: NodeId) -> Result<(), StoreError> {
        for rule in self.rules.counts() {
            let module = if let Which::Only(name) = &rule.which { Some(name.as_str()) } else { None };
            let surplus = self.store.count_ended(module).await?.saturating_sub(rule.most);
            self.remove_oldest(node, &rule.which, surplus).await?;
        }
        if let Some((most, others)) = self.rules.count_of_each() {
            for (module, count) in self.store.crowded_modules(most, others).await? {
                self.remove_oldest(node, &Which::Only(module), count - most).await?;
            }
        }
        Ok(())
    }

    async fn remove_oldest(&mut self, node: NodeId, which: &Which, mut surplus: u64) -> Result<(), StoreError> {
        while surplus > 0 {
            let most = u32::try_from(surplus).unwrap_or(PAGE).min(PAGE);
            let jobs = self.oldest(Having::Anything, which, self.clock.now(), most).await?;
            if jobs.is_empty() || !self.remove(node, &jobs, (Having::Anything, RetentionReason::Count), None).await? {
                break;
            }
            surplus -= jobs.len() as u64;
        }
        Ok(())
    }

    /// Round by round, those first that ended longest ago: their logs, then their checkpoints, then the jobs.
    async fn by_bytes(&mut self, node: NodeId, now: Timestamp) -> Result<(), StoreError> {
        let used = self.store.database_use().await?.used_bytes;
        self.used_bytes = Some(used);
        let Some(limit) = self.limit_bytes() else { return Ok(()) };
        let mut goal = Goal { used, budget: Budget { limit } };
        if used <= goal.budget.high() {
            self.is_stuck = false;
            return Ok(());
        }
        for ago in Budget::ROUNDS {
            for having in [Having::Logs, Having::Checkpoints, Having::Anything] {
                while goal.used > goal.budget.low() {
                    let jobs = self.oldest(having, &Which::ALL, now.before(ago), PAGE).await?;
                    let why = (having, RetentionReason::Bytes);
                    if jobs.is_empty() || !self.remove(node, &jobs, why, Some(&mut goal)).await? {
                        break;
                    }
                }
            }
        }
        self.used_bytes = Some(goal.used);
        let is_stuck = goal.used > limit;
        if is_stuck && !self.is_stuck {
            tracing::error!(
                used_bytes = goal.used,
                limit_bytes = limit,
                "the database holds more than its limit (retention.database), and nothing that has ended is left to remove"
            );
        }
        self.is_stuck = is_stuck;
        Ok(())
    }

    /// Whether more than three quarters of what the database may hold are there.
    pub(super) fn is_nearly_full(&self) -> bool {
        self.used_bytes.zip(self.limit_bytes()).is_some_and(|(used, limit)| used > limit - limit / 4)
    }

    /// What the database may hold.
    pub(super) fn limit_bytes(&self) -> Option<u64> {
        self.rules.database.bytes(self.store.disk_bytes())
    }

    /// Ended jobs of whichever status, those first that ended first.
    async fn oldest(
        &mut self,
        having: Having,
        which: &Which,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<EndedJob>, StoreError> {
        let mut jobs = Vec::new();
        for status in ENDED {
            jobs.extend(self.find(&Search { having, which: which.clone(), status }, before, limit).await?);
        }
        jobs.sort_by_key(|job| job.finished_at);
        jobs.truncate(limit as usize);
        Ok(jobs)
    }

    async fn find(&mut self, search: &Search, before: Timestamp, limit: u32) -> Result<Vec<EndedJob>, StoreError> {
        let Search { having, which, status } = search.clone();
        let after = self.done.get(search).copied().unwrap_or(Timestamp::from_millis(0));
        let jobs = self.store.ended_jobs(&EndedFilter { status, having, after, before, which, limit }).await?;
        // Whole jobs are gone once they were taken; of others a part is, and the next search need not step over them.
        if having != Having::Anything {
            let moment = Duration::from_millis(1);
            let free_to = jobs.first().map_or(before.before(SETTLED), |job| job.finished_at.before(moment));
            self.done.insert(search.clone(), free_to.max(after));
        }
        Ok(jobs)
    }

    /// Removes a part of each of these jobs, or as many as it takes; false when nothing of them was there any more.
    async fn remove(
        &mut self,
        node: NodeId,
        jobs: &[EndedJob],
        (having, reason): (Having, RetentionReason),
        mut goal: Option<&mut Goal>,
    ) -> Result<bool, StoreError> {
        let mut removed = false;
        for load in pack(jobs, having) {
            let (begin, bytes) = (Instant::now(), load.bytes);
            let Some(pruned) = self.write(node, reason, load).await? else { return Ok(false) };
            removed |= !pruned.is_nothing();
            let took = begin.elapsed();
            let Some(goal) = goal.as_deref_mut() else {
                sleep(took.min(PAUSE_MAX)).await;
                continue;
            };
            goal.used = if self.store.is_shared() {
                goal.used.saturating_sub(bytes)
            } else {
                self.store.database_use().await?.used_bytes
            };
            if goal.used <= goal.budget.low() {
                break;
            }
            // What comes must not outrun what goes.
            if goal.used <= goal.budget.limit {
                sleep((took / 2).min(PAUSE_MAX)).await;
            }
        }
        Ok(removed)
    }

    /// `None` while another node removes.
    async fn write(&self, node: NodeId, reason: RetentionReason, load: Load) -> Result<Option<Pruned>, StoreError> {
        let (used_bytes, at) = (self.used_bytes, self.clock.now());
        let prune = Prune { node, lease: LEASE, used_bytes, reason, pieces: load.pieces, at };
        let Answer::Pruned(pruned) = self.store.write(Write::Prune(Box::new(prune))).await? else { return Ok(None) };
        measured::RETENTION_JOBS.add_by("reason", reason.as_str(), pruned.jobs.len() as u64);
        measured::RETENTION_LOGS.add_by("reason", reason.as_str(), pruned.logs);
        measured::RETENTION_CHECKPOINTS.add_by("reason", reason.as_str(), pruned.checkpoints);
        Ok(Some(pruned))
    }

    /// Gives free pages back where somebody needs them, or where most of the file is free.
    async fn shrink(&self) -> Result<(), StoreError> {
        loop {
            let usage = self.store.database_use_of_pages().await?;
            let Some(usage) = usage.filter(|usage| usage.may_shrink && usage.free_bytes > 0) else { break };
            let is_over = self.limit_bytes().is_some_and(|limit| usage.used_bytes + usage.free_bytes > limit);
            let is_mostly_free = usage.free_bytes > FREE_BYTES.max(usage.used_bytes);
            if !(is_over || is_mostly_free || self.store.is_short_of_disk()) {
                break;
            }
            let begin = Instant::now();
            self.store.write(Write::Shrink).await?;
            self.store.fold_long_log().await?;
            sleep(begin.elapsed().min(PAUSE_MAX)).await;
        }
        self.store.fold_long_log().await
    }
}
