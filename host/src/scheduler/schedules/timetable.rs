//! When a cron pattern comes, in a time zone.
//!
//! A pattern with one second, one minute and one hour means a time of day: where clocks go forward over it, it comes right
//! after the gap; where they go back over it, it comes once, the first time. Any other pattern means a rhythm: it pauses in
//! a gap and goes on through the hour that comes twice.

use std::time::Duration;

use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use jiff::tz::TimeZone;
use sha2::{Digest as _, Sha256};

use super::error::ScheduleError;
use crate::domain::{NextRun, ScheduleId, SchedulePlan, Timestamp};

/// The longest pattern. A longer one would list what a range or a step says.
const PATTERN_CHARS: usize = 256;
/// Nobody waits longer for a pattern to come.
const HORIZON: Duration = Duration::from_hours(24 * 366 * 40);

/// A pattern in a time zone.
#[derive(Debug, Clone)]
pub(super) struct Timetable {
    cron: Cron,
    zone: TimeZone,
}

impl Timetable {
    /// Reads a pattern and a time zone.
    pub(super) fn read(pattern: &str, time_zone: &str) -> Result<Self, ScheduleError> {
        let refuse = |reason: String| {
            let pattern = pattern.chars().take(PATTERN_CHARS).collect();
            ScheduleError::Cron { pattern, reason }
        };
        if pattern.len() > PATTERN_CHARS {
            return Err(refuse(format!("it has more than {PATTERN_CHARS} characters")));
        }
        let parser = CronParser::builder().seconds(Seconds::Optional).year(Year::Disallowed).build();
        let cron = parser.parse(pattern).map_err(|error| refuse(sentence(&error.to_string())))?;
        let unknown = || ScheduleError::TimeZone(time_zone.chars().take(50).collect());
        let zone = TimeZone::get(time_zone).map_err(|_| unknown())?;
        // Only what the database of zones has a name for is the same on every node.
        if zone.iana_name().is_none() {
            return Err(unknown());
        }
        Ok(Self { cron, zone })
    }

    /// The zone as the database of zones writes it.
    pub(super) fn zone_name(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }

    /// The first time after this one.
    pub(super) fn after(&self, time: Timestamp) -> Option<Timestamp> {
        let start = jiff::Timestamp::from_millisecond(time.millis()).ok()?.to_zoned(self.zone.clone());
        let found = self.cron.find_next_occurrence(&start, false).ok()?;
        let found = Timestamp::from_millis(found.timestamp().as_millisecond());
        // The end of time is where later times are moved to.
        (found > time && found.since(time) < HORIZON).then_some(found)
    }

    /// The first occurrence after this one, with its jitter.
    pub(super) fn next_after(&self, time: Timestamp, schedule: ScheduleId, jitter: Duration) -> Option<NextRun> {
        let scheduled_for = self.after(time)?;
        Some(Self::again(NextRun { scheduled_for, fire_at: scheduled_for }, schedule, jitter))
    }

    /// The same occurrence with another jitter.
    pub(super) fn again(run: NextRun, schedule: ScheduleId, jitter: Duration) -> NextRun {
        NextRun { fire_at: run.scheduled_for.after(put_off(schedule, run.scheduled_for, jitter)), ..run }
    }

    /// The timetable of a plan that was checked when it was put. The zone may be gone from the database of zones since.
    pub(super) fn of(plan: &SchedulePlan) -> Result<Self, ScheduleError> {
        Self::read(&plan.cron, &plan.time_zone)
    }
}

/// By how much an occurrence is put off: the same on every node, and another one for each occurrence.
pub(super) fn put_off(schedule: ScheduleId, scheduled_for: Timestamp, jitter: Duration) -> Duration {
    let most = u64::try_from(jitter.as_millis()).unwrap_or(u64::MAX);
    if most == 0 {
        return Duration::ZERO;
    }
    let mut hash = Sha256::new();
    hash.update(schedule.uuid().as_bytes());
    hash.update(scheduled_for.millis().to_be_bytes());
    let digest: [u8; 32] = hash.finalize().into();
    let (number, _) = digest.split_at(8);
    let number = number.iter().fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    Duration::from_millis(number % most.saturating_add(1))
}

