//! The door of the store: one way to write, several to read.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use sqlx::SqliteConnection;
use tokio::runtime::{Builder, Handle};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::backup::remove_leftovers;
use super::bells::Bells;
use super::changes::ChangeLog;
use super::database::{Location, Reader, Readers};
use super::joint_reads::JointReads;
use super::offers::Offer;
use super::postgres::{self, Company, PostgresWriter, WakeUps};
use super::read::{self, DueWebhook, ModuleEntry, NodeCounts, NodeRow, Queue, SealedSecret, SealedWebhook, Size};
use super::sqlite::{self, Disk, FolderLock, SqliteSession, Upkeep};
use super::write::{Answer, Command, EventBodies, OnCommit, Write, Writer};
use super::{OpenError, StoreError};
use crate::blocking::on_own_thread;
use crate::domain::{
    After, AttemptPage, AuditPage, Claim, Delivery, DeliveryPage, DeliveryState, Digest, EventId, HistorySpan, Job,
    JobCounts, JobFilter, JobHistory, JobId, JobPage, JobSummary, LogPage, Module, NodeId, Reach, ResultPage, Results,
    Schedule, ScheduleId, ScheduleName, SchedulePage, ScheduleRef, ScheduleRunPage, SecretName, Status,
    StoredCheckpoint, StoredToken, Timestamp, Webhook, WebhookCounts, WebhookId,
};

/// What a write costs beside its payload, about.
const ROW_BYTES: usize = 256;
/// Bytes of writes that may wait for the writer. Beyond it, whoever hands a write over waits.
const ROOM_BYTES: usize = 64 << 20;

/// The database.
#[derive(Clone)]
pub struct Store {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    commands: mpsc::UnboundedSender<Vec<Command>>,
    room: Arc<Semaphore>,
    readers: Readers,
    bells: Bells,
    changes: ChangeLog,
    /// What names of modules mean, where other nodes may change it.
    versions: JointReads<Arc<[ModuleEntry]>>,
    company: Mutex<Option<Company>>,
    /// The disk with the database, where it is this machine's.
    pub(super) disk: Option<Disk>,
    /// What else can be done with its file.
    pub(super) upkeep: Option<Upkeep>,
    /// One backup at a time.
    pub(super) backup: Arc<Semaphore>,
    closing: CancellationToken,
}

/// The writer waits for the database at every statement. Neither it nor what tells it of an answer, be that a thread of
/// `SQLite`'s library or a socket, may stand in a queue behind the tasks of a busy runtime.
async fn on_writers_thread(run: impl FnOnce() -> io::Result<()> + Send + 'static) {
    match on_own_thread("writer", run).await {
        Some(Ok(())) => {}
        Some(Err(error)) => tracing::error!(%error, "the writer of the database has no runtime"),
        None => tracing::error!("the writer of the database failed"),
    }
}

/// The task that writes; without it no write is answered. It owns the folder: once it has ended, another process may
/// have it, whoever still holds a handle of the store.
pub struct StoreWriter {
    writer: AnyWriter,
    readers: Readers,
    closing: CancellationToken,
    lock: FolderLock,
}

enum AnyWriter {
    Sqlite(Box<Writer<SqliteSession<Box<SqliteConnection>>>>),
    Postgres(Box<(Writer<PostgresWriter>, WakeUps)>),
}

impl StoreWriter {
    /// The same, and webhooks are told of jobs that end, in these words.
    #[must_use]
    pub fn telling(mut self, bodies: EventBodies) -> Self {
        match &mut self.writer {
            AnyWriter::Sqlite(writer) => writer.tell(bodies),
            AnyWriter::Postgres(both) => both.0.tell(bodies),
        }
        self
    }

