//! JSON bodies. Unknown fields are refused, and what is wrong is named by its path.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderValue};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::error::Category;
use serde_json::value::RawValue;
use serde_path_to_error::{Path, Segment};
use sha2::{Digest as _, Sha256};

use super::body;
use crate::api::problem::{FieldError, INVALID_FIELD, INVALID_HEADER, INVALID_JSON, Problem};
use crate::domain::{Digest, JsonObject};

/// A request's body, read into `T`.
#[derive(Debug)]
pub(crate) struct JsonBody<T>(pub(crate) T);

/// What can be read from a body.
pub(crate) trait JsonRequest: DeserializeOwned {
    /// The largest body.
    const BODY_BYTES: u64;

    /// What an empty body, or `null`, means; `None` where there has to be one.
    fn when_empty() -> Option<Self> {
        None
    }
}

impl<T: JsonRequest, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, content) = request.into_parts();
        read(&parts.headers, content).await.map(|(body, _)| Self(body))
    }
}

/// A request's body, and the key under which it may come again.
#[derive(Debug)]
pub(crate) struct KeyedJson<T> {
    pub(crate) body: T,
    /// The header `Idempotency-Key`, and the SHA-256 of the body.
    pub(crate) key: Option<(HeaderValue, Digest)>,
}

/// Characters of an idempotency key.
const KEY_CHARS: usize = 255;

impl<T: JsonRequest, S: Send + Sync> FromRequest<S> for KeyedJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, content) = request.into_parts();
        let mut keys = parts.headers.get_all("idempotency-key").iter();
        let key = keys.next().cloned();
        let is_visible = |key: &HeaderValue| key.as_bytes().iter().all(u8::is_ascii_graphic);
        let is_key = |key: &HeaderValue| (1..=KEY_CHARS).contains(&key.len()) && is_visible(key);
        if keys.next().is_some() || key.as_ref().is_some_and(|key| !is_key(key)) {
            let detail =
                format!("the header `Idempotency-Key` comes once, with 1 to {KEY_CHARS} visible ASCII characters");
            return Err(Problem::new(INVALID_HEADER, detail));
        }
        let (body, text) = read(&parts.headers, content).await?;
        Ok(Self { body, key: key.map(|key| (key, Digest::from_bytes(Sha256::digest(&text).into()))) })
    }
}

async fn read<T: JsonRequest>(headers: &HeaderMap, content: Body) -> Result<(T, Bytes), Problem> {
    let typed = body::expect_type(headers, "application/json");
    let text = body::read(headers, content, T::BODY_BYTES).await?;
    if matches!(text.trim_ascii(), b"" | b"null")
        && let Some(request) = T::when_empty()
    {
        return Ok((request, text));
    }
    typed?;
    parse(&text).map(|request| (request, text))
}

/// Reads a field that may be left out but, when it is there, must not be `null`.
pub(crate) fn present<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// Reads JSON. The path of a mistake is looked for only when there is one: following it slows every field.
pub(crate) fn parse<T: DeserializeOwned>(text: &[u8]) -> Result<T, Problem> {
    // Derived readers would take an array of the fields' values, too.
    if text.trim_ascii_start().first() != Some(&b'{') {
        return Err(not_an_object(text));
    }
    serde_json::from_slice(text).map_err(|error| match error.classify() {
        Category::Data => wrong_field::<T>(text, &error),
        Category::Syntax | Category::Eof | Category::Io => {
            Problem::new(INVALID_JSON, format!("the body is not valid JSON: {error}"))
        }
    })
}

fn not_an_object(text: &[u8]) -> Problem {
    match serde_json::from_slice::<&RawValue>(text) {
        Ok(other) => {
            let detail = match JsonObject::parse(other.get()) {
                Err(error) => format!("the body: {error}"),
                Ok(_) => "the body: a JSON object is needed".to_owned(),
            };
            Problem::new(INVALID_FIELD, detail.clone()).at(vec![FieldError { pointer: String::new(), detail }])
        }
        Err(error) => Problem::new(INVALID_JSON, format!("the body is not valid JSON: {error}")),
    }
}

fn wrong_field<T: DeserializeOwned>(text: &[u8], error: &serde_json::Error) -> Problem {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let path = match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Err(error) => error.path().clone(),
        Ok(_) => return Problem::new(INVALID_FIELD, error.to_string()),
    };
    let pointer = pointer(&path);
    let place = if pointer.is_empty() { "the body".to_owned() } else { format!("`{path}`") };
    Problem::new(INVALID_FIELD, format!("{place}: {error}")).at(vec![FieldError { pointer, detail: error.to_string() }])
}

/// A path as a JSON pointer (RFC 6901); empty for the whole body.
fn pointer(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => {
                pointer.push('/');
                pointer.push_str(&index.to_string());
            }
            Segment::Map { key } | Segment::Enum { variant: key } => {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Unknown => {}
        }
    }
    pointer
}