/// What the parser says, to be read in the middle of a sentence.
fn sentence(reason: &str) -> String {
    let reason = reason.trim_end_matches('.');
    ["Invalid pattern: ", "Component error: ", "Pattern contains illegal characters: "]
        .iter()
        .find_map(|prefix| reason.strip_prefix(prefix))
        .unwrap_or(reason)
        .replace("CronPattern", "the pattern")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(pattern: &str, zone: &str, after: &str, count: usize) -> Vec<String> {
        let table = Timetable::read(pattern, zone).expect("a timetable");
        let mut time: Timestamp = after.parse().expect("a time");
        let mut found = Vec::new();
        while found.len() < count {
            time = table.after(time).expect("it comes");
            found.push(time.to_string().replace(".000Z", "Z"));
        }
        found
    }

    #[test]
    fn patterns_have_five_fields_or_seconds_too_and_names() {
        let from = "2026-01-30T22:59:59.500Z";
        for (pattern, first) in [
            ("* * * * *", "2026-01-30T23:00:00Z"),
            ("*/15 * * * * *", "2026-01-30T23:00:00Z"),
            ("0 9 * * MON-FRI", "2026-02-02T09:00:00Z"),
            ("0 9 1 FEB *", "2026-02-01T09:00:00Z"),
            ("0 0 L * *", "2026-01-31T00:00:00Z"),
            ("0 9 * * MON#1", "2026-02-02T09:00:00Z"),
            // The 15th is a Sunday.
            ("0 9 15W 2 *", "2026-02-16T09:00:00Z"),
            ("0 9 13 * MON", "2026-02-02T09:00:00Z"),
            ("0 9 13 * +FRI", "2026-02-13T09:00:00Z"),
            ("0 0 29 2 *", "2028-02-29T00:00:00Z"),
            ("@hourly", "2026-01-30T23:00:00Z"),
            ("@daily", "2026-01-31T00:00:00Z"),
            ("@weekly", "2026-02-01T00:00:00Z"),
            ("@monthly", "2026-02-01T00:00:00Z"),
            ("@yearly", "2027-01-01T00:00:00Z"),
        ] {
            assert_eq!(times(pattern, "UTC", from, 1), [first], "{pattern}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_refused_with_what_would_be_one() {
        for pattern in
            ["", "*", "* * * *", "60 * * * *", "* * * * * * *", "@reboot", "a b c d e", "* * 0 * *", "0 25 * * *"]
        {
            let refusal = Timetable::read(pattern, "UTC").expect_err(pattern).to_string();
            assert!(refusal.contains("is no cron pattern") && refusal.contains("30 2 * * MON-FRI"), "{refusal}");
        }
        let long = "0,".repeat(200);
        assert!(Timetable::read(&long, "UTC").is_err());
        for zone in ["", "Berlin", "UTC+1", "../../etc/passwd", "Local"] {
            let refusal = Timetable::read("* * * * *", zone).expect_err(zone).to_string();
            assert!(refusal.contains("Europe/Berlin"), "{refusal}");
        }
        let table = Timetable::read("* * * * *", "europe/berlin").expect("a zone");
        assert_eq!(table.zone_name(), "Europe/Berlin");
    }

    #[test]
    fn a_day_that_never_comes_is_found_out_soon() {
        let table = Timetable::read("0 0 30 2 *", "Europe/Berlin").expect("a timetable");
        let start = std::time::Instant::now();
        assert_eq!(table.after("2026-01-01T00:00:00Z".parse().expect("a time")), None);
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    }

    #[test]
    fn a_time_of_day_in_the_gap_comes_right_after_it_and_a_rhythm_pauses() {
        // Berlin, 29 March 2026: 02:00 becomes 03:00, which is 01:00 UTC.
        let daily = times("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", 3);
        assert_eq!(daily, ["2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"]);
        let rhythm = times("*/30 * * * *", "Europe/Berlin", "2026-03-29T00:15:00Z", 3);
        assert_eq!(rhythm, ["2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z"]);
    }

    #[test]
    fn a_time_of_day_that_comes_twice_is_met_once_and_a_rhythm_goes_on() {
        // Berlin, 25 October 2026: 03:00 becomes 02:00, which is 01:00 UTC.
        let daily = times("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2);
        assert_eq!(daily, ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]);
        let rhythm = times("*/30 * * * *", "Europe/Berlin", "2026-10-25T00:00:00Z", 4);
        let twice = ["2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:00:00Z"];
        assert_eq!(rhythm, twice);
    }

    #[test]
    fn jitter_is_within_its_bounds_the_same_everywhere_and_another_one_each_time() {
        let (schedule, jitter) = (ScheduleId::new(), Duration::from_secs(30));
        let at = |second: i64| put_off(schedule, Timestamp::from_millis(second * 1_000), jitter);
        let all: Vec<_> = (0..1_000).map(at).collect();
        assert_eq!(all, (0..1_000).map(at).collect::<Vec<_>>());
        assert!(all.iter().all(|put_off| *put_off <= jitter));
        let (early, late) =
            (all.iter().filter(|at| at.as_secs() < 5).count(), all.iter().filter(|at| at.as_secs() >= 25).count());
        assert!(early > 100 && late > 100, "{early} early and {late} late ones of a thousand");
        assert_eq!(put_off(schedule, Timestamp::from_millis(0), Duration::ZERO), Duration::ZERO);
    }
}
