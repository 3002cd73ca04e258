//! What this version does not offer yet. Whoever names it is told so, instead of being ignored.

use axum::extract::Request;

use super::error::asked;
use super::problem::{NOT_AVAILABLE_YET, Problem};

fn not_yet(what: &str) -> Problem {
    Problem::new(NOT_AVAILABLE_YET, format!("{what} comes with a later version of this host; leave it out until then"))
}

/// Answers for a whole path that comes later.
pub(crate) async fn later(request: Request) -> Problem {
    let (method, path) = asked(request).await;
    not_yet(&format!("`{method} {path}`"))
}
