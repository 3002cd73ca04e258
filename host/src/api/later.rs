//! What this version does not offer yet. Whoever names it is told so, instead of being ignored.

use axum::extract::Request;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

use super::error::asked;
use super::problem::{NOT_AVAILABLE_YET, Problem};

/// A field that comes with a later version: any value of it is remembered as named.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Later {
    #[default]
    Absent,
    Named,
}

impl<'de> Deserialize<'de> for Later {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|IgnoredAny| Self::Named)
    }
}

/// Refuses a request that names one of these.
pub(crate) fn refuse_named(fields: &[(&str, Later)]) -> Result<(), Problem> {
    match fields.iter().find(|(_, named)| *named == Later::Named) {
        Some((field, _)) => Err(not_yet(&format!("`{field}`"))),
        None => Ok(()),
    }
}

/// The problem that says so.
pub(crate) fn not_yet(what: &str) -> Problem {
    Problem::new(NOT_AVAILABLE_YET, format!("{what} comes with a later version of this host; leave it out until then"))
}

/// Answers for a whole path that comes later.
pub(crate) async fn later(request: Request) -> Problem {
    let (method, path) = asked(request).await;
    not_yet(&format!("`{method} {path}`"))
}
