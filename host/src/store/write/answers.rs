//! What the writes of a batch came to.

use super::model::Answer;

/// One answer for each write of a batch.
pub(super) struct Answers(Vec<Answer>);

impl Answers {
    pub(super) fn new(writes: usize) -> Self {
        Self((0..writes).map(|_| Answer::NotMatched).collect())
    }

    pub(super) fn set(&mut self, write: usize, answer: Answer) {
        self.0[write] = answer;
    }

    /// Those that there are so far, in the order of the writes.
    pub(super) fn all(&self) -> &[Answer] {
        &self.0
    }

    pub(super) fn into_all(self) -> Vec<Answer> {
        self.0
    }
}
