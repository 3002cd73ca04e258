//! Which occurrences of a schedule have come, and which of them are made up for: a pure function of the plan and the time.

use std::collections::VecDeque;
use std::time::Duration;

use super::timetable::Timetable;
use crate::domain::{CatchUp, CatchUpPolicy, NextRun, Schedule, Timestamp};

/// Occurrences that are looked at. A pattern comes once a second at most, so so many seconds have no more.
const STEPS: usize = 4_096;

/// What is to be done now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Due {
    /// The first and the last occurrence of those that are not made up for, if there are any. They come before all others.
    pub(super) missed: Option<(Timestamp, Timestamp)>,
    /// Those that have come and get their job, in their order.
    pub(super) occurrences: Vec<Timestamp>,
    /// The one after these.
    pub(super) next: Option<NextRun>,
}

/// What has become due of a schedule, whose next occurrence is `first`.
pub(super) fn due(schedule: &Schedule, timetable: &Timetable, first: NextRun, now: Timestamp) -> Due {
    let plan = &schedule.plan;
    let (come, next) = newest(schedule, timetable, first, now);
    let late = come.iter().take_while(|run| now.since(run.fire_at) > plan.late_after).count();
    let is_young = |run: &&NextRun| now.since(run.scheduled_for) <= plan.catch_up.max_age;
    let young = come.iter().take(late).rev().take_while(is_young).count();
    let made_up_for = match plan.catch_up.policy {
        // A later one is in time, and stands for those before it.
        CatchUpPolicy::Last if late < come.len() => 0,
        CatchUpPolicy::None => 0,
        CatchUpPolicy::Last => young.min(1),
        CatchUpPolicy::All => young.min(plan.catch_up.limit as usize),
    };
    let mut missed: Vec<Timestamp> = come.iter().map(|run| run.scheduled_for).collect();
    let occurrences = missed.split_off(late - made_up_for);
    // Of those that were not even looked at, the first one is known.
    let is_behind = come.front().is_some_and(|run| run.scheduled_for > first.scheduled_for);
    let missed = match missed.last() {
        Some(last) => Some((first.scheduled_for, *last)),
        None => is_behind.then_some((first.scheduled_for, first.scheduled_for)),
    };
    Due { missed, occurrences, next }
}

/// The occurrences that have come, as far as they may matter: the newest ones, in their order; and the one after them.
fn newest(
    schedule: &Schedule,
    timetable: &Timetable,
    first: NextRun,
    now: Timestamp,
) -> (VecDeque<NextRun>, Option<NextRun>) {
    let mut window = Duration::from_secs(STEPS as u64);
    loop {
        let start = now.before(window);
        if start <= first.scheduled_for {
            return walk(schedule, timetable, Some(first), now);
        }
        let found = walk(schedule, timetable, timetable.next_after(start, schedule.id, schedule.plan.jitter), now);
        if found.0.len() >= CatchUp::LIMIT_MAX as usize {
            return found;
        }
        window *= 2;
    }
}

