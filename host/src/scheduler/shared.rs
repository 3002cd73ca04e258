//! What the parts of the scheduler share.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{Notify, Semaphore};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::attempt::{JobContext, StopSignal};
use super::fuse::{CheckpointFuse, HeldFuse};
use super::log_feed::LogFeeds;
use super::node::Membership;
use super::overview::kept::KeptAnswers;
use super::subscriptions::Subscriptions;
use crate::domain::{
    Claim, Clock, HistorySpan, JobCounts, JobHistory, JobId, JobLimits, Live, NodeLimits, RetentionRules, StopCause,
};
use crate::registry::{Registry, Vault};
use crate::sandbox::Sandbox;
use crate::store::Store;

/// Everything an attempt, a service or the front desk needs.
pub(super) struct Shared {
    pub(super) store: Store,
    pub(super) registry: Registry,
    pub(super) vault: Vault,
    pub(super) sandbox: Sandbox,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) job_limits: Live<JobLimits>,
    pub(super) node_limits: NodeLimits,
    pub(super) retention: Live<RetentionRules>,
    pub(super) membership: Membership,
    pub(super) up_since: Instant,
    /// One permit for each job that may run here at once.
    pub(super) slots: Arc<Semaphore>,
    /// Held while a suspect has been started a moment ago: suspects start one after another.
    pub(super) trial: Arc<Semaphore>,
    /// Whether jobs of components that may run only so many at once are claimed before others of their priority.
    pub(super) limited_first: AtomicBool,
    pub(super) leftovers: Leftovers,
    /// Rung when there may be a job to claim.
    pub(super) bell: Notify,
    /// Rung when a schedule was put here.
    pub(super) schedules_bell: Notify,
    pub(super) attempts: Attempts,
    pub(super) feeds: Arc<LogFeeds>,
    pub(super) subscriptions: Subscriptions,
    pub(super) histories: KeptAnswers<HistorySpan, JobHistory>,
    /// How many jobs stand where.
    pub(super) counts: KeptAnswers<(), JobCounts>,
    /// Whether interrupted jobs have been taken up again.
    pub(super) recovered: AtomicBool,
    /// Claim nothing more.
    pub(super) draining: CancellationToken,
    /// Interrupt what still runs.
    pub(super) forcing: CancellationToken,
    /// Nothing will be committed any more.
    pub(super) closing: CancellationToken,
    /// Everything that the scheduler spawns.
    pub(super) tasks: TaskTracker,
    /// Where they run.
    pub(super) runtime: Handle,
}

/// Whether there may be ready jobs that nobody took: an attempt that ends need not look for them where there are none.
#[derive(Default)]
pub(super) struct Leftovers {
    /// How often some may have been left.
    left: AtomicU64,
    /// How many of those a look came after that found no more than it could take.
    cleared: AtomicU64,
}

impl Leftovers {
    pub(super) fn may_be(&self) -> bool {
        self.left.load(Ordering::SeqCst) > self.cleared.load(Ordering::SeqCst)
    }

    /// Some may be left now.
    pub(super) fn note(&self) {
        self.left.fetch_add(1, Ordering::SeqCst);
    }

    /// To be asked before a look.
    pub(super) fn so_far(&self) -> u64 {
        self.left.load(Ordering::SeqCst)
    }

    /// A look found no more than it could take.
    pub(super) fn clear(&self, so_far: u64) {
        self.cleared.fetch_max(so_far, Ordering::SeqCst);
    }
}

/// Between half of a pause and one and a half, so that nodes do not do the same in step.
pub(super) fn jittered(pause: Duration) -> Duration {
    pause.mul_f64(0.5 + fastrand::f64())
}

/// As it is stored.
pub(super) fn whole_millis(duration: Duration) -> Duration {
    Duration::from_millis(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX >> 1))
}

