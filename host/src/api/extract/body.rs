//! Request bodies, read as a whole or part by part, within a size and a pace.

use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes};
use axum::http::{HeaderMap, header};
use futures_util::StreamExt as _;
use tokio::time::{Instant, timeout_at};

use crate::api::problem::{BODY_INCOMPLETE, BODY_TIMEOUT, Problem, TOO_LARGE, WRONG_ENCODING, WRONG_MEDIA_TYPE};

/// The longest wait for the next part of a body; who sends nothing for so long holds a connection for nothing.
const PART_TIME: Duration = Duration::from_secs(30);
/// How long a body may take beside what its bytes take: one that trickles holds a connection for nothing.
const GRACE: Duration = Duration::from_secs(30);
/// The least pace of a body, in bytes a second, once that time is over.
const PACE: u64 = 16 * 1024;

/// Reads a body of at most `max` bytes; more is refused as soon as it is known.
pub(crate) async fn read(headers: &HeaderMap, body: Body, max: u64) -> Result<Bytes, Problem> {
    read_at_pace(headers, body, max, Pace::USUAL).await
}

async fn read_at_pace(headers: &HeaderMap, body: Body, max: u64, pace: Pace) -> Result<Bytes, Problem> {
    let mut parts = Parts::open(headers, body, max, pace)?;
    let announced = parts.announced;
    let Some(first) = parts.next().await? else { return Ok(Bytes::new()) };
    let Some(second) = parts.next().await? else { return Ok(first) };
    let length = (first.len() + second.len()) as u64;
    let mut whole = Vec::new();
    whole.reserve_exact(usize::try_from(announced.unwrap_or(length).min(max)).unwrap_or_default());
    whole.extend_from_slice(&first);
    whole.extend_from_slice(&second);
    while let Some(part) = parts.next().await? {
        whole.extend_from_slice(&part);
    }
    Ok(whole.into())
}

/// A body, part by part, within a size and a pace.
pub(crate) struct Parts {
    stream: BodyDataStream,
    announced: Option<u64>,
    received: u64,
    max: u64,
    pace: Pace,
    start: Instant,
}

/// How slowly a body may come.
#[derive(Debug, Clone, Copy)]
struct Pace {
    /// The longest wait for the next part.
    part: Duration,
    /// How long it may take beside what its bytes take.
    grace: Duration,
}

impl Pace {
    const USUAL: Self = Self { part: PART_TIME, grace: GRACE };

    /// Until when the next part must have come, after so many bytes.
    fn deadline(self, start: Instant, received: u64) -> Instant {
        (start + self.grace + Duration::from_secs(received / PACE)).min(Instant::now() + self.part)
    }
}

impl Parts {
    /// At most `max` bytes; a body that announces more is refused unread.
    pub(crate) fn of(headers: &HeaderMap, body: Body, max: u64) -> Result<Self, Problem> {
        Self::open(headers, body, max, Pace::USUAL)
    }

    fn open(headers: &HeaderMap, body: Body, max: u64, pace: Pace) -> Result<Self, Problem> {
        let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
        let stream = body.into_data_stream();
        if announced.is_some_and(|length| length > max) {
            return Err(too_large(max));
        }
        Ok(Self { stream, announced, received: 0, max, pace, start: Instant::now() })
    }

    /// The next part that is not empty; nothing at the body's end. After a refusal there is nothing more to ask for.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        loop {
            let deadline = self.pace.deadline(self.start, self.received);
            let next = timeout_at(deadline, self.stream.next()).await.map_err(|_| too_slow(self.pace.part))?;
            let Some(part) = next else { return Ok(None) };
            let part = part.map_err(|_| incomplete())?;
            self.received += part.len() as u64;
            if self.received > self.max {
                return Err(too_large(self.max));
            }
            if !part.is_empty() {
                return Ok(Some(part));
            }
        }
    }
}

/// Refuses a body of another media type; parameters such as `charset` are not looked at.
pub(crate) fn expect_type(headers: &HeaderMap, wanted: &'static str) -> Result<(), Problem> {
    let given = headers.get(header::CONTENT_TYPE).map(|value| value.to_str().unwrap_or_default());
    let essence = given.map(|given| given.split(';').next().unwrap_or_default().trim());
    if essence.is_some_and(|essence| essence.eq_ignore_ascii_case(wanted)) {
        return Ok(());
    }
    let found = match essence {
        Some(essence) => format!("not `{}`", essence.chars().take(100).collect::<String>()),
        None => "and the request has none".to_owned(),
    };
    Err(Problem::new(WRONG_MEDIA_TYPE, format!("the body's `Content-Type` must be `{wanted}`, {found}")))
}

