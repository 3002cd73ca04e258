//! Which of the waiting writes go into the next transaction: bounded in number and bytes, and fair between jobs.

use std::collections::{HashMap, HashSet, VecDeque};

use super::model::{Answer, Write};
use super::writer::Command;
use crate::domain::JobId;
use crate::store::StoreError;

/// More gains little (see the figures in ARCHITECTURE.md) and makes everybody in the batch wait longer.
const BATCH_WRITES: usize = 1_024;
/// What one transaction writes at most, unless a single write is larger.
const BATCH_BYTES: usize = 8 << 20;
/// What one job may have of a batch, so that a flood of one does not delay the others.
const JOB_BYTES: usize = 1 << 20;

/// Writes that wait, in the order in which they came.
#[derive(Default)]
pub(super) struct Queue {
    waiting: VecDeque<Command>,
}

impl Queue {
    pub(super) fn add(&mut self, commands: Vec<Command>) {
        self.waiting.extend(commands);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Puts what was not written back in front.
    pub(super) fn put_back(&mut self, commands: Vec<Command>) {
        for command in commands.into_iter().rev() {
            self.waiting.push_front(command);
        }
    }

    /// Refuses what clients may ask for again; what running attempts have handed over stays.
    pub(super) fn refuse_new(&mut self, error: &StoreError) {
        let (kept, refused): (Vec<_>, Vec<_>) =
            self.waiting.drain(..).partition(|command| command.write.is_of_attempt());
        self.waiting = kept.into();
        for command in refused {
            command.answer(Err(error.clone()));
        }
    }

    /// Refuses everything.
    pub(super) fn refuse_all(&mut self, error: &StoreError) {
        for command in self.waiting.drain(..) {
            command.answer(Err(error.clone()));
        }
    }

    /// The next batch. Writes of one job keep their order: once one of them has to wait, all after it wait.
    pub(super) fn take_batch(&mut self) -> Batch {
        let mut batch = Batch::default();
        let mut share = Share::default();
        let mut left = VecDeque::new();
        while let Some(command) = self.waiting.pop_front() {
            if batch.len() == BATCH_WRITES || share.bytes >= BATCH_BYTES {
                left.push_back(command);
                left.append(&mut self.waiting);
            } else if share.admits(&command.write) {
                batch.push(command);
            } else {
                left.push_back(command);
            }
        }
        self.waiting = left;
        batch
    }
}

/// Who has how much of a batch.
#[derive(Default)]
struct Share {
    bytes: usize,
    jobs: HashMap<JobId, usize>,
    waiting: HashSet<JobId>,
    exclusive: HashSet<(JobId, std::mem::Discriminant<Write>)>,
}

impl Share {
    fn admits(&mut self, write: &Write) -> bool {
        let size = write.payload_bytes();
        if let Some(job) = write.job() {
            if self.waiting.contains(&job) {
                return false;
            }
            let of_job = self.jobs.entry(job).or_default();
            let full = *of_job > 0 && *of_job + size > JOB_BYTES;
            if full || (write.is_exclusive() && !self.exclusive.insert((job, std::mem::discriminant(write)))) {
                self.waiting.insert(job);
                return false;
            }
            *of_job += size;
        }
        self.bytes += size;
        true
    }
}

/// Writes that are committed together.
#[derive(Default)]
pub(super) struct Batch {
    writes: Vec<Write>,
    replies: Vec<Reply>,
}

/// A command without its write.
struct Reply {
    on_commit: super::writer::OnCommit,
    room: Option<tokio::sync::OwnedSemaphorePermit>,
}

impl Batch {
    pub(super) fn push(&mut self, command: Command) {
        self.writes.push(command.write);
        self.replies.push(Reply { on_commit: command.on_commit, room: command.room });
    }

    pub(super) fn len(&self) -> usize {
        self.writes.len()
    }

    pub(super) fn writes(&self) -> &[Write] {
        &self.writes
    }

    /// The commands, to be tried again.
    pub(super) fn into_all(self) -> Vec<Command> {
        self.into_commands().collect()
    }

    fn into_commands(self) -> impl Iterator<Item = Command> {
        self.writes.into_iter().zip(self.replies).map(|(write, Reply { on_commit, room })| Command {
            write,
            on_commit,
            room,
        })
    }

    /// Tells everybody what the commit came to.
    pub(super) fn answer(self, answers: Vec<Answer>) {
        debug_assert_eq!(answers.len(), self.writes.len(), "each write gets one answer");
        for (command, answer) in self.into_commands().zip(answers) {
            command.answer(Ok(answer));
        }
    }

    /// Tells everybody that nothing was written.
    pub(super) fn fail(self, error: &StoreError) {
        for command in self.into_commands() {
            command.answer(Err(error.clone()));
        }
    }

    /// Refuses what clients may ask for again; what running attempts have handed over stays and is returned.
    pub(super) fn refuse_new(self, error: &StoreError) -> Vec<Command> {
        let (kept, refused): (Vec<_>, Vec<_>) = self.into_commands().partition(|command| command.write.is_of_attempt());
        for command in refused {
            command.answer(Err(error.clone()));
        }
        kept
    }

    /// Each write as a batch of its own.
    pub(super) fn into_singles(self) -> impl Iterator<Item = Self> {
        self.into_commands().map(|command| {
            let mut batch = Self::default();
            batch.push(command);
            batch
        })
    }
}
