//! The door of the store: one way to write, several to read.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use sqlx::SqliteConnection;
use sqlx::sqlite::SqlitePool;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::read::{self, ModuleEntry, NodeRow};
use super::sqlite::{self, FolderLock, SqliteSession};
use super::write::{Answer, Command, Write, Writer};
use super::{OpenError, StoreError};
use crate::domain::{
    After, Digest, Job, JobCounts, JobFilter, JobId, JobPage, LogPage, Module, ResultPage, Results, Status,
    StoredCheckpoint, Timestamp,
};

/// What a write costs beside its payload, about.
const ROW_BYTES: usize = 256;
/// Bytes of writes that may wait for the writer. Beyond it, whoever hands a write over waits.
const ROOM_BYTES: usize = 64 << 20;

/// The database.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    commands: mpsc::UnboundedSender<Command>,
    room: Arc<Semaphore>,
    readers: SqlitePool,
    closing: CancellationToken,
}

/// The task that writes; without it no write is answered. It owns the folder: once it has ended, another process may
/// have it, whoever still holds a handle of the store.
pub struct StoreWriter {
    writer: Writer<SqliteSession<Box<SqliteConnection>>>,
    readers: SqlitePool,
    lock: FolderLock,
}

impl StoreWriter {
    /// Runs until [`Store::close`], and then until everything handed over before is answered. Reads are refused after
    /// that.
    pub async fn run(self) {
        self.writer.run().await;
        self.readers.close().await;
        drop(self.lock);
    }
}

/// Room for one write.
pub struct Place {
    commands: mpsc::UnboundedSender<Command>,
    room: OwnedSemaphorePermit,
}

impl Place {
    /// Hands a write over; `on_commit` is told after its commit. Writes of one job take effect in the order in which
    /// they are handed over.
    pub fn hand_over(self, write: Write, on_commit: impl FnOnce(Result<Answer, StoreError>) + Send + 'static) {
        let command = Command { write, on_commit: Box::new(on_commit), room: self.room };
        if let Err(mpsc::error::SendError(command)) = self.commands.send(command) {
            command.answer(Err(StoreError::Closed));
        }
    }
}

type Reader = SqliteSession<sqlx::pool::PoolConnection<sqlx::Sqlite>>;

impl Store {
    /// Opens the embedded database in a folder, which this process then owns. The writer has to be run by the caller.
    pub async fn open(folder: &Path) -> Result<(Self, StoreWriter), OpenError> {
        let opened = sqlite::open(folder).await?;
        let (commands, waiting) = mpsc::unbounded_channel();
        let closing = CancellationToken::new();
        let session = SqliteSession(Box::new(opened.writer));
        let writer = StoreWriter {
            writer: Writer::new(session, waiting, closing.clone()),
            readers: opened.readers.clone(),
            lock: opened.lock,
        };
        let inner = Inner { commands, room: Arc::new(Semaphore::new(ROOM_BYTES)), readers: opened.readers, closing };
        Ok((Self { inner: Arc::new(inner) }, writer))
    }

    /// Takes no more writes; those handed over are still committed.
    pub fn close(&self) {
        self.inner.closing.cancel();
    }

    /// Waits for room for a write of about `bytes` of payload. Dropping the future gives the wait up and nothing else,
    /// so whoever must lose nothing takes the payload in hand only once it has its place.
    pub async fn reserve(&self, bytes: usize) -> Place {
        let size = u32::try_from((bytes + ROW_BYTES).min(ROOM_BYTES)).expect("the room is smaller than 4 GiB");
        let room = Arc::clone(&self.inner.room).acquire_many_owned(size).await.expect("the room is never closed");
        Place { commands: self.inner.commands.clone(), room }
    }

    /// Writes, and answers after the commit. A write that was handed over is not withdrawn when this future is dropped.
    pub async fn write(&self, write: Write) -> Result<Answer, StoreError> {
        let (tell, told) = oneshot::channel();
        self.reserve(write.payload_bytes()).await.hand_over(write, move |answer| {
            // Nobody may be waiting any more; the write stands all the same.
            let _ = tell.send(answer);
        });
        told.await.unwrap_or(Err(StoreError::Closed))
    }

    async fn reader(&self) -> Result<Reader, StoreError> {
        let connection = self.inner.readers.acquire().await.map_err(|error| sqlite::refusal(&error))?;
        Ok(SqliteSession(connection))
    }

    /// One job. `now` counts the run time of a running one.
    pub async fn job(&self, id: JobId, now: Timestamp) -> Result<Option<Job>, StoreError> {
        read::find_job(&mut self.reader().await?, id, now).await
    }

    /// Jobs, newest first.
    pub async fn jobs(&self, filter: &JobFilter, now: Timestamp) -> Result<JobPage, StoreError> {
        read::job_page(&mut self.reader().await?, filter, now).await
    }

    /// How many jobs stand where.
    pub async fn job_counts(&self) -> Result<JobCounts, StoreError> {
        read::job_counts(&mut self.reader().await?).await
    }

    /// The running jobs, newest first, at most 1,000.
    pub async fn running_jobs(&self) -> Result<Vec<JobId>, StoreError> {
        read::running_jobs(&mut self.reader().await?).await
    }

    /// Where a job stands and the number of its last log line.
    pub async fn job_status(&self, id: JobId) -> Result<Option<(Status, u64)>, StoreError> {
        read::job_status(&mut self.reader().await?, id).await
    }

    /// Log lines of a job; `None` when there is no such job.
    pub async fn logs(&self, job: JobId, part: After) -> Result<Option<LogPage>, StoreError> {
        read::log_page(&mut self.reader().await?, job, part).await
    }

    /// Results of a job.
    pub async fn results(&self, job: JobId, part: After, which: Results) -> Result<ResultPage, StoreError> {
        read::result_page(&mut self.reader().await?, job, part, which).await
    }

    /// The newest checkpoint of a job.
    pub async fn checkpoint(&self, job: JobId) -> Result<Option<StoredCheckpoint>, StoreError> {
        read::checkpoint(&mut self.reader().await?, job).await
    }

    /// All names and versions, or those of one name.
    pub async fn module_entries(&self, name: Option<&str>) -> Result<Vec<ModuleEntry>, StoreError> {
        read::module_entries(&mut self.reader().await?, name).await
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

    /// The nodes that are up.
    pub async fn nodes(&self) -> Result<Vec<NodeRow>, StoreError> {
        read::nodes(&mut self.reader().await?).await
    }
}
