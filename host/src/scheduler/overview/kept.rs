//! Answers whose cost grows with the jobs that are counted, counted no more often than can be afforded.
//!
//! One that counted many is kept for twenty times as long as that took, and one count is under way at a time: however many
//! ask, that takes a twentieth of one reader.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::domain::{JobCounts, JobHistory, Reach};

/// An answer that counted fewer jobs is not kept, and so is never old: unless it had to look at others that it leaves out.
const MANY: u64 = 50_000;
/// For how many times as long as a count took its answer is kept.
const KEPT_TIMES: u32 = 20;
/// So many answers are kept: more questions are seldom asked together.
const ANSWERS: usize = 16;

/// An answer that counts jobs.
pub(in crate::scheduler) trait Counted: Clone {
    /// How many it counted.
    fn jobs(&self) -> u64;
}

impl Counted for JobCounts {
    fn jobs(&self) -> u64 {
        self.pending + self.running + self.completed + self.failed + self.stopped
    }
}

impl Counted for JobHistory {
    fn jobs(&self) -> u64 {
        self.steps.iter().map(|step| step.started + step.completed + step.failed + step.stopped).sum()
    }
}

/// The newest answers, by what was asked.
pub(in crate::scheduler) struct KeptAnswers<Subject, Answer> {
    counting: Semaphore,
    kept: Mutex<VecDeque<Kept<Subject, Answer>>>,
}

struct Kept<Subject, Answer> {
    /// What was counted, and of whose jobs.
    question: (Subject, Reach),
    answer: Answer,
    until: Instant,
}

impl<Subject, Answer> Default for KeptAnswers<Subject, Answer> {
    fn default() -> Self {
        Self { counting: Semaphore::new(1), kept: Mutex::default() }
    }
}

impl<Subject: PartialEq, Answer: Counted> KeptAnswers<Subject, Answer> {
    /// The answer that is kept, or that of `count`, which is begun only then.
    pub(in crate::scheduler) async fn get<E>(
        &self,
        question: (Subject, Reach),
        count: impl Future<Output = Result<Answer, E>>,
    ) -> Result<Answer, E> {
        // Closed never; whoever waited finds the answer of the one before.
        let _turn = self.counting.acquire().await;
        if let Some(answer) = self.find(&question, Instant::now()) {
            return Ok(answer);
        }
        let began = Instant::now();
        let answer = count.await?;
        let now = Instant::now();
        self.keep(question, answer.clone(), now - began, now);
        Ok(answer)
    }

    fn find(&self, question: &(Subject, Reach), now: Instant) -> Option<Answer> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|kept| kept.question == *question && kept.until > now).map(|kept| kept.answer.clone())
    }

    fn keep(&self, question: (Subject, Reach), answer: Answer, took: Duration, now: Instant) {
        if question.1 == Reach::All && answer.jobs() < MANY {
            return;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|old| old.question != question);
        kept.push_back(Kept { question, answer, until: now + took * KEPT_TIMES });
        if kept.len() > ANSWERS {
            kept.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOOK: Duration = Duration::from_millis(50);

    fn all<T>(subject: T) -> (T, Reach) {
        (subject, Reach::All)
    }

    fn counts(completed: u64) -> JobCounts {
        JobCounts { completed, pending: 1, ..JobCounts::default() }
    }

    #[test]
    fn an_answer_that_counted_many_is_kept_for_as_long_as_it_can_be_afforded() {
        let (answers, now) = (KeptAnswers::default(), Instant::now());
        let later = |times| now + TOOK * times;
        answers.keep(all("jobs"), counts(MANY), TOOK, now);
        assert_eq!(answers.find(&all("jobs"), later(KEPT_TIMES - 1)), Some(counts(MANY)));
        assert_eq!(answers.find(&all("jobs"), later(KEPT_TIMES)), None);
        assert_eq!(answers.find(&all("others"), now), None);
        answers.keep(all("jobs"), counts(MANY + 1), TOOK, now);
        assert_eq!(answers.find(&all("jobs"), now), Some(counts(MANY + 1)), "there is one answer to a question");
    }

    #[test]
    fn an_answer_that_counted_few_is_never_old() {
        let (answers, now) = (KeptAnswers::default(), Instant::now());
        answers.keep(all("jobs"), counts(MANY - 2), TOOK, now);
        assert_eq!(answers.find(&all("jobs"), now), None);
    }

    #[test]
    fn an_answer_that_leaves_jobs_out_is_kept_however_few_it_counted() {
        let (answers, now) = (KeptAnswers::default(), Instant::now());
        let some = ("jobs", Reach::of(["hello".to_owned()]));
        answers.keep(some.clone(), counts(1), TOOK, now);
        assert_eq!((answers.find(&some, now), answers.find(&all("jobs"), now)), (Some(counts(1)), None));
    }

    #[test]
    fn the_oldest_answers_go_where_there_are_many() {
        let (answers, now) = (KeptAnswers::default(), Instant::now());
        (0..=ANSWERS).for_each(|question| answers.keep(all(question), counts(MANY), TOOK, now));
        assert_eq!((answers.find(&all(0), now), answers.find(&all(1), now)), (None, Some(counts(MANY))));
    }
}
