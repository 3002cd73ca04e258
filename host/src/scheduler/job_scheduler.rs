//! `JobScheduler`: the front desk of the job engine, usable without HTTP.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{Notify, Semaphore};
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::attempt::JobContext;
use super::error::SubscribeError;
use super::job_watch::JobWatch;
use super::log_feed::LogFeeds;
use super::log_subscription::LogSubscription;
use super::node::Membership;
use super::overview::kept::KeptAnswers;
use super::overview::{status, vitals};
use super::shared::{Attempts, Leftovers, Shared};
use super::subscriptions::Subscriptions;
use super::{HostStatus, HostVitals, SubscriptionId, claims, node, retention, schedules};
use crate::domain::{
    After, AttemptPage, ChangeCursor, Clock, HistorySpan, Job, JobFilter, JobHistory, JobId, JobLimits, JobPage, Live,
    LogPage, NodeId, NodeLimits, Reach, ResultPage, Results, RetentionRules, StopCause, StoredCheckpoint,
};
use crate::registry::{Registry, Vault};
use crate::sandbox::Sandbox;
use crate::store::{Backup, BackupError, Store, StoreError};

/// How long forced attempts have to write their ends before the host gives up on them.
const FORCED_END: Duration = Duration::from_secs(5);

/// Jobs that are counted one by one: more would keep a reader for long.
const COUNTED: u32 = 100_000;

/// What a scheduler is made of.
pub struct SchedulerParts {
    /// Where jobs are kept.
    pub store: Store,
    /// What they run.
    pub registry: Registry,
    /// What they may use and never see.
    pub vault: Vault,
    /// Where they run.
    pub sandbox: Sandbox,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// What one job may use.
    pub job_limits: Live<JobLimits>,
    /// What this node may use.
    pub node_limits: NodeLimits,
    /// How much of ended jobs is kept.
    pub retention: Live<RetentionRules>,
}

/// Starts, stops, resumes and watches jobs. Cheap to clone; all clones are the same scheduler.
#[derive(Clone)]
pub struct JobScheduler {
    pub(super) shared: Arc<Shared>,
}

impl JobScheduler {
    /// Registers a node and starts to claim and run jobs. Call
    /// [`resume_interrupted_jobs`](Self::resume_interrupted_jobs) next, and [`shutdown`](Self::shutdown) at the end.
    pub async fn start(parts: SchedulerParts) -> Result<Self, StoreError> {
        let shared = Arc::new(Shared {
            slots: Arc::new(Semaphore::new(parts.node_limits.slots as usize)),
            store: parts.store,
            registry: parts.registry,
            vault: parts.vault,
            sandbox: parts.sandbox,
            clock: parts.clock,
            job_limits: parts.job_limits,
            node_limits: parts.node_limits,
            retention: parts.retention,
            membership: Membership::new(NodeId::new()),
            up_since: Instant::now(),
            trial: Arc::new(Semaphore::new(1)),
            limited_first: AtomicBool::new(false),
            leftovers: Leftovers::default(),
            bell: Notify::new(),
            schedules_bell: Notify::new(),
            attempts: Attempts::default(),
            feeds: Arc::new(LogFeeds::default()),
            subscriptions: Subscriptions::default(),
            histories: KeptAnswers::default(),
            counts: KeptAnswers::default(),
            recovered: AtomicBool::new(false),
            draining: CancellationToken::new(),
            forcing: CancellationToken::new(),
            closing: CancellationToken::new(),
            tasks: TaskTracker::new(),
            runtime: Handle::current(),
        });
        node::register(&shared, shared.membership.node()).await?;
        node::begin(&shared)?;
        shared.tasks.spawn(claims::run(Arc::clone(&shared)));
        shared.tasks.spawn(schedules::run(Arc::clone(&shared)));
        shared.tasks.spawn(retention::run(Arc::clone(&shared)));
        Ok(Self { shared })
    }

    /// Takes up again the jobs whose host died. Answers how many go on; each from its last checkpoint.
    pub async fn resume_interrupted_jobs(&self) -> Result<u64, StoreError> {
        node::recover(&self.shared).await
    }

    /// Whether the database answers and interrupted jobs have been taken up again.
    pub async fn is_ready(&self) -> bool {
        self.shared.recovered.load(Ordering::Acquire)
            && !self.shared.draining.is_cancelled()
            && !self.shared.membership.is_fenced()
            && self.shared.registry.count().await.is_ok()
    }

    /// Ends the scheduler in good order: claims nothing more, tells running jobs to stop so that they save and go on
    /// after the next start, interrupts those that have not returned within the grace, and leaves.
    ///
    /// Calling [`force_all`](Self::force_all) meanwhile cuts the grace short.
    pub async fn shutdown(&self) {
        self.shared.draining.cancel();
        self.shared.attempts.cancel_all(StopCause::Shutdown);
        let grace = self.shared.node_limits.shutdown_grace;
        let drained = async {
            while self.shared.attempts.count() > 0 {
                tokio::select! {
                    () = self.shared.bell.notified() => {}
                    () = tokio::time::sleep(Duration::from_millis(50)) => {}
                }
            }
        };
        tokio::pin!(drained);
        let in_time = tokio::select! {
            () = &mut drained => true,
            () = self.shared.forcing.cancelled() => false,
            () = tokio::time::sleep(grace) => false,
        };
        if !in_time {
            self.force_all();
            if timeout(FORCED_END, drained).await.is_err() {
                tracing::error!(attempts = self.shared.attempts.count(), "attempts did not end");
            }
        }
        self.shared.closing.cancel();
        self.shared.tasks.close();
        if timeout(FORCED_END, self.shared.tasks.wait()).await.is_err() {
            tracing::error!("tasks of the scheduler did not end");
        }
        node::leave(&self.shared).await;
    }

