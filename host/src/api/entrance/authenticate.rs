//! Finds out who asks: everybody, while there is no token; else the holder of the token in `Authorization`.
//!
//! What the caller then may do is the routes' affair. A token never comes in a URL, where logs and histories would keep
//! it.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Rates;
use super::check::only;
use crate::access::{Caller, Denied};
use crate::api::extract::{Peer, refuse_body};
use crate::api::problem::{INVALID_HEADER, Problem, TOKEN_IN_URL, UNAUTHENTICATED, UNAVAILABLE};
use crate::api::state::{ApiState, Shared};

/// The only paths that ask for nothing: probes have no token, and learn nothing but yes or no.
pub(crate) const PUBLIC: [&str; 2] = ["/healthz", "/readyz"];
/// Query parameters in which other hosts take a token.
const IN_URLS: [&str; 2] = ["token", "access_token"];

/// The middleware around all routes but the public ones.
pub(crate) async fn authenticate(
    State((api, rates)): State<(Shared, Arc<Rates>)>,
    Peer(peer): Peer,
    mut request: Request,
    next: Next,
) -> Response {
    if is_public(&request) {
        request.extensions_mut().insert(Caller::anybody());
        return next.run(request).await;
    }
    let caller = match caller_of(&api, &request) {
        Ok(caller) => rates.request(&caller, peer).map(|()| caller),
        Err(problem) if problem.kind == UNAUTHENTICATED => Err(rates.failure(peer).err().unwrap_or(problem)),
        Err(problem) => Err(problem),
    };
    match caller {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(problem) => {
            let (parts, body) = request.into_parts();
            refuse_body(&parts.headers, body).await;
            problem.into_response()
        }
    }
}

fn is_public(request: &Request) -> bool {
    let path = request.extensions().get::<MatchedPath>();
    path.is_some_and(|path| PUBLIC.contains(&path.as_str()))
}

fn caller_of(api: &ApiState, request: &Request) -> Result<Caller, Problem> {
    refuse_token_in(request.uri())?;
    match &api.access {
        None => Ok(Caller::anybody()),
        Some(access) => access.recognise(bearer(request.headers())?).map_err(Into::into),
    }
}

fn refuse_token_in(uri: &Uri) -> Result<(), Problem> {
    let names = uri.query().unwrap_or_default().split('&').map(|pair| pair.split('=').next().unwrap_or_default());
    match names.into_iter().find(|name| IN_URLS.contains(name)) {
        None => Ok(()),
        Some(name) => Err(Problem::new(
            TOKEN_IN_URL,
            format!("`{name}` does not belong into a URL, which logs keep: send `Authorization: Bearer TOKEN`"),
        )),
    }
}

/// The text of the token, as it was sent.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    if !headers.contains_key(header::AUTHORIZATION) {
        return Ok(None);
    }
    let token = only(headers, &header::AUTHORIZATION).and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
    });
    match token {
        Some(token) => Ok(Some(token)),
        // Its value is not repeated: it is a secret.
        None => Err(Problem::new(INVALID_HEADER, "the header `Authorization` must be `Bearer TOKEN`, once")),
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Stale => Self::new(UNAVAILABLE, denied.to_string()).retry_after(2),
            Denied::NoToken | Denied::Malformed | Denied::Unknown | Denied::Revoked(_) | Denied::Expired(_) => {
                Self::new(UNAUTHENTICATED, denied.to_string())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_token_is_read_from_its_header_alone() {
        let read = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::AUTHORIZATION, HeaderValue::from_static(value));
            }
            bearer(&headers).map(|token| token.map(str::to_owned)).map_err(|problem| problem.kind)
        };
        assert_eq!(read(&[]), Ok(None));
        assert_eq!(read(&["Bearer x"]), Ok(Some("x".to_owned())));
        assert_eq!(read(&["bearer  x "]), Ok(Some("x".to_owned())));
        for wrong in [&["x"][..], &["Basic x"], &["Bearer x", "Bearer x"], &[""]] {
            assert_eq!(read(wrong), Err(INVALID_HEADER), "{wrong:?}");
        }
        for (uri, refused) in [("/v1/jobs?token=x", true), ("/?a=1&access_token", true), ("/v1/jobs?tokens=x", false)] {
            assert_eq!(refuse_token_in(&uri.parse().expect("a URI")).is_err(), refused, "{uri}");
        }
    }
}