/// Those that have come from this one on.
fn walk(
    schedule: &Schedule,
    timetable: &Timetable,
    first: Option<NextRun>,
    now: Timestamp,
) -> (VecDeque<NextRun>, Option<NextRun>) {
    let (mut come, mut next) = (VecDeque::new(), first);
    while let Some(run) = next.filter(|run| run.fire_at <= now) {
        if come.len() == STEPS {
            come.pop_front();
        }
        come.push_back(run);
        next = timetable.next_after(run.scheduled_for, schedule.id, schedule.plan.jitter);
    }
    (come, next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{JobTemplate, Overlap, ScheduleId, SchedulePlan};

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn schedule(cron: &str, policy: CatchUpPolicy) -> Schedule {
        let job = JobTemplate::of("report".parse().expect("a module"));
        let plan = SchedulePlan {
            name: "report".parse().expect("a name"),
            cron: cron.to_owned(),
            time_zone: "UTC".to_owned(),
            job,
            jitter: Duration::ZERO,
            overlap: Overlap::Allow,
            catch_up: CatchUp { policy, limit: 3, max_age: Duration::from_hours(1) },
            late_after: SchedulePlan::LATE_AFTER,
            paused: false,
        };
        let (created_at, updated_at) = (at("2026-01-01T00:00:00Z"), at("2026-01-01T00:00:00Z"));
        let module_name = "report".to_owned();
        Schedule {
            id: ScheduleId::new(),
            plan,
            module_name,
            next: None,
            revision: 1,
            created_by: None,
            created_at,
            updated_at,
            last_run: None,
        }
    }

    /// What is due at a time of a schedule whose next occurrence is the first after another.
    fn looked_at(schedule: &Schedule, after: &str, now: &str) -> (Option<[String; 2]>, Vec<String>, Option<String>) {
        let timetable = Timetable::of(&schedule.plan).expect("a timetable");
        let first = timetable.next_after(at(after), schedule.id, schedule.plan.jitter).expect("it comes");
        let Due { missed, occurrences, next } = due(schedule, &timetable, first, at(now));
        let short = |time: Timestamp| time.to_string()[11..19].to_owned();
        let missed = missed.map(|(first, last)| [short(first), short(last)]);
        (missed, occurrences.into_iter().map(short).collect(), next.map(|next| short(next.scheduled_for)))
    }

    fn pair(first: &str, last: &str) -> [String; 2] {
        [first.to_owned(), last.to_owned()]
    }

    #[test]
    fn before_its_time_nothing_is_due_and_at_its_time_one_is() {
        for policy in CatchUpPolicy::ALL {
            let minutely = schedule("* * * * *", policy);
            let early = looked_at(&minutely, "2026-06-01T12:00:00Z", "2026-06-01T12:00:59.999Z");
            assert_eq!(early, (None, vec![], Some("12:01:00".to_owned())));
            let timely = looked_at(&minutely, "2026-06-01T12:00:00Z", "2026-06-01T12:01:00Z");
            assert_eq!(timely, (None, vec!["12:01:00".to_owned()], Some("12:02:00".to_owned())));
            // Both within a minute: none of them was missed.
            let both = looked_at(&minutely, "2026-06-01T12:00:00Z", "2026-06-01T12:02:00Z");
            assert_eq!(both, (None, vec!["12:01:00".to_owned(), "12:02:00".to_owned()], Some("12:03:00".to_owned())));
        }
    }

    #[test]
    fn what_was_missed_is_made_up_for_as_the_policy_says() {
        let hourly =
            |policy| looked_at(&schedule("*/10 * * * *", policy), "2026-06-01T11:59:00Z", "2026-06-01T12:45:00Z");
        let next = Some("12:50:00".to_owned());
        assert_eq!(hourly(CatchUpPolicy::None), (Some(pair("12:00:00", "12:40:00")), vec![], next.clone()));
        let last = vec!["12:40:00".to_owned()];
        assert_eq!(hourly(CatchUpPolicy::Last), (Some(pair("12:00:00", "12:30:00")), last, next.clone()));
        // Three at most.
        let all = ["12:20:00", "12:30:00", "12:40:00"].map(str::to_owned).to_vec();
        assert_eq!(hourly(CatchUpPolicy::All), (Some(pair("12:00:00", "12:10:00")), all, next));
    }

    #[test]
    fn one_that_is_in_time_stands_for_the_last_one_that_was_missed() {
        let minutely =
            |policy| looked_at(&schedule("* * * * *", policy), "2026-06-01T12:00:00Z", "2026-06-01T12:05:00Z");
        // 12:04 and 12:05 are in time.
        let timely = ["12:04:00", "12:05:00"].map(str::to_owned).to_vec();
        assert_eq!(minutely(CatchUpPolicy::None).1, timely);
        assert_eq!(
            minutely(CatchUpPolicy::Last),
            (Some(pair("12:01:00", "12:03:00")), timely, Some("12:06:00".to_owned()))
        );
        assert_eq!(minutely(CatchUpPolicy::All).1.len(), 5);
    }

    #[test]
    fn what_is_too_old_is_not_made_up_for() {
        for policy in CatchUpPolicy::ALL {
            let daily = looked_at(&schedule("0 2 * * *", policy), "2026-06-01T00:00:00Z", "2026-06-01T03:00:01Z");
            assert_eq!(daily, (Some(pair("02:00:00", "02:00:00")), vec![], Some("02:00:00".to_owned())), "{policy}");
        }
        let in_time =
            looked_at(&schedule("0 2 * * *", CatchUpPolicy::Last), "2026-06-01T00:00:00Z", "2026-06-01T03:00:00Z");
        assert_eq!(in_time.1, ["02:00:00"]);
    }

    #[test]
    fn years_of_seconds_are_caught_up_in_no_time() {
        let start = std::time::Instant::now();
        let mut secondly = schedule("* * * * * *", CatchUpPolicy::All);
        secondly.plan.catch_up = CatchUp { limit: 1_000, max_age: Duration::from_hours(24), ..secondly.plan.catch_up };
        let (missed, occurrences, next) = looked_at(&secondly, "2020-01-01T00:00:00Z", "2026-06-01T12:00:00Z");
        // A minute of them is in time.
        assert_eq!((occurrences.len(), occurrences.last().map(String::as_str)), (1_061, Some("12:00:00")));
        assert_eq!((missed.expect("some")[0].as_str(), next.as_deref()), ("00:00:01", Some("12:00:01")));
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    }

    #[test]
    fn an_occurrence_waits_for_its_jitter() {
        let mut hourly = schedule("0 * * * *", CatchUpPolicy::Last);
        hourly.plan.jitter = Duration::from_mins(20);
        let timetable = Timetable::of(&hourly.plan).expect("a timetable");
        let first = timetable.next_after(at("2026-06-01T11:30:00Z"), hourly.id, hourly.plan.jitter).expect("it comes");
        assert_eq!(first.scheduled_for, at("2026-06-01T12:00:00Z"));
        let before = due(&hourly, &timetable, first, first.fire_at.before(Duration::from_millis(1)));
        assert_eq!((before.missed, before.occurrences.len(), before.next), (None, 0, Some(first)));
        let then = due(&hourly, &timetable, first, first.fire_at);
        assert_eq!((then.missed, then.occurrences), (None, vec![first.scheduled_for]));
    }
}
