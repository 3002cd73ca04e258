//! Finds out who asks: everybody, while there is no token; else the holder of the token in `Authorization`, or for a
//! stream of the one-use ticket in `?ticket=`. And notes what was changed, and by whom.
//!
//! What the caller then may do is the routes' affair. A token never comes in a URL, where logs and histories would keep
//! it.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Rates;
use super::check::only;
use super::record::{Asked, Change, is_change};
use crate::access::{Caller, Denied, RedeemError};
use crate::api::extract::Peer;
use crate::api::problem::{INVALID_HEADER, Problem, TICKET_NOT_HERE, TOKEN_IN_URL, UNAUTHENTICATED, UNAVAILABLE};
use crate::api::state::{ApiState, Shared};

/// The only paths that ask for nothing: probes have no token, and learn nothing but yes or no.
pub(crate) const PUBLIC: [&str; 2] = ["/healthz", "/readyz"];
/// The paths that a ticket opens.
const STREAMS: [&str; 2] = ["/v1/events", "/v1/jobs/{job_id}/logs/stream"];
/// Query parameters in which other hosts take a token.
const IN_URLS: [&str; 2] = ["token", "access_token"];

/// The middleware around all routes but the public ones.
pub(crate) async fn authenticate(
    State((api, rates)): State<(Shared, Arc<Rates>)>,
    Peer(peer): Peer,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    if is_on(&parts, &PUBLIC) {
        parts.extensions.insert(Caller::anybody());
        return next.run(Request::from_parts(parts, body)).await;
    }
    let asked = Asked::by(&parts, peer);
    match let_in(&api, &rates, peer, &parts).await {
        Ok(caller) => {
            parts.extensions.insert(caller.clone());
            if !is_change(&parts.method) {
                return next.run(Request::from_parts(parts, body)).await;
            }
            let change = Change::begin(api, caller, asked);
            parts.extensions.insert(change.action());
            let response = next.run(Request::from_parts(parts, body)).await;
            change.done(&response).await;
            response
        }
        Err(problem) => {
            if problem.kind == UNAUTHENTICATED {
                asked.not_let_in(&api, &problem);
            }
            problem.into_response()
        }
    }
}

async fn let_in(api: &ApiState, rates: &Rates, peer: IpAddr, request: &Parts) -> Result<Caller, Problem> {
    match caller_of(api, request).await {
        Ok(caller) => rates.request(&caller, peer).map(|()| caller),
        Err(problem) if problem.kind == UNAUTHENTICATED => Err(rates.failure(peer).err().unwrap_or(problem)),
        Err(problem) => Err(problem),
    }
}

fn is_on(request: &Parts, paths: &[&str]) -> bool {
    let path = request.extensions.get::<MatchedPath>();
    path.is_some_and(|path| paths.contains(&path.as_str()))
}

async fn caller_of(api: &ApiState, request: &Parts) -> Result<Caller, Problem> {
    refuse_token_in(&request.uri)?;
    let Some(access) = &api.access else { return Ok(Caller::anybody()) };
    let Some(ticket) = parameter(&request.uri, "ticket") else {
        return access.recognise(bearer(&request.headers)?).map_err(Into::into);
    };
    if !is_on(request, &STREAMS) {
        let detail = "a ticket opens `/v1/events` and the streams of logs alone; send `Authorization: Bearer TOKEN`";
        return Err(Problem::new(TICKET_NOT_HERE, detail));
    }
    access.redeem(ticket).await.map_err(|error| match error {
        RedeemError::Denied(denied) => denied.into(),
        RedeemError::Store(error) => error.into(),
    })
}

fn parameters(uri: &Uri) -> impl Iterator<Item = (&str, &str)> {
    uri.query().unwrap_or_default().split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

fn parameter<'u>(uri: &'u Uri, wanted: &str) -> Option<&'u str> {
    parameters(uri).find(|(name, _)| *name == wanted).map(|(_, value)| value)
}

fn refuse_token_in(uri: &Uri) -> Result<(), Problem> {
    match parameters(uri).find(|(name, _)| IN_URLS.contains(name)) {
        None => Ok(()),
        Some((name, _)) => Err(Problem::new(
            TOKEN_IN_URL,
            format!(
                "`{name}` does not belong into a URL, which logs keep: send `Authorization: Bearer TOKEN`; a browser \
                 opens streams with a ticket of `POST /v1/stream-tickets`"
            ),
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
            Denied::NoToken
            | Denied::Malformed
            | Denied::Unknown
            | Denied::Revoked(_)
            | Denied::Expired(_)
            | Denied::NoTicket => Self::new(UNAUTHENTICATED, denied.to_string()),
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