    /// Interrupts every job that was told to stop, without waiting for its grace to pass.
    pub fn force_all(&self) {
        self.shared.forcing.cancel();
    }

    /// Interrupts one job that runs here, now. Answers whether it ran here.
    pub fn force_stop(&self, job: JobId) -> bool {
        let signal = self.shared.attempts.signal(job);
        if let Some(signal) = &signal {
            signal.raise(StopCause::Requested);
            signal.force();
        }
        signal.is_some()
    }

    /// For how long the scheduler has been up.
    pub fn uptime(&self) -> Duration {
        self.shared.up_since.elapsed()
    }

    /// What the host says about itself.
    pub async fn get_status(&self) -> Result<HostStatus, StoreError> {
        self.get_reached_status(&Reach::All).await
    }

    /// The same as somebody may know it who sees the jobs of some modules alone.
    pub async fn get_reached_status(&self, reach: &Reach) -> Result<HostStatus, StoreError> {
        status::read(&self.shared, reach).await
    }

    /// A copy of the database as it is now; jobs go on meanwhile.
    pub async fn back_up(&self) -> Result<Backup, BackupError> {
        self.shared.store.back_up(node::VERSION, self.shared.clock.now()).await
    }

    /// How this node, its database and the queue stand now.
    pub async fn vitals(&self) -> Result<HostVitals, StoreError> {
        vitals::read(&self.shared).await
    }

    /// The context of a job that runs here.
    pub fn context(&self, job: JobId) -> Option<JobContext> {
        self.shared.attempts.context(job)
    }

    /// One job.
    pub async fn job(&self, job: JobId) -> Result<Option<Job>, StoreError> {
        self.shared.store.job(job, self.shared.clock.now()).await
    }

    /// The name of the module that a job runs; `None` when there is no such job.
    pub async fn job_module(&self, job: JobId) -> Result<Option<String>, StoreError> {
        self.shared.store.job_module(job).await
    }

    /// What began and ended over time; the answer may be some moments old where there are many.
    pub async fn job_history(&self, span: HistorySpan, reach: &Reach) -> Result<JobHistory, StoreError> {
        let count = self.shared.store.job_history(span, reach, self.shared.clock.now());
        self.shared.histories.get((span, reach.clone()), count).await
    }

    /// Jobs, newest first.
    pub async fn jobs(&self, filter: JobFilter) -> Result<JobPage, StoreError> {
        self.shared.store.jobs(&filter, self.shared.clock.now()).await
    }

    /// Which jobs there are, newest first; as many as the filter says.
    pub async fn job_ids(&self, filter: JobFilter) -> Result<Vec<JobId>, StoreError> {
        self.shared.store.job_ids(&filter, filter.limit).await
    }

    /// How many jobs there are; more than 100,000 count as 100,000.
    pub async fn count_jobs(&self, filter: JobFilter) -> Result<u64, StoreError> {
        self.shared.store.job_ids(&filter, COUNTED).await.map(|jobs| jobs.len() as u64)
    }

    /// Log lines of a job, about 2 MiB at most; `None` when there is no such job.
    pub async fn logs(&self, job: JobId, part: After) -> Result<Option<LogPage>, StoreError> {
        self.shared.store.logs(job, part).await
    }

    /// Results of a job, about 4 MiB at most; `None` when there is no such job.
    pub async fn results(&self, job: JobId, part: After, which: Results) -> Result<Option<ResultPage>, StoreError> {
        match self.shared.store.job_status(job).await? {
            Some(_) => self.shared.store.results(job, part, which).await.map(Some),
            None => Ok(None),
        }
    }

    /// Attempts of a job, in their order; `None` when there is no such job.
    pub async fn attempts(&self, job: JobId, part: After) -> Result<Option<AttemptPage>, StoreError> {
        match self.shared.store.job_status(job).await? {
            Some(_) => self.shared.store.attempts(job, part).await.map(Some),
            None => Ok(None),
        }
    }

    /// The newest checkpoint of a job; the outer `None` when there is no such job.
    pub async fn checkpoint(&self, job: JobId) -> Result<Option<Option<StoredCheckpoint>>, StoreError> {
        match self.shared.store.job_status(job).await? {
            Some(_) => self.shared.store.checkpoint(job).await.map(Some),
            None => Ok(None),
        }
    }

    /// Follows a job's log from the line after `after`: what is stored first, then what comes.
    pub async fn subscribe_logs(&self, job: JobId, after: u64) -> Result<LogSubscription, SubscribeError> {
        LogSubscription::open(&self.shared, job, after).await
    }

    /// Watches all jobs: those that have changed after `after`, a place that an earlier watch has told, and then those
    /// that change; without it, those that change from now on.
    pub fn watch_jobs(&self, after: Option<ChangeCursor>) -> Result<JobWatch, SubscribeError> {
        JobWatch::open(&self.shared, after).ok_or(SubscribeError::TooMany(self.shared.node_limits.log_streams))
    }

    /// Ends a subscription, also one that watches jobs; false when there is none of this name any more.
    pub fn unsubscribe_logs(&self, id: SubscriptionId) -> bool {
        self.shared.subscriptions.end(id)
    }
}
