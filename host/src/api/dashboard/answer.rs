//! How files and the page are answered: what a browser may keep, and what the page may do.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use super::files::File;

/// Stands in the page for the number that its styles have to carry.
const NONCE: &str = "{{nonce}}";

/// Assets have their content's hash in their name.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_EACH_TIME: HeaderValue = HeaderValue::from_static("no-cache");

/// How long a file stays what it is under its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// For ever.
    ForEver,
    /// Until the next build.
    AskEachTime,
}

/// The page, with styles that nobody could have put into it beforehand.
pub(super) fn page(index: &str) -> Response {
    let nonce = Uuid::new_v4().simple().to_string();
    // Scripts only as files of this host, styles as well or with the number, and connections to nowhere else.
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; \
         connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    html(index.replace(NONCE, &nonce), &policy)
}

/// What stands in its place when the build has no dashboard.
pub(super) fn no_dashboard() -> Response {
    html(NO_DASHBOARD.to_owned(), "default-src 'none'; frame-ancestors 'none'")
}

const NO_DASHBOARD: &str = "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width\">
<meta name=\"color-scheme\" content=\"light dark\">
<title>Cofferdam</title>
<h1>Cofferdam runs, without its dashboard</h1>
<p>This program was built where there was no Node.js, which the dashboard's build needs. Everything else works: the
API below <code>/v1</code>, and the command line.</p>
<p>To get the dashboard, install Node.js 20 or later with npm, and in the source folder run:</p>
<pre>cargo xtask dashboard
cargo build --release</pre>
<p>The API is described at <a href=\"/openapi.json\">/openapi.json</a>; <code>cofferdam --help</code> lists the commands.</p>
</html>
";

fn html(text: String, policy: &str) -> Response {
    let mut response = Response::new(Body::from(text));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    let policy = HeaderValue::try_from(policy).expect("a policy is visible ASCII");
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// A file, or that the browser's copy is still right.
pub(super) fn file(file: &File, keep: Keep, asked: &HeaderMap) -> Response {
    let etag = format!("\"{}\"", file.digest);
    let known = asked.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes());
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { content(file, asked) };
    let headers = response.headers_mut();
    let keep = match keep {
        Keep::ForEver => FOR_EVER,
        Keep::AskEachTime => ASK_EACH_TIME,
    };
    headers.insert(header::CACHE_CONTROL, keep);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::ETAG, HeaderValue::try_from(etag).expect("hexadecimal digits are visible ASCII"));
    response
}

fn content(file: &File, asked: &HeaderMap) -> Response {
    let packed = file.gzip.filter(|_| takes_gzip(asked));
    let mut response = Response::new(Body::from(packed.unwrap_or(file.content)));
    if packed.is_some() {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(file.content_type));
    response
}

/// Whether `Accept-Encoding` names gzip, and not to refuse it.
fn takes_gzip(asked: &HeaderMap) -> bool {
    let lists = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|list| list.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|encoding| {
        let (name, quality) = encoding.split_once(';').unwrap_or((encoding, "q=1"));
        let refused = quality.trim().strip_prefix("q=").and_then(|quality| quality.parse::<f32>().ok()) == Some(0.0);
        name.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn body(response: Response) -> String {
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 16).await.expect("a short body");
        String::from_utf8(bytes.into()).expect("text")
    }

    fn script() -> File {
        File {
            content: b"plain",
            gzip: Some(b"packed"),
            content_type: "text/javascript; charset=utf-8",
            digest: "0011",
        }
    }

    fn headers(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[tokio::test]
    async fn each_page_has_a_number_of_its_own_and_no_script_within() {
        let index = "<meta name=\"nonce\" content=\"{{nonce}}\">";
        let (one, other) = (page(index), page(index));
        let policy = |response: &Response| {
            response.headers()[header::CONTENT_SECURITY_POLICY].to_str().expect("visible ASCII").to_owned()
        };
        let (first, second) = (policy(&one), policy(&other));
        assert_ne!(first, second);
        assert!(first.contains("script-src 'self';") && !first.contains("unsafe"), "{first}");
        let nonce = first.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce");
        assert!(body(one).await.contains(&format!("content=\"{nonce}\"")));
    }

    #[tokio::test]
    async fn a_file_is_packed_for_who_can_unpack_it() {
        for (encodings, expected) in
            [("gzip, deflate, br", "packed"), ("br;q=1, GZIP;q=0.5", "packed"), ("gzip;q=0", "plain"), ("br", "plain")]
        {
            let answer = file(&script(), Keep::ForEver, &headers(header::ACCEPT_ENCODING, encodings));
            assert_eq!(answer.headers()[header::CACHE_CONTROL], FOR_EVER);
            assert_eq!(answer.headers().contains_key(header::CONTENT_ENCODING), expected == "packed");
            assert_eq!(body(answer).await, expected, "{encodings}");
        }
    }

    #[tokio::test]
    async fn a_copy_that_is_still_right_is_not_sent_again() {
        let answer = file(&script(), Keep::AskEachTime, &headers(header::IF_NONE_MATCH, "\"0011\""));
        assert_eq!(
            (answer.status(), &answer.headers()[header::CACHE_CONTROL]),
            (StatusCode::NOT_MODIFIED, &ASK_EACH_TIME)
        );
        assert_eq!(body(answer).await, "");
        let answer = file(&script(), Keep::AskEachTime, &headers(header::IF_NONE_MATCH, "\"0012\""));
        assert_eq!(answer.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn a_build_without_dashboard_says_how_to_get_one() {
        let text = body(no_dashboard()).await;
        assert!(text.contains("cargo xtask dashboard") && !text.contains("<script"), "{text}");
    }
}