    /// Runs until [`Store::close`], and then until everything handed over before is answered. Reads are refused after
    /// that.
    pub async fn run(self) {
        match self.writer {
            AnyWriter::Sqlite(writer) => {
                let runtime = Handle::current();
                let run = move || {
                    runtime.block_on(writer.run());
                    Ok(())
                };
                on_writers_thread(run).await;
            }
            AnyWriter::Postgres(both) => {
                let (writer, wake_ups) = *both;
                let own = || Builder::new_current_thread().enable_all().build();
                let run = move || own().map(|runtime| runtime.block_on(writer.run()));
                tokio::join!(on_writers_thread(run), wake_ups.run(self.closing));
            }
        }
        self.readers.close().await;
        drop(self.lock);
    }
}

/// Room for what is handed over at once.
pub struct Place {
    commands: mpsc::UnboundedSender<Vec<Command>>,
    room: OwnedSemaphorePermit,
}

impl Place {
    /// Hands writes over, and whom to tell of each after its commit. Writes of one job take effect in the order in which
    /// they are handed over; what is handed over at once is committed at once, unless it is too much for one batch.
    pub fn hand_over(self, writes: Vec<(Write, OnCommit)>) {
        let command = |(write, on_commit)| Command { write, on_commit, room: None };
        let mut commands: Vec<_> = writes.into_iter().map(command).collect();
        if let Some(last) = commands.last_mut() {
            last.room = Some(self.room);
        }
        if let Err(mpsc::error::SendError(commands)) = self.commands.send(commands) {
            for command in commands {
                command.answer(Err(StoreError::Closed));
            }
        }
    }
}

impl Store {
    /// Takes the data folder, which this process then owns, and opens the database. The writer has to be run by the
    /// caller.
    pub async fn open(folder: &Path, location: Location<'_>) -> Result<(Self, StoreWriter), OpenError> {
        let lock = FolderLock::take(folder)?;
        let (commands, waiting) = mpsc::unbounded_channel();
        let closing = CancellationToken::new();
        let changes = ChangeLog::default();
        let (writer, readers, bells, company, disk, upkeep) = match location {
            Location::Folder => {
                remove_leftovers(folder);
                let opened = sqlite::open(folder).await?;
                let (session, bells) = (SqliteSession::on_own_thread(Box::new(opened.writer)), Bells::default());
                let writer = Writer::new(session, waiting, closing.clone(), bells.clone(), changes.clone());
                (
                    AnyWriter::Sqlite(Box::new(writer)),
                    Readers::Sqlite(opened.readers),
                    bells,
                    None,
                    Some(Disk::of(folder)),
                    Some(opened.upkeep),
                )
            }
            Location::Postgres(url) => {
                let opened = postgres::open(url, &changes).await?;
                let bells = opened.wake_ups.bells();
                let writer = Writer::new(opened.writer, waiting, closing.clone(), bells.clone(), changes.clone());
                let writer = AnyWriter::Postgres(Box::new((writer, opened.wake_ups)));
                (writer, Readers::Postgres(opened.readers), bells, Some(opened.company), None, None)
            }
        };
        let writer = StoreWriter { writer, readers: readers.clone(), closing: closing.clone(), lock };
        let room = Arc::new(Semaphore::new(ROOM_BYTES));
        let company = Mutex::new(company);
        let inner = Inner {
            commands,
            room,
            readers,
            bells,
            changes,
            versions: JointReads::default(),
            company,
            disk,
            upkeep,
            backup: Arc::new(Semaphore::new(1)),
            closing,
        };
        Ok((Self { inner: Arc::new(inner) }, writer))
    }

