//! One question to the database for all who ask the same at once, where an answer may not be kept for those who ask later.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::StoreError;

/// Answers by what was asked. Whoever comes while the database is being asked shares the next answer: nobody gets one that
/// was read before he asked.
pub(super) struct JointReads<T>(Mutex<HashMap<String, Question<T>>>);

/// A question that somebody waits for.
struct Question<T> {
    waiting: usize,
    reads: Arc<Reads<T>>,
}

struct Reads<T> {
    /// How many were begun; they are numbered by it.
    begun: AtomicU64,
    last: tokio::sync::Mutex<Option<(u64, Result<T, StoreError>)>>,
}

impl<T> Default for JointReads<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> JointReads<T> {
    /// What `read` says, or what another one said that began after this was called.
    pub(super) async fn answer(
        &self,
        question: &str,
        read: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let seat = self.wait_for(question);
        let begun_before = seat.reads.begun.load(Ordering::SeqCst);
        let mut last = seat.reads.last.lock().await;
        if let Some((number, answer)) = &*last
            && *number > begun_before
        {
            return answer.clone();
        }
        let number = seat.reads.begun.fetch_add(1, Ordering::SeqCst) + 1;
        let answer = read.await;
        *last = Some((number, answer.clone()));
        answer
    }
}

impl<T> JointReads<T> {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Question<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_for<'a>(&'a self, text: &'a str) -> Seat<'a, T> {
        let mut questions = self.lock();
        let question = questions.entry(text.to_owned()).or_insert_with(|| Question {
            waiting: 0,
            reads: Arc::new(Reads { begun: AtomicU64::new(0), last: tokio::sync::Mutex::new(None) }),
        });
        question.waiting += 1;
        Seat { questions: self, text, reads: Arc::clone(&question.reads) }
    }
}

/// Somebody who waits; when the last one leaves, with an answer or without, nothing is left of the question.
struct Seat<'a, T> {
    questions: &'a JointReads<T>,
    text: &'a str,
    reads: Arc<Reads<T>>,
}

impl<T> Drop for Seat<'_, T> {
    fn drop(&mut self) {
        let mut questions = self.questions.lock();
        if let Some(question) = questions.get_mut(self.text) {
            question.waiting -= 1;
            if question.waiting == 0 {
                questions.remove(self.text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use futures_util::FutureExt as _;
    use tokio::sync::oneshot;

    use super::*;

    async fn from(receiver: oneshot::Receiver<u32>) -> Result<u32, StoreError> {
        receiver.await.map_err(|_| StoreError::Closed)
    }

    fn never() -> impl Future<Output = Result<u32, StoreError>> {
        std::future::poll_fn(|_| panic!("another read was to answer this"))
    }

    #[test]
    fn who_come_while_the_database_is_asked_share_the_next_answer() {
        let reads = JointReads::default();
        let ((first_said, first_hears), (next_said, next_hears)) = (oneshot::channel(), oneshot::channel());
        let mut first = pin!(reads.answer("a", from(first_hears)));
        assert!((&mut first).now_or_never().is_none());
        let mut second = pin!(reads.answer("a", from(next_hears)));
        let mut third = pin!(reads.answer("a", never()));
        assert!((&mut second).now_or_never().is_none());
        assert!((&mut third).now_or_never().is_none());
        first_said.send(1).expect("it listens");
        assert_eq!(first.now_or_never().expect("it was told").expect("a number"), 1);
        assert!((&mut second).now_or_never().is_none(), "what was read before it asked is not for it");
        next_said.send(2).expect("it listens");
        assert_eq!(second.now_or_never().expect("it was told").expect("a number"), 2);
        assert_eq!(third.now_or_never().expect("it was told").expect("a number"), 2);
        assert!(reads.lock().is_empty());
    }

    #[test]
    fn one_that_leaves_without_an_answer_leaves_the_question_to_the_next() {
        let reads = JointReads::default();
        let (_said, hears) = oneshot::channel();
        let mut first = Box::pin(reads.answer("a", from(hears)));
        assert!((&mut first).now_or_never().is_none());
        let mut second = pin!(reads.answer("a", async { Ok(2) }));
        assert!((&mut second).now_or_never().is_none());
        drop(first);
        assert_eq!(second.now_or_never().expect("its turn has come").expect("a number"), 2);
        assert!(reads.lock().is_empty());
    }

    #[test]
    fn different_questions_do_not_wait_for_each_other_and_errors_are_shared() {
        let reads = JointReads::default();
        let (said, hears) = oneshot::channel();
        let mut first = pin!(reads.answer("a", from(hears)));
        assert!((&mut first).now_or_never().is_none());
        let other = reads.answer("b", async { Ok(2) }).now_or_never();
        assert_eq!(other.expect("nobody asks for this").expect("a number"), 2);
        let refused = || async { Err(StoreError::Conflict) };
        let mut second = pin!(reads.answer("a", refused()));
        let mut third = pin!(reads.answer("a", never()));
        assert!((&mut second).now_or_never().is_none());
        assert!((&mut third).now_or_never().is_none());
        said.send(1).expect("it listens");
        assert!(first.now_or_never().expect("it was told").is_ok());
        assert!(matches!(second.now_or_never(), Some(Err(StoreError::Conflict))));
        assert!(matches!(third.now_or_never(), Some(Err(StoreError::Conflict))));
    }
}
