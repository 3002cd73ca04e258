//! Times and numbers as people read them.

use std::time::{Duration, SystemTime};

use crate::domain::time::two_largest_units;
use crate::domain::{Clock, SystemClock, Timestamp};

/// A number with thousands separators.
pub(in crate::cli) fn count(number: u64) -> String {
    indicatif::HumanCount(number).to_string()
}

/// A point in time as the API writes it; `None` when it is none.
fn time_of(text: &str) -> Option<Timestamp> {
    humantime::parse_rfc3339(text).ok().map(|time: SystemTime| time.into())
}

/// How long ago a point in time was, in its largest unit: `3m ago`.
pub(in crate::cli) fn ago(text: &str) -> String {
    let largest = |span| two_largest_units(span).split(' ').next().unwrap_or_default().to_owned();
    time_of(text).map_or_else(|| text.to_owned(), |time| format!("{} ago", largest(SystemClock.now().since(time))))
}

/// How soon a point in time comes, in its largest unit: `in 3m`, or `now`.
pub(in crate::cli) fn until(text: &str) -> String {
    let Some(time) = time_of(text) else { return text.to_owned() };
    // Half a second more: what is shown a moment later should not be a whole unit less.
    let left = time.since(SystemClock.now()) + Duration::from_millis(500);
    match two_largest_units(left).split(' ').next() {
        Some(largest) if left >= Duration::from_secs(1) => format!("in {largest}"),
        _ => "now".to_owned(),
    }
}

/// How long it took from one point in time to another, or until now: `2h 15m`, `340ms`.
pub(in crate::cli) fn span_between(start: &str, end: Option<&str>) -> String {
    let Some(start) = time_of(start) else { return String::new() };
    let span = end.and_then(time_of).unwrap_or_else(|| SystemClock.now()).since(start);
    if span < Duration::from_secs(1) { format!("{}ms", span.as_millis()) } else { two_largest_units(span) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_short_and_have_units() {
        let start = "2026-01-01T00:00:00.000Z";
        assert_eq!(span_between(start, Some("2026-01-01T00:00:00.340Z")), "340ms");
        assert_eq!(span_between(start, Some("2026-01-01T02:15:09.999Z")), "2h 15m");
        assert_eq!(count(1_234_567), "1,234,567");
    }
}