    /// What a node has to do with the others, once; `None` where one process owns the database.
    pub fn take_company(&self) -> Option<Company> {
        self.inner.company.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Which jobs changed lately.
    pub fn changes(&self) -> &ChangeLog {
        &self.inner.changes
    }

    /// Whether several nodes may share the database.
    pub fn is_shared(&self) -> bool {
        matches!(self.inner.readers, Readers::Postgres(_))
    }

    /// From now on this is asked for a claim in each batch that may leave work. It must be quick and must not block.
    pub fn take_offers(&self, ask: impl Fn() -> Option<Offer> + Send + Sync + 'static) {
        self.inner.bells.offers.come_from(ask);
    }

    /// Rings when there may be a job to claim that no offer took. Only a hint.
    pub fn jobs_hint(&self) -> Arc<Notify> {
        Arc::clone(&self.inner.bells.jobs)
    }

    /// Rings when another node may have asked a job to stop. Only a hint.
    pub fn stops_hint(&self) -> Arc<Notify> {
        Arc::clone(&self.inner.bells.stops)
    }

    /// Rings when there may be something to send to webhooks. Only a hint.
    pub fn deliveries_hint(&self) -> Arc<Notify> {
        Arc::clone(&self.inner.bells.deliveries)
    }

    /// Rings when another node may have put a schedule. Only a hint.
    pub fn schedules_hint(&self) -> Arc<Notify> {
        Arc::clone(&self.inner.bells.schedules)
    }

    /// Takes no more writes; those handed over are still committed.
    pub fn close(&self) {
        self.inner.closing.cancel();
    }

    /// Whether the disk with the database is so full that no new work is taken.
    pub fn is_short_of_disk(&self) -> bool {
        self.inner.disk.as_ref().is_some_and(Disk::is_short)
    }

    /// Waits for room for writes of about `bytes` of payload. Dropping the future gives the wait up and nothing else,
    /// so whoever must lose nothing takes the payload in hand only once it has its place.
    pub async fn reserve(&self, bytes: usize) -> Place {
        let size = u32::try_from((bytes + ROW_BYTES).min(ROOM_BYTES)).expect("the room is smaller than 4 GiB");
        let room = Arc::clone(&self.inner.room).acquire_many_owned(size).await.expect("the room is never closed");
        Place { commands: self.inner.commands.clone(), room }
    }

    /// Writes, and answers after the commit. A write that was handed over is not withdrawn when this future is dropped.
    pub async fn write(&self, write: Write) -> Result<Answer, StoreError> {
        if write.is_new_work() && self.is_short_of_disk() {
            return Err(StoreError::DiskFull);
        }
        let (tell, told) = oneshot::channel();
        let on_commit: OnCommit = Box::new(move |answer| {
            // Nobody may be waiting any more; the write stands all the same.
            let _ = tell.send(answer);
        });
        self.reserve(write.payload_bytes()).await.hand_over(vec![(write, on_commit)]);
        told.await.unwrap_or(Err(StoreError::Closed))
    }

    pub(super) async fn reader(&self) -> Result<Reader, StoreError> {
        // In a box: what a pool needs to wait for a connection is large, and would be moved about with every future that reads.
        Box::pin(self.inner.readers.acquire()).await
    }

    /// One job. `now` counts the run time of a running one.
    pub async fn job(&self, id: JobId, now: Timestamp) -> Result<Option<Job>, StoreError> {
        read::find_job(&mut self.reader().await?, id, now).await
    }

    /// Jobs, newest first.
    pub async fn jobs(&self, filter: &JobFilter, now: Timestamp) -> Result<JobPage, StoreError> {
        read::job_page(&mut self.reader().await?, filter, now).await
    }

    /// Which jobs there are, newest first, at most so many.
    pub async fn job_ids(&self, filter: &JobFilter, most: u32) -> Result<Vec<JobId>, StoreError> {
        read::job_ids(&mut self.reader().await?, filter, most).await
    }

    /// How many jobs stand where.
    pub async fn job_counts(&self, reach: &Reach) -> Result<JobCounts, StoreError> {
        read::job_counts(&mut self.reader().await?, reach).await
    }

    /// What began and ended in the steps of a span, up to now.
    pub async fn job_history(
        &self,
        span: HistorySpan,
        reach: &Reach,
        now: Timestamp,
    ) -> Result<JobHistory, StoreError> {
        read::job_history(&mut self.reader().await?, span, reach, now).await
    }

    /// The running jobs, newest first, at most 1,000.
    pub async fn running_jobs(&self, reach: &Reach) -> Result<Vec<JobId>, StoreError> {
        read::running_jobs(&mut self.reader().await?, reach).await
    }

    /// The name of the module that a job runs.
    pub async fn job_module(&self, id: JobId) -> Result<Option<String>, StoreError> {
        read::job_module(&mut self.reader().await?, id).await
    }

    /// All tokens, oldest first.
    pub async fn tokens(&self) -> Result<Vec<StoredToken>, StoreError> {
        read::tokens(&mut self.reader().await?).await
    }

    /// What was done and by whom, oldest first.
    pub async fn audit(&self, part: After) -> Result<AuditPage, StoreError> {
        read::audit_page(&mut self.reader().await?, part).await
    }

    /// How many tokens there are and how many of them are revoked: no change of tokens leaves both as they are.
    pub async fn token_counts(&self) -> Result<(u64, u64), StoreError> {
        read::token_counts(&mut self.reader().await?).await
    }

    /// Where a job stands and the number of its last log line.
    pub async fn job_status(&self, id: JobId) -> Result<Option<(Status, u64)>, StoreError> {
        read::job_status(&mut self.reader().await?, id).await
    }

    /// What changes of jobs while they are watched; those that are gone are left out.
    pub async fn job_summaries(&self, jobs: &[JobId]) -> Result<Vec<JobSummary>, StoreError> {
        read::job_summaries(&mut self.reader().await?, jobs).await
    }

    /// Log lines of a job; `None` when there is no such job.
    pub async fn logs(&self, job: JobId, part: After) -> Result<Option<LogPage>, StoreError> {
        read::log_page(&mut self.reader().await?, job, part).await
    }

    /// Results of a job.
    pub async fn results(&self, job: JobId, part: After, which: Results) -> Result<ResultPage, StoreError> {
        read::result_page(&mut self.reader().await?, job, part, which).await
    }

    /// Attempts of a job.
    pub async fn attempts(&self, job: JobId, part: After) -> Result<AttemptPage, StoreError> {
        read::attempt_page(&mut self.reader().await?, job, part).await
    }

    /// The newest checkpoint of a job.
    pub async fn checkpoint(&self, job: JobId) -> Result<Option<StoredCheckpoint>, StoreError> {
        read::checkpoint(&mut self.reader().await?, job).await
    }

    /// All names and versions.
    pub async fn module_entries(&self) -> Result<Vec<ModuleEntry>, StoreError> {
        read::module_entries(&mut self.reader().await?).await
    }

    /// The versions of one name.
    pub async fn versions(&self, name: &str) -> Result<Arc<[ModuleEntry]>, StoreError> {
        let read = async { read::versions(&mut self.reader().await?, name).await };
        if self.is_shared() {
            return self.inner.versions.answer(name, read).await;
        }
        let names = &self.inner.bells.module_names;
        let before = match names.known(name) {
            Ok(known) => return Ok(known),
            Err(before) => before,
        };
        let entries = read.await?;
        names.keep(before, name, &entries);
        Ok(entries)
    }

    /// The module with these bytes.
    pub async fn module(&self, digest: Digest) -> Result<Option<Module>, StoreError> {
        read::find_module(&mut self.reader().await?, digest).await
    }

    /// A component's bytes.
    pub async fn component(&self, digest: Digest) -> Result<Option<Bytes>, StoreError> {
        read::component_bytes(&mut self.reader().await?, digest).await
    }

    /// How many names and versions there are.
    pub async fn module_count(&self) -> Result<u64, StoreError> {
        read::module_count(&mut self.reader().await?).await
    }

    /// All secrets, sealed, by name.
    pub async fn secrets(&self) -> Result<Vec<SealedSecret>, StoreError> {
        read::secrets(&mut self.reader().await?).await
    }

    /// A secret, sealed.
    pub async fn secret(&self, name: &SecretName) -> Result<Option<SealedSecret>, StoreError> {
        read::find_secret(&mut self.reader().await?, name).await
    }

    /// All webhooks, oldest first.
    pub async fn webhooks(&self) -> Result<Vec<Webhook>, StoreError> {
        read::webhooks(&mut self.reader().await?).await
    }

    /// A webhook, its signing secrets sealed.
    pub async fn webhook(&self, id: WebhookId) -> Result<Option<SealedWebhook>, StoreError> {
        read::find_webhook(&mut self.reader().await?, id).await
    }

    /// Which webhooks are to be told something, the first first.
    pub async fn due_webhooks(&self) -> Result<Vec<DueWebhook>, StoreError> {
        read::due_webhooks(&mut self.reader().await?).await
    }

    /// Deliveries of a webhook, newest first, from the one before an event.
    pub async fn deliveries(
        &self,
        webhook: WebhookId,
        part: (Option<EventId>, u32),
        state: Option<DeliveryState>,
    ) -> Result<DeliveryPage, StoreError> {
        read::delivery_page(&mut self.reader().await?, webhook, part, state).await
    }

    /// One delivery of a webhook.
    pub async fn delivery(&self, webhook: WebhookId, event: EventId) -> Result<Option<Delivery>, StoreError> {
        read::find_delivery(&mut self.reader().await?, webhook, event).await
    }

    /// How webhooks stand.
    pub async fn webhook_counts(&self) -> Result<WebhookCounts, StoreError> {
        read::webhook_counts(&mut self.reader().await?).await
    }

    /// A schedule.
    pub async fn schedule(&self, which: &ScheduleRef) -> Result<Option<Schedule>, StoreError> {
        read::find_schedule(&mut self.reader().await?, which).await
    }

    /// Schedules by their name, from the one after `after`; of modules that are reached.
    pub async fn schedules(
        &self,
        reach: &Reach,
        after: Option<&ScheduleName>,
        limit: u32,
    ) -> Result<SchedulePage, StoreError> {
        read::schedule_page(&mut self.reader().await?, reach, after, limit).await
    }

    /// What time it is by the database's clock.
    pub async fn now(&self) -> Result<Timestamp, StoreError> {
        read::now(&mut self.reader().await?).await
    }

    /// The schedules that fire next, soonest first: which, when, and what time it is by the database's clock.
    pub async fn next_firings(&self, limit: u32) -> Result<Vec<(ScheduleId, Timestamp, Timestamp)>, StoreError> {
        read::next_firings(&mut self.reader().await?, limit).await
    }

    /// What occurrences of a schedule came to, newest first, from the one before `before`.
    pub async fn schedule_runs(
        &self,
        schedule: ScheduleId,
        before: Option<u64>,
        limit: u32,
    ) -> Result<ScheduleRunPage, StoreError> {
        read::schedule_runs(&mut self.reader().await?, schedule, before, limit).await
    }

    /// The nodes that are up.
    pub async fn nodes(&self) -> Result<Vec<NodeRow>, StoreError> {
        read::nodes(&mut self.reader().await?).await
    }

    /// How many nodes there are, and how many of them are gone.
    pub async fn node_counts(&self) -> Result<NodeCounts, StoreError> {
        read::node_counts(&mut self.reader().await?).await
    }

    /// How many jobs have not ended, and for how long they have waited.
    pub async fn queue(&self) -> Result<Queue, StoreError> {
        read::queue(&mut self.reader().await?).await
    }

    /// Since when the oldest job waits for nothing but a free slot, or from when on.
    pub async fn oldest_ready(&self, reach: &Reach) -> Result<Option<Timestamp>, StoreError> {
        read::oldest_ready(&mut self.reader().await?, reach).await
    }

    /// What the database takes, and what is left for it.
    pub async fn size(&self) -> Result<Size, StoreError> {
        let disk = self.inner.disk.as_ref();
        let database_bytes = match disk {
            Some(disk) => disk.database_bytes(),
            None => read::database_bytes(&mut self.reader().await?).await?,
        };
        let disk_free_bytes = disk.and_then(Disk::free_bytes);
        Ok(Size { database_bytes, disk_free_bytes, is_short_of_disk: self.is_short_of_disk() })
    }

    /// The claims under which a node runs jobs that were asked to stop.
    pub async fn stopping(&self, node: NodeId) -> Result<Vec<Claim>, StoreError> {
        read::stopping(&mut self.reader().await?, node).await
    }
}
