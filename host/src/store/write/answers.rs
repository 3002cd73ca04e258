//! What the writes of a batch came to.

use super::gates::Touched;
use super::model::Answer;

/// One answer for each write of a batch, and the gates that are worth a look after it.
pub(super) struct Answers {
    all: Vec<Answer>,
    pub(super) gates: Touched,
    /// Whether a job has ended that others may have waited for, which may run only so many at once.
    pub(super) makes_room: bool,
}

impl Answers {
    pub(super) fn new(writes: usize) -> Self {
        Self { all: (0..writes).map(|_| Answer::NotMatched).collect(), gates: Touched::default(), makes_room: false }
    }

    pub(super) fn set(&mut self, write: usize, answer: Answer) {
        self.all[write] = answer;
    }

    /// Those that there are so far, in the order of the writes.
    pub(super) fn all(&self) -> &[Answer] {
        &self.all
    }

    pub(super) fn into_all(self) -> Vec<Answer> {
        self.all
    }
}
