//! A component as the body of a request: on disk as a whole before anybody looks at it.

use axum::extract::{FromRequest, Request};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use http::HeaderMap;

use super::body::{self, Parts};
use crate::api::problem::{INVALID_HEADER, Problem};
use crate::api::state::Shared;
use crate::registry::Upload;

const SIGNATURE: &str = "cofferdam-signature";
const SOURCE: &str = "cofferdam-source";
/// Minisign's files have some 350 bytes, and comments as long as one likes.
const SIGNATURE_BYTES: usize = 8 * 1024;
const SOURCE_CHARS: usize = 1_024;

/// The uploaded component, no larger than the registry takes.
#[derive(Debug)]
pub(crate) struct Component(pub(crate) Upload);

impl FromRequest<Shared> for Component {
    type Rejection = Problem;

    async fn from_request(request: Request, api: &Shared) -> Result<Self, Problem> {
        let (parts, content) = request.into_parts();
        let origin = check(&parts.headers).and_then(|()| Origin::of(&parts.headers));
        let (origin, mut receiving) = (origin?, api.registry.receive()?);
        let mut content = Parts::of(&parts.headers, content, api.registry.module_bytes_max())?;
        while let Some(part) = content.next().await? {
            receiving.take(&part).await?;
        }
        let upload = receiving.finish().await?;
        Ok(Self(upload.signed(origin.signature).fetched_from(origin.source)))
    }
}

/// What the sender says of where the component came from.
struct Origin {
    signature: Option<String>,
    source: Option<String>,
}

impl Origin {
    fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let signature = match headers.get(SIGNATURE) {
            Some(given) => Some(signature(given.as_bytes())?),
            None => None,
        };
        let source = match headers.get(SOURCE) {
            Some(given) => Some(source(given.as_bytes())?),
            None => None,
        };
        Ok(Self { signature, source })
    }
}

/// The `.minisig` file in base64: a header holds no line breaks.
fn signature(given: &[u8]) -> Result<String, Problem> {
    let text = BASE64.decode(given).ok().filter(|text| text.len() <= SIGNATURE_BYTES);
    text.and_then(|text| String::from_utf8(text).ok()).ok_or_else(|| {
        Problem::new(
            INVALID_HEADER,
            format!(
                "the header `{SIGNATURE}` must be the base64 of a `.minisig` file of at most {SIGNATURE_BYTES} bytes"
            ),
        )
    })
}

fn source(given: &[u8]) -> Result<String, Problem> {
    let text = std::str::from_utf8(given)
        .ok()
        .filter(|text| (1..=SOURCE_CHARS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()));
    text.map(str::to_owned).ok_or_else(|| {
        let what = "an address such as `oci://ghcr.io/acme/words@sha256:…`, in visible ASCII";
        Problem::new(
            INVALID_HEADER,
            format!("the header `{SOURCE}` must be {what}, of at most {SOURCE_CHARS} characters"),
        )
    })
}

fn check(headers: &HeaderMap) -> Result<(), Problem> {
    body::expect_type(headers, "application/wasm")?;
    body::expect_plain(headers)
}
