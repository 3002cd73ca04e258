//! JSON out: serialised once, straight into the body.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::{Digest, InWords};

/// Most answers fit; larger ones grow.
const USUAL_BYTES: usize = 1024;

/// An answer of `application/json`.
pub(crate) fn json<T: Serialize>(status: StatusCode, value: &T) -> Response {
    with_type(status, "application/json", value)
}

/// An answer of another media type that is JSON all the same.
pub(crate) fn with_type<T: Serialize>(status: StatusCode, media_type: &'static str, value: &T) -> Response {
    let mut text = Vec::with_capacity(USUAL_BYTES);
    serde_json::to_writer(&mut text, value).expect("answers have text keys and write to memory");
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

/// Writes a digest as `sha256:<hex>`.
pub(crate) fn digest_text<S: Serializer>(digest: &Digest, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(digest)
}

/// A field that is read from text, with the sentence of its own parser when it is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parsed<T>(pub(crate) T);

impl<T: fmt::Display> Serialize for Parsed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de, T> Deserialize<'de> for Parsed<T>
where
    T: FromStr,
    T::Err: fmt::Display,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map(Self).map_err(serde::de::Error::custom)
    }
}

/// A duration as the API reads and writes it: `90s`, `2h 15m`, `7d`; whole milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DurationText(pub(crate) Duration);

/// Longer ones would overflow clocks; nobody waits for them.
const LONGEST: Duration = Duration::from_hours(100 * 365 * 24);

/// The text is no duration, or one that is too long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InvalidDuration(String);

impl fmt::Display for InvalidDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a duration up to 100 years, such as `90s`, `2h 15m` or `7d`", self.0)
    }
}

impl FromStr for DurationText {
    type Err = InvalidDuration;

    fn from_str(text: &str) -> Result<Self, InvalidDuration> {
        let invalid = || InvalidDuration(text.chars().take(50).collect());
        let duration = humantime::parse_duration(text).map_err(|_| invalid())?;
        if duration > LONGEST {
            return Err(invalid());
        }
        let millis = u64::try_from(duration.as_millis()).map_err(|_| invalid())?;
        Ok(Self(Duration::from_millis(millis)))
    }
}

impl<'de> Deserialize<'de> for DurationText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Parsed::deserialize(deserializer).map(|Parsed(duration)| duration)
    }
}

impl Serialize for DurationText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&InWords(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_written_as_people_do() {
        for (text, shown) in
            [("90s", "1m 30s"), ("2h 15m", "2h 15m"), ("7d", "7days"), ("90d", "90days"), ("1500ms", "1s 500ms")]
        {
            let duration: DurationText = text.parse().expect(text);
            assert_eq!(serde_json::to_value(duration).expect("text"), shown);
        }
        for text in ["", "90", "-1s", "1 fortnight", "101y", "99999999999999999999s"] {
            let refusal = text.parse::<DurationText>().expect_err(text);
            assert!(refusal.to_string().contains("is not a duration"), "{refusal}");
        }
    }

    #[test]
    fn what_is_shorter_than_a_millisecond_is_no_time() {
        assert_eq!("900us".parse(), Ok(DurationText(Duration::ZERO)));
    }
}