/// Refuses a body that is packed: what it is before it is unpacked says nothing of how large it becomes.
pub(crate) fn expect_plain(headers: &HeaderMap) -> Result<(), Problem> {
    let Some(given) = headers.get(header::CONTENT_ENCODING) else { return Ok(()) };
    let given = given.to_str().unwrap_or_default();
    if given.trim().eq_ignore_ascii_case("identity") {
        return Ok(());
    }
    let given: String = given.chars().take(100).collect();
    Err(Problem::new(WRONG_ENCODING, format!("the body must come without `Content-Encoding`, not `{given}`")))
}

fn too_large(max: u64) -> Problem {
    Problem::new(TOO_LARGE, format!("the body has more than {max} bytes, the most that is taken here"))
}

fn too_slow(part_time: Duration) -> Problem {
    let pause = humantime::format_duration(part_time);
    let detail = format!("the body came too slowly: nothing for {pause}, or less than {PACE} bytes a second");
    Problem::new(BODY_TIMEOUT, detail)
}

fn incomplete() -> Problem {
    Problem::new(BODY_INCOMPLETE, "the body ended before its announced length")
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use axum::http::HeaderValue;
    use futures_util::stream;

    use super::*;

    fn parts(parts: &[&'static str]) -> Body {
        let parts: Vec<_> = parts.iter().map(|part| Ok::<_, Infallible>(Bytes::from_static(part.as_bytes()))).collect();
        Body::from_stream(stream::iter(parts))
    }

    #[tokio::test]
    async fn a_body_comes_together_up_to_its_limit() {
        let headers = HeaderMap::new();
        for (body, whole) in [
            (parts(&[]), ""),
            (parts(&["abc"]), "abc"),
            (parts(&["ab", "cd", "", "ef"]), "abcdef"),
            (parts(&["", "abcdef"]), "abcdef"),
        ] {
            assert_eq!(read(&headers, body, 6).await, Ok(Bytes::from_static(whole.as_bytes())));
        }
        assert_eq!(read(&headers, parts(&["abc", "defg"]), 6).await, Err(too_large(6)));
    }

    #[tokio::test]
    async fn an_announced_length_is_refused_before_the_first_byte() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("7"));
        let never = Body::from_stream(stream::pending::<Result<Bytes, Infallible>>());
        assert_eq!(read(&headers, never, 6).await, Err(too_large(6)));
    }

    #[tokio::test]
    async fn a_body_that_stalls_is_given_up() {
        let never = Body::from_stream(stream::pending::<Result<Bytes, Infallible>>());
        let pace = Pace { part: Duration::from_millis(1), grace: GRACE };
        assert_eq!(read_at_pace(&HeaderMap::new(), never, 6, pace).await, Err(too_slow(pace.part)));
    }

    #[tokio::test]
    async fn a_body_that_trickles_is_given_up_however_steadily_it_comes() {
        let tick = Duration::from_millis(2);
        let drops = stream::unfold(tick, async |tick| {
            tokio::time::sleep(tick).await;
            Some((Ok::<_, Infallible>(Bytes::from_static(b"x")), tick))
        });
        let pace = Pace { part: Duration::from_secs(10), grace: 20 * tick };
        let read = read_at_pace(&HeaderMap::new(), Body::from_stream(drops), 1_000_000, pace).await;
        assert_eq!(read, Err(too_slow(pace.part)));
    }

    #[test]
    fn the_media_type_is_compared_without_its_parameters() {
        let mut headers = HeaderMap::new();
        let refusal = expect_type(&headers, "application/json").expect_err("none");
        assert!(refusal.detail.contains("`application/json`"), "{}", refusal.detail);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("Application/JSON; charset=utf-8"));
        assert_eq!(expect_type(&headers, "application/json"), Ok(()));
        let refusal = expect_type(&headers, "application/wasm").expect_err("another");
        assert!(refusal.detail.contains("not `Application/JSON`"), "{}", refusal.detail);
    }
}
