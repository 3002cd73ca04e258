//! Query parameters. A key that nobody knows is refused, since a misspelt filter would answer something else.

use std::fmt;
use std::str::FromStr;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

use crate::api::json::Parsed;
use crate::api::problem::{INVALID_QUERY, Problem};
use crate::domain::After;
use crate::domain::page::{PAGE_DEFAULT, PAGE_MAX};

/// The query, read into `T`.
#[derive(Debug, Clone)]
pub(crate) struct Params<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match Query::try_from_uri(&parts.uri) {
            Ok(Query(params)) => Ok(Self(params)),
            Err(rejection) => {
                let text = rejection.body_text();
                let detail = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(&text);
                Err(Problem::new(INVALID_QUERY, format!("the query is wrong: {detail}")))
            }
        }
    }
}

/// How many entries a page has at most; what is above the most there may be counts as that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PageLimit(u32);

/// What the document says of it: no upper end, since more counts as the most.
pub(crate) fn limit_schema() -> Object {
    ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).default(Some(PAGE_DEFAULT.into())).build()
}

/// The text is no number of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InvalidLimit;

impl fmt::Display for InvalidLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "must be a whole number from 1 to {PAGE_MAX}")
    }
}

impl FromStr for PageLimit {
    type Err = InvalidLimit;

    fn from_str(text: &str) -> Result<Self, InvalidLimit> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(InvalidLimit);
        }
        // Only digits: what does not fit is more than the most there may be.
        match text.parse().unwrap_or(PAGE_MAX).min(PAGE_MAX) {
            0 => Err(InvalidLimit),
            limit => Ok(Self(limit)),
        }
    }
}

impl PageLimit {
    /// The limit asked for, or the usual one.
    pub(crate) fn or_default(asked: Option<&Parsed<Self>>) -> u32 {
        Self::or(asked, PAGE_DEFAULT)
    }

    /// The limit asked for, or this one.
    pub(crate) fn or(asked: Option<&Parsed<Self>>, usual: u32) -> u32 {
        asked.map_or(usual, |Parsed(Self(limit))| *limit)
    }
}

/// A place in a numbered list: the last number that the reader has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Position(pub(crate) u64);

/// The text is no place in a numbered list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InvalidPosition;

impl fmt::Display for InvalidPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "must be a whole number from 0 to {}", i64::MAX)
    }
}

impl FromStr for Position {
    type Err = InvalidPosition;

    fn from_str(text: &str) -> Result<Self, InvalidPosition> {
        let number: i64 = text.parse().map_err(|_| InvalidPosition)?;
        u64::try_from(number).map(Self).map_err(|_| InvalidPosition)
    }
}

/// Which part of a numbered list a query asks for.
pub(crate) fn part(after: Option<Parsed<Position>>, limit: Option<&Parsed<PageLimit>>) -> After {
    After { after: after.map_or(0, |Parsed(Position(after))| after), limit: PageLimit::or_default(limit) }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct PartQuery {
        after: Option<Parsed<Position>>,
        limit: Option<Parsed<PageLimit>>,
    }

    async fn read(query: &str) -> Result<After, Problem> {
        let uri = format!("/v1/jobs/x/logs?{query}");
        let (mut parts, ()) = Request::builder().uri(uri).body(()).expect("a request").into_parts();
        let Params(query) = Params::<PartQuery>::from_request_parts(&mut parts, &()).await?;
        Ok(part(query.after, query.limit.as_ref()))
    }

    #[tokio::test]
    async fn a_limit_is_one_to_a_thousand_and_more_counts_as_a_thousand() {
        assert_eq!(read("").await, Ok(After { after: 0, limit: 100 }));
        for (limit, counts_as) in [("1", 1), ("1000", 1000), ("1001", 1000), ("99999999999999999999", 1000)] {
            assert_eq!(
                read(&format!("after=7&limit={limit}")).await,
                Ok(After { after: 7, limit: counts_as }),
                "{limit}"
            );
        }
    }

    #[tokio::test]
    async fn a_wrong_parameter_is_named_with_what_it_should_be() {
        for (query, field, hint) in [
            ("limit=0", "limit", "from 1 to 1000"),
            ("limit=", "limit", "from 1 to 1000"),
            ("limit=-1", "limit", "from 1 to 1000"),
            ("limit=ten", "limit", "from 1 to 1000"),
            ("after=-1", "after", "from 0 to"),
            ("after=9223372036854775808", "after", "from 0 to"),
            ("limits=1", "limits", "expected `after` or `limit`"),
            ("limit=1&limit=2", "limit", "duplicate"),
        ] {
            let problem = read(query).await.expect_err(query);
            assert_eq!(problem.kind, INVALID_QUERY);
            assert!(problem.detail.contains(field) && problem.detail.contains(hint), "{query}: {}", problem.detail);
        }
    }
}