/// Between half of an interval and all of it: so long until the next look, so that nodes do not look in step.
pub(super) fn within(interval: Duration) -> Duration {
    interval.mul_f64(0.5 + fastrand::f64() / 2.0)
}

/// The attempts that run on this node.
#[derive(Default)]
pub(super) struct Attempts {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    running: HashMap<JobId, JobContext>,
    /// Claims whose stop request was stored before their attempt began.
    asked: HashMap<JobId, Claim>,
    /// What kills jobs at their checkpoints, for as long as somebody keeps it.
    fuses: HashMap<JobId, HeldFuse>,
    /// Modules of which one has begun here.
    modules: HashSet<String>,
}

impl Attempts {
    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An attempt begins. A stop request that came before it counts.
    pub(super) fn begin(&self, context: &JobContext) {
        let mut inner = self.lock();
        inner.running.insert(context.job_id(), context.clone());
        if inner.asked.remove(&context.job_id()) == Some(context.claim()) {
            context.cancel(StopCause::Requested);
        }
    }

    /// Whether nothing of this module has begun here before.
    pub(super) fn is_first_of(&self, module: &str) -> bool {
        let modules = &mut self.lock().modules;
        !modules.contains(module) && modules.insert(module.to_owned())
    }

    /// An attempt has ended. The next one of its job may have begun already.
    pub(super) fn end(&self, claim: Claim) {
        let mut inner = self.lock();
        if inner.running.get(&claim.job()).is_some_and(|context| context.claim() == claim) {
            inner.running.remove(&claim.job());
        }
    }

    /// Tells the attempt under this claim to stop, at once or as soon as it begins. A later attempt of the same job,
    /// which was resumed since, is not meant.
    pub(super) fn request_stop(&self, claim: Claim) {
        let mut inner = self.lock();
        match inner.running.get(&claim.job()) {
            Some(context) if context.claim() == claim => context.cancel(StopCause::Requested),
            Some(context) if context.claim().fence() > claim.fence() => {}
            _ => {
                inner.asked.insert(claim.job(), claim);
            }
        }
    }

    /// Forgets a stop request whose attempt has ended.
    pub(super) fn forget_request(&self, claim: Claim) {
        let mut inner = self.lock();
        if inner.asked.get(&claim.job()) == Some(&claim) {
            inner.asked.remove(&claim.job());
        }
    }

    /// The attempts of a job that begin from now on have this fuse, or none. Answers the former one.
    pub(super) fn place_fuse(&self, job: JobId, fuse: Option<&CheckpointFuse>) -> Option<CheckpointFuse> {
        let fuses = &mut self.lock().fuses;
        fuses.retain(|_, held| held.get().is_some());
        let former = match fuse {
            Some(fuse) => fuses.insert(job, fuse.held()),
            None => fuses.remove(&job),
        };
        former.and_then(|held| held.get())
    }

    /// The fuse of a job's next attempt.
    pub(super) fn fuse(&self, job: JobId) -> Option<CheckpointFuse> {
        self.lock().fuses.get(&job).and_then(HeldFuse::get)
    }

    /// Interrupts every running job: the right to run them is lost.
    pub(super) fn lose_all(&self) {
        for context in self.lock().running.values() {
            context.signal().lose_claim();
        }
    }

    /// Tells every running job to stop.
    pub(super) fn cancel_all(&self, cause: StopCause) {
        for context in self.lock().running.values() {
            context.cancel(cause);
        }
    }

    /// The context of a running job.
    pub(super) fn context(&self, job: JobId) -> Option<JobContext> {
        self.lock().running.get(&job).cloned()
    }

    /// The stop signal of a running job.
    pub(super) fn signal(&self, job: JobId) -> Option<Arc<StopSignal>> {
        self.lock().running.get(&job).map(JobContext::signal)
    }

    /// How many run.
    pub(super) fn count(&self) -> u32 {
        u32::try_from(self.lock().running.len()).unwrap_or(u32::MAX)
    }
}
