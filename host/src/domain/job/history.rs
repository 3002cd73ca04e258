//! How many jobs began and ended over time, in steps of equal length.

use std::time::Duration;

use crate::domain::Timestamp;

/// A time that is looked at, cut into steps which begin at whole multiples of their length, so that they stand still while
/// time goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HistorySpan {
    since: Duration,
    step: Duration,
}

/// The time cannot be looked at so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidHistory {
    /// Too short or too long.
    #[error("`since` must be from 1m to 31d")]
    Since,
    /// Shorter than is ever of use, or longer than all of the time.
    #[error("`step` must be at least 1s and no longer than `since`")]
    Step,
    /// More of them than anybody can draw.
    #[error("`since` would be cut into more than 500 steps; take a longer `step`")]
    TooMany,
}

/// The most steps; a chart has fewer columns than that.
const STEPS_MAX: u128 = 500;
/// The shortest time.
const SINCE_MIN: Duration = Duration::from_mins(1);
/// The longest time: what it costs grows with the jobs that ended in it.
const SINCE_MAX: Duration = Duration::from_hours(31 * 24);
/// The shortest step.
const STEP_MIN: Duration = Duration::from_secs(1);
/// What is looked at when nobody says.
const SINCE_DEFAULT: Duration = Duration::from_hours(24);
/// Lengths that people count in, in seconds; the shortest that gives few enough steps is taken when nobody says.
const USUAL_STEPS_S: [u64; 11] = [10, 30, 60, 300, 600, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400];
/// How many steps are few enough then.
const USUAL_STEPS: u64 = 150;

impl HistorySpan {
    /// What was asked for, or what is usual.
    pub fn new(since: Option<Duration>, step: Option<Duration>) -> Result<Self, InvalidHistory> {
        let since = since.unwrap_or(SINCE_DEFAULT);
        if !(SINCE_MIN..=SINCE_MAX).contains(&since) {
            return Err(InvalidHistory::Since);
        }
        let step = step.unwrap_or_else(|| usual_step(since));
        if step < STEP_MIN || step > since {
            return Err(InvalidHistory::Step);
        }
        if since.as_millis().div_ceil(step.as_millis()) > STEPS_MAX {
            return Err(InvalidHistory::TooMany);
        }
        Ok(Self { since, step })
    }

    /// How long each step is.
    pub const fn step(self) -> Duration {
        self.step
    }

    /// Where the first step begins when it is looked at now.
    pub fn begin(self, now: Timestamp) -> Timestamp {
        let begin = now.before(self.since).millis();
        Timestamp::from_millis(begin - begin % self.step_ms())
    }

    /// How many steps there are then; the last one is not over yet.
    pub fn steps(self, now: Timestamp) -> u32 {
        let steps = (now.millis() - self.begin(now).millis()) / self.step_ms() + 1;
        u32::try_from(steps).unwrap_or(u32::MAX)
    }

    fn step_ms(self) -> i64 {
        i64::try_from(self.step.as_millis()).unwrap_or(i64::MAX)
    }
}

fn usual_step(since: Duration) -> Duration {
    let fits = |step: &u64| since.as_secs() <= step * USUAL_STEPS;
    let longest = USUAL_STEPS_S[USUAL_STEPS_S.len() - 1];
    Duration::from_secs(USUAL_STEPS_S.into_iter().find(fits).unwrap_or(longest))
}

/// What happened in one step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HistoryStep {
    /// Jobs whose first attempt began.
    pub started: u64,
    /// Jobs that ended so.
    pub completed: u64,
    /// Jobs that ended so.
    pub failed: u64,
    /// Jobs that ended so.
    pub stopped: u64,
}

/// What happened over time, as far as the jobs that are still kept tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobHistory {
    /// Where the first step begins.
    pub begin: Timestamp,
    /// How long each is.
    pub step: Duration,
    /// All of them, the oldest first; those in which nothing happened, too.
    pub steps: Vec<HistoryStep>,
    /// When the job ended that ended first of those that are still kept.
    pub oldest_ended_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    #[test]
    fn steps_begin_at_whole_multiples_and_the_last_one_holds_now() {
        let span = HistorySpan::new(Some(HOUR), Some(Duration::from_mins(10))).expect("a span");
        let now = Timestamp::from_millis(10 * 3_600_000 + 1);
        assert_eq!((span.begin(now).millis(), span.steps(now)), (9 * 3_600_000, 7));
        let later = Timestamp::from_millis(10 * 3_600_000 + 599_999);
        assert_eq!((span.begin(later), span.steps(later)), (span.begin(now), 7), "they stand still");
    }

    #[test]
    fn the_usual_steps_are_lengths_that_people_count_in() {
        for (hours, minutes) in [(1, 0), (24, 10), (7 * 24, 120), (31 * 24, 360)] {
            let step = HistorySpan::new(Some(HOUR * hours), None).expect("a span").step();
            assert_eq!(step.as_secs() / 60, minutes, "{hours} h");
        }
        assert_eq!(HistorySpan::new(None, None), HistorySpan::new(Some(HOUR * 24), Some(Duration::from_mins(10))));
    }

    #[test]
    fn what_would_be_too_much_is_refused() {
        let asked = |since, step| HistorySpan::new(Some(Duration::from_secs(since)), Some(Duration::from_secs(step)));
        assert_eq!(asked(59, 1), Err(InvalidHistory::Since));
        assert_eq!(asked(32 * 86_400, 86_400), Err(InvalidHistory::Since));
        assert_eq!(asked(60, 0), Err(InvalidHistory::Step));
        assert_eq!(asked(60, 61), Err(InvalidHistory::Step));
        assert_eq!(asked(501, 1), Err(InvalidHistory::TooMany));
        assert!(asked(500, 1).is_ok());
    }
}
