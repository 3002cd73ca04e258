//! The writer: one task that takes the writes of all jobs and commits those waiting at a moment together.

use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio_util::sync::CancellationToken;

use super::batch::{Batch, Queue};
use super::commit;
use super::model::{Answer, Write};
use crate::store::StoreError;
use crate::store::session::Session;

/// How long the writer waits before it tries again what a full or absent database refused.
const RETRY_PAUSE: Duration = Duration::from_millis(250);

/// Told once the write is committed or refused; must be quick and must not block.
pub(in crate::store) type OnCommit = Box<dyn FnOnce(Result<Answer, StoreError>) + Send>;

/// A write and whom to tell.
pub(in crate::store) struct Command {
    pub(in crate::store) write: Write,
    pub(in crate::store) on_commit: OnCommit,
    /// Its share of the bytes that may wait; given back with the answer.
    pub(in crate::store) room: OwnedSemaphorePermit,
}

impl Command {
    pub(in crate::store) fn answer(self, answer: Result<Answer, StoreError>) {
        drop(self.room);
        (self.on_commit)(answer);
    }
}

/// A session that can hold several statements together.
pub(in crate::store) trait Transactions: Session {
    fn begin(&mut self) -> impl Future<Output = Result<(), StoreError>> + Send;
    fn commit(&mut self) -> impl Future<Output = Result<(), StoreError>> + Send;
    fn rollback(&mut self) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Owns the only connection that writes.
pub(in crate::store) struct Writer<S> {
    session: S,
    commands: mpsc::UnboundedReceiver<Command>,
    closing: CancellationToken,
    queue: Queue,
}

impl<S: Transactions> Writer<S> {
    pub(in crate::store) fn new(
        session: S,
        commands: mpsc::UnboundedReceiver<Command>,
        closing: CancellationToken,
    ) -> Self {
        Self { session, commands, closing, queue: Queue::default() }
    }

    /// Runs until the store is closed and everything handed over before is answered.
    pub(in crate::store) async fn run(mut self) {
        while self.gather().await {
            let batch = self.queue.take_batch();
            self.write(batch).await;
        }
    }

    /// Waits for something to write, then takes all that waits.
    async fn gather(&mut self) -> bool {
        if self.queue.is_empty() {
            let first = tokio::select! {
                biased;
                first = self.commands.recv() => first,
                () = self.closing.cancelled(), if !self.commands.is_closed() => {
                    self.commands.close();
                    self.commands.recv().await
                }
            };
            match first {
                Some(command) => self.queue.push(command),
                None => return false,
            }
        }
        while let Ok(command) = self.commands.try_recv() {
            self.queue.push(command);
        }
        true
    }

    async fn write(&mut self, batch: Batch) {
        match self.commit(batch.writes()).await {
            Ok(answers) => batch.answer(answers),
            Err(error @ (StoreError::DiskFull | StoreError::Unavailable(_) | StoreError::Closed)) => {
                tracing::warn!(%error, writes = batch.len(), "a batch was not committed");
                self.queue.put_back(batch.refuse_new(&error));
                tokio::time::sleep(RETRY_PAUSE).await;
            }
            // One write contradicts the schema; it must not take the others with it.
            Err(error) if batch.len() == 1 => {
                tracing::error!(%error, "a write was refused by the database");
                batch.fail(&error);
            }
            Err(_) => {
                for single in batch.into_singles() {
                    Box::pin(self.write(single)).await;
                }
            }
        }
    }

    async fn commit(&mut self, writes: &[Write]) -> Result<Vec<Answer>, StoreError> {
        self.session.begin().await?;
        let answers = match commit::apply(&mut self.session, writes).await {
            Ok(answers) => answers,
            Err(error) => {
                if let Err(error) = self.session.rollback().await {
                    tracing::warn!(%error, "a transaction was not rolled back");
                }
                return Err(error);
            }
        };
        if let Err(error) = self.session.commit().await {
            // A commit that failed may leave the transaction open.
            let _ = self.session.rollback().await;
            return Err(error);
        }
        Ok(answers)
    }
}
