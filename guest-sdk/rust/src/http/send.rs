//! Requests and their answers, whole.

use std::time::Duration;

use http::header::CONTENT_LENGTH;
use http::{HeaderValue, Method, Request, Response};

use super::{HttpError, exchange};

/// How long each wait of a request may take: for the connection, for the answer's head, and for more of its body. It is an
/// extension of the request: `Request::get(url).extension(Timeout(Duration::from_secs(10)))`. The host has limits of its
/// own, which hold without it, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeout(pub Duration);

/// Sends a request and waits for the whole answer, whatever its status.
pub fn send<B: Into<Vec<u8>>>(request: Request<B>) -> Result<Response<Vec<u8>>, HttpError> {
    let mut request = request.map(Into::into);
    announce_length(&mut request);
    let uri = request.uri();
    match uri.scheme_str() {
        Some("http" | "https") if uri.authority().is_some() => exchange(request),
        _ => Err(HttpError::Invalid(format!("`{uri}` is no address of http or https"))),
    }
}

/// Without it the body would be sent in chunks, which not every server takes.
fn announce_length(request: &mut Request<Vec<u8>>) {
    let length = request.body().len();
    if length > 0 || [Method::POST, Method::PUT, Method::PATCH].contains(request.method()) {
        request.headers_mut().entry(CONTENT_LENGTH).or_insert_with(|| HeaderValue::from(length));
    }
}

/// Asks for a page.
pub fn get(url: &str) -> Result<Response<Vec<u8>>, HttpError> {
    let request = Request::get(url).body(Vec::new());
    send(request.map_err(|error| HttpError::Invalid(format!("`{url}`: {error}")))?)
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
    use super::*;
    use crate::http::stand_in;

    #[test]
    fn without_a_stand_in_everything_is_denied() {
        assert_eq!(get("https://api.example.com/").map(|_| ()), Err(HttpError::Denied));
    }

    #[test]
    fn a_stand_in_answers_what_was_sent() {
        stand_in(|request| {
            assert_eq!((request.method().as_str(), request.uri().path()), ("POST", "/items"));
            assert_eq!(request.headers()["content-length"], "3");
            Ok(Response::new(request.body().to_ascii_uppercase()))
        });
        let request = Request::post("https://api.example.com/items").body("abc").expect("a request");
        assert_eq!(send(request).expect("an answer").body(), b"ABC");
    }

    #[test]
    fn what_is_no_address_is_refused_before_it_is_sent() {
        for url in ["", "/path", "api.example.com", "ftp://api.example.com/", "a b"] {
            assert!(matches!(get(url), Err(HttpError::Invalid(_))), "{url}");
        }
    }
}
