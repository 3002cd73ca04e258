//! The writer: one task that takes the writes of all jobs and commits those waiting at a moment together.

use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::batch::{Batch, Queue};
use super::commit::{self, Applied};
use super::model::{Answer, Write};
use super::webhooks::EventBodies;
use crate::domain::JobId;
use crate::measured;
use crate::store::StoreError;
use crate::store::bells::Bells;
use crate::store::changes::{ChangeLog, changed};
use crate::store::failpoints::{Side, reach};
use crate::store::session::Session;

/// How long the writer waits before it tries again what a full or absent database refused.
const RETRY_PAUSE: Duration = Duration::from_millis(250);
/// The longest pause before a batch that met another node's is tried again.
const CONFLICT_PAUSE_MS: u64 = 20;
/// How long a host that goes down waits for a database that takes nothing.
const CLOSING_PATIENCE: Duration = Duration::from_secs(5);

/// Told once the write is committed or refused, on the writer's thread: must be quick, must not block, and spawns nothing
/// on the runtime that it finds there.
pub type OnCommit = Box<dyn FnOnce(Result<Answer, StoreError>) + Send>;

/// A write and whom to tell.
pub(in crate::store) struct Command {
    pub(in crate::store) write: Write,
    pub(in crate::store) on_commit: OnCommit,
    /// Its share of the bytes that may wait; given back with the answer. What the writer adds itself has none.
    pub(in crate::store) room: Option<OwnedSemaphorePermit>,
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
    /// Tells other processes that share the database, in the same transaction, which jobs it has changed.
    fn commit(&mut self, changed: &[JobId]) -> impl Future<Output = Result<(), CommitError>> + Send;
    fn rollback(&mut self) -> impl Future<Output = Result<(), StoreError>> + Send;
    /// After a commit whose answer was lost: whether it took effect. If it did not, it never will.
    fn took_effect(&mut self, changed: &[JobId]) -> impl Future<Output = Result<bool, StoreError>> + Send;
}

/// A commit that was not answered with success.
pub(in crate::store) enum CommitError {
    /// Nothing was written.
    Refused(StoreError),
    /// The answer was lost.
    Unknown(StoreError),
}

/// Owns the only connection that writes.
pub(in crate::store) struct Writer<S> {
    session: S,
    /// What comes together goes into one batch, where there is room.
    commands: mpsc::UnboundedReceiver<Vec<Command>>,
    closing: CancellationToken,
    bells: Bells,
    changes: ChangeLog,
    queue: Queue,
    /// What webhooks are told; without it they are told nothing.
    bodies: Option<EventBodies>,
    /// For how long a database that takes nothing is still asked once the store is closed.
    patience: Duration,
}

impl<S: Transactions> Writer<S> {
    pub(in crate::store) fn new(
        session: S,
        commands: mpsc::UnboundedReceiver<Vec<Command>>,
        closing: CancellationToken,
        bells: Bells,
        changes: ChangeLog,
    ) -> Self {
        let (queue, patience) = (Queue::default(), CLOSING_PATIENCE);
        Self { session, commands, closing, bells, changes, queue, bodies: None, patience }
    }

    /// From now on webhooks are told of jobs that end.
    pub(in crate::store) fn tell(&mut self, bodies: EventBodies) {
        self.bodies = Some(bodies);
    }

    /// Runs until the store is closed and everything handed over before is answered.
    pub(in crate::store) async fn run(mut self) {
        while self.gather().await {
            let mut batch = self.queue.take_batch();
            if Write::leave_unclaimed(batch.writes())
                && let Some(claim) = self.bells.offers.ask()
            {
                batch.push(claim);
            }
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
                Some(commands) => self.queue.add(commands),
                None => return false,
            }
        }
        self.take_waiting();
        true
    }

    fn take_waiting(&mut self) {
        while let Ok(commands) = self.commands.try_recv() {
            self.queue.add(commands);
        }
    }

    async fn write(&mut self, batch: Batch) {
        let begin = Instant::now();
        let committed = self.commit(batch.writes()).await;
        match &committed {
            Ok(_) => {
                measured::COMMIT.took(begin.elapsed());
                measured::COMMIT_WRITES.came(u32::try_from(batch.len()).unwrap_or(u32::MAX));
            }
            Err(_) => measured::COMMITS_FAILED.add(1),
        }
        match committed {
            Ok(Applied { answers, deliveries, makes_room }) => {
                self.bells.ring(batch.writes(), deliveries, makes_room);
                batch.answer(answers);
            }
            Err(StoreError::Conflict) => {
                self.queue.put_back(batch.into_all());
                sleep(Duration::from_millis(fastrand::u64(1..=CONFLICT_PAUSE_MS))).await;
            }
            Err(error @ (StoreError::DiskFull | StoreError::Unavailable(_) | StoreError::Closed)) => {
                tracing::warn!(%error, writes = batch.len(), "a batch was not committed");
                self.queue.put_back(batch.refuse_new(&error));
                self.pause(&error).await;
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

    /// While the database takes nothing, whoever could ask again is told so at once; what running attempts hand over
    /// waits. A host that goes down does not wait for long.
    async fn pause(&mut self, error: &StoreError) {
        sleep(RETRY_PAUSE).await;
        self.take_waiting();
        self.queue.refuse_new(error);
        if self.closing.is_cancelled() {
            self.patience = self.patience.saturating_sub(RETRY_PAUSE);
            if self.patience.is_zero() {
                tracing::error!("the database takes nothing; what was not committed is given up");
                self.queue.refuse_all(error);
            }
        }
    }

    async fn commit(&mut self, writes: &[Write]) -> Result<Applied, StoreError> {
        self.session.begin().await?;
        let applied = commit::apply(&mut self.session, writes, self.bodies.as_ref()).await;
        let applied = match applied.and_then(|applied| reach(Side::Before, writes).map(|()| applied)) {
            Ok(applied) => applied,
            Err(error) => {
                self.rollback().await;
                return Err(error);
            }
        };
        let changed = changed(writes, &applied.answers);
        let done = match self.session.commit(&changed).await {
            Ok(()) => reach(Side::After, writes),
            Err(CommitError::Refused(error)) => {
                // A commit that failed may leave the transaction open.
                self.rollback().await;
                Err(error)
            }
            Err(CommitError::Unknown(error)) => {
                tracing::warn!(%error, writes = writes.len(), "the answer to a commit was lost");
                if self.find_out(&changed).await? { Ok(()) } else { Err(error) }
            }
        };
        done.map(|()| {
            self.changes.add(&changed);
            applied
        })
    }

    async fn rollback(&mut self) {
        if let Err(error) = self.session.rollback().await {
            tracing::warn!(%error, "a transaction was not rolled back");
        }
    }

    /// Asks until it is known whether the last commit took effect. Nobody is answered before: an answer that the next
    /// look contradicts would be worse than a late one.
    async fn find_out(&mut self, changed: &[JobId]) -> Result<bool, StoreError> {
        loop {
            match self.session.took_effect(changed).await {
                Ok(took_effect) => return Ok(took_effect),
                Err(error) => {
                    tracing::debug!(%error, "whether a commit took effect is not known yet");
                    self.pause(&error).await;
                    if self.patience.is_zero() {
                        return Err(error);
                    }
                }
            }
        }
    }
}
