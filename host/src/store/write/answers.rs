//! What the writes of a batch came to.

use super::gates::Touched;
use super::model::{Answer, ClaimedJob, Write};

/// One answer for each write of a batch, and the gates that are worth a look after it.
pub(super) struct Answers {
    all: Vec<Answer>,
    pub(super) gates: Touched,
    /// Whether a job has ended that others may have waited for, which may run only so many at once.
    pub(super) makes_room: bool,
    /// Jobs that were stored as taken by the claim of this batch.
    pub(super) taken: Vec<ClaimedJob>,
    /// Whether there are new jobs beside those.
    pub(super) untaken: bool,
}

impl Answers {
    pub(super) fn new(writes: usize) -> Self {
        Self {
            all: (0..writes).map(|_| Answer::NotMatched).collect(),
            gates: Touched::default(),
            makes_room: false,
            taken: Vec::new(),
            untaken: false,
        }
    }

    pub(super) fn set(&mut self, write: usize, answer: Answer) {
        self.all[write] = answer;
    }

    /// Whether a job may be ready that none of these have taken, where none was before.
    pub(super) fn may_leave_ready(&self, writes: &[Write]) -> bool {
        let others = writes.iter().filter(|write| !matches!(write, Write::CreateJob(_)));
        self.untaken || self.makes_room || !self.gates.is_empty() || others.into_iter().any(Write::may_leave_work)
    }

    /// Those that there are so far, in the order of the writes.
    pub(super) fn all(&self) -> &[Answer] {
        &self.all
    }

    pub(super) fn into_all(self) -> Vec<Answer> {
        self.all
    }
}
