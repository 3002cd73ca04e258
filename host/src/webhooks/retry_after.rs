//! For how long a receiver asks to be left alone.

use std::time::Duration;

use http::HeaderValue;

use crate::domain::Timestamp;

/// No receiver is left alone for longer.
const LONGEST: Duration = Duration::from_hours(24);

/// What `Retry-After` says, in seconds or as a date, counted from `now`; nothing when it says neither.
pub(super) fn asked_pause(header: &HeaderValue, now: Timestamp) -> Option<Duration> {
    let text = header.to_str().ok()?.trim();
    let asked = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => Timestamp::from(httpdate::parse_http_date(text).ok()?).since(now),
    };
    Some(asked.min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_number_of_seconds_or_a_date_and_never_more_than_a_day() {
        let now = "1994-11-06T08:49:00Z".parse().expect("a time");
        for (text, seconds) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("86401", Some(86_400)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(37)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("Sat, 06 Nov 2094 08:49:37 GMT", Some(86_400)),
            ("99999999999999999999999", None),
            ("-1", None),
            ("soon", None),
            ("", None),
        ] {
            let header = HeaderValue::from_static(text);
            assert_eq!(asked_pause(&header, now), seconds.map(Duration::from_secs), "{text}");
        }
    }
}
