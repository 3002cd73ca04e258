//! Requests and their answers, whole.

use http::{Request, Response};

use super::{HttpError, exchange};

/// Sends a request and waits for the whole answer, whatever its status.
pub fn send<B: Into<Vec<u8>>>(request: Request<B>) -> Result<Response<Vec<u8>>, HttpError> {
    let request = request.map(Into::into);
    let uri = request.uri();
    match uri.scheme_str() {
        Some("http" | "https") if uri.authority().is_some() => exchange(request),
        _ => Err(HttpError::Invalid(format!("`{uri}` is no address of http or https"))),
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
