//! What every request passes on its way in and every answer on its way out.
//!
//! Owns the check of `Host` and `Origin`, the security headers, and that a panic becomes an answer without its text.

use std::panic::AssertUnwindSafe;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt as _;
use uuid::Uuid;

use super::AllowedHosts;
use super::record::RequestId;
use crate::api::problem::{HOST_NOT_ALLOWED, INTERNAL, ORIGIN_NOT_ALLOWED, Problem};
use crate::domain::Live;

/// Set on every answer that does not bring its own.
const HEADERS: [(HeaderName, HeaderValue); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

/// The middleware around all routes.
pub(crate) async fn check(State(hosts): State<Live<AllowedHosts>>, mut request: Request, next: Next) -> Response {
    let id = Uuid::now_v7();
    request.extensions_mut().insert(RequestId(id));
    let mut response = match may_enter(&hosts.get(), &request) {
        Err(problem) => problem.into_response(),
        Ok(()) => AssertUnwindSafe(next.run(request)).catch_unwind().await.unwrap_or_else(|_| {
            // The panic hook has already written what and where.
            tracing::error!("a handler panicked");
            Problem::of(INTERNAL).into_response()
        }),
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(value);
    }
    let id = HeaderValue::try_from(id.to_string()).expect("a UUID is visible ASCII");
    headers.insert(HeaderName::from_static("x-request-id"), id);
    response
}

fn may_enter(hosts: &AllowedHosts, request: &Request) -> Result<(), Problem> {
    let host = match request.uri().authority() {
        Some(authority) => Some(authority.as_str()),
        None => only(request.headers(), &header::HOST),
    };
    let Some(host) = host.filter(|host| hosts.allows_host(host)) else {
        return Err(Problem::new(
            HOST_NOT_ALLOWED,
            "the `Host` header must be a loopback name (`localhost`, `127.0.0.1`, `[::1]`) or the address this host is \
             bound to, or be named in the host's setting `hosts`",
        ));
    };
    let from_elsewhere = request.headers().contains_key(header::ORIGIN)
        && !only(request.headers(), &header::ORIGIN).is_some_and(|origin| hosts.allows_origin(origin, host));
    if from_elsewhere {
        return Err(Problem::new(
            ORIGIN_NOT_ALLOWED,
            "the `Origin` header names a web page that this host does not serve; programs leave the header out, and pages \
             that may use it are named in its setting `origins`",
        ));
    }
    Ok(())
}

/// The value of a header that comes exactly once.
pub(super) fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        (None | Some(_), _) => None,
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::Router;
    use axum::body::Body;
    use axum::http::StatusCode;
    use axum::routing::get;
    use tower::Service as _;

    use super::*;

    async fn answer(request: axum::http::request::Builder) -> Response {
        let hosts = Live::new(AllowedHosts::bound_to(SocketAddr::from(([127, 0, 0, 1], 7171))));
        let mut router = Router::<()>::new()
            .route("/", get(|| async { "ok" }))
            .route("/panic", get(panics))
            .layer(axum::middleware::from_fn_with_state(hosts, check));
        router.call(request.body(Body::empty()).expect("a request")).await.expect("infallible")
    }

    async fn panics() -> &'static str {
        tokio::task::yield_now().await;
        panic!("a secret")
    }

    #[tokio::test]
    async fn only_known_hosts_and_origins_come_in() {
        let to = |path: &str| Request::builder().uri(path);
        let status = [
            (to("/").header("host", "localhost:7171"), StatusCode::OK),
            (to("/").header("host", "localhost:7171").header("origin", "http://localhost:7171"), StatusCode::OK),
            (to("/").header("host", "localhost:7171").header("origin", "http://localhost:1"), StatusCode::FORBIDDEN),
            (to("/"), StatusCode::MISDIRECTED_REQUEST),
            (to("/").header("host", "evil.example"), StatusCode::MISDIRECTED_REQUEST),
            (to("/").header("host", "localhost").header("host", "localhost"), StatusCode::MISDIRECTED_REQUEST),
            (to("http://evil.example/").header("host", "localhost"), StatusCode::MISDIRECTED_REQUEST),
            (to("/").header("host", "localhost").header("origin", "http://evil.example"), StatusCode::FORBIDDEN),
            (to("/").header("host", "localhost").header("origin", "null"), StatusCode::FORBIDDEN),
            (to("/nowhere").header("host", "evil.example"), StatusCode::MISDIRECTED_REQUEST),
        ];
        for (request, expected) in status {
            let response = answer(request).await;
            assert_eq!(response.status(), expected);
            assert_eq!(response.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
            assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        }
    }

    #[tokio::test]
    async fn a_panic_becomes_a_problem_without_its_text() {
        let response = answer(Request::builder().uri("/panic").header("host", "localhost")).await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = axum::body::to_bytes(response.into_body(), 4096).await.expect("a short body");
        let text = String::from_utf8_lossy(&body);
        assert!(text.contains("\"internal\"") && !text.contains("secret"), "{text}");
    }
}
