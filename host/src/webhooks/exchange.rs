//! One request to a receiver: to an address that was checked, without redirects, and with an end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use http_body_util::Full;
use tokio::time::timeout;

use super::check::may_reach;
use crate::domain::grants::Scheme;
use crate::domain::{HttpAddress, WebhookLimits};
use crate::outbound::{self, BodyLimit, Connector, HttpRoots, LookUps, Resolver, Stream};
use crate::store::AttemptResult;

/// What is kept of an answer's body.
const ANSWER_BYTES: usize = 1_024;
/// How long the rest of an answer may take once its head is there: what it says changes nothing.
const ANSWER_TIME: Duration = Duration::from_secs(1);

/// Sends requests to receivers.
pub(super) struct Exchange {
    look_ups: LookUps,
    connector: Connector,
    limits: WebhookLimits,
}

/// What is sent.
pub(super) struct Message {
    /// The signature's headers.
    pub(super) headers: HeaderMap,
    /// JSON.
    pub(super) body: String,
}

/// What came of a message.
pub(super) struct Sent {
    pub(super) result: AttemptResult,
    /// The answer's `Retry-After`.
    pub(super) retry_after: Option<HeaderValue>,
}

impl Sent {
    /// It did not come to an answer.
    pub(super) fn failed(error: String) -> Self {
        Self { result: AttemptResult { error: Some(error), ..AttemptResult::default() }, retry_after: None }
    }
}

impl Exchange {
    pub(super) fn new(resolver: Arc<dyn Resolver>, roots: Vec<HttpRoots>, limits: WebhookLimits) -> Self {
        Self { look_ups: LookUps::by(resolver), connector: Connector::trusting(roots), limits }
    }

    /// Sends a message, and tells what the receiver said, or why it said nothing.
    pub(super) async fn send(&self, url: &HttpAddress, message: Message) -> Sent {
        match timeout(self.limits.timeout, self.exchange(url, message)).await {
            Ok(Ok(sent)) => sent,
            Ok(Err(error)) => Sent::failed(error),
            Err(_) => Sent::failed(format!(
                "no answer within {} (webhooks.timeout)",
                humantime::format_duration(self.limits.timeout)
            )),
        }
    }

    async fn exchange(&self, url: &HttpAddress, message: Message) -> Result<Sent, String> {
        let stream = self.connect(url).await?;
        let limit = BodyLimit { bytes: ANSWER_BYTES, time: ANSWER_TIME };
        match outbound::exchange(stream, request(url, message)?, limit).await {
            Ok((head, body)) => {
                let retry_after = head.headers.get(header::RETRY_AFTER).cloned();
                Ok(Sent { result: judged(head.status, text(&body)), retry_after })
            }
            Err(error) => Err(format!("no whole answer: {error}")),
        }
    }

    /// Connects to an address of the host that may be reached: the very one that was checked.
    async fn connect(&self, url: &HttpAddress) -> Result<Box<dyn Stream>, String> {
        let target = url.target();
        // The setting may have changed since the webhook was made.
        if target.scheme == Scheme::Http && !self.limits.http {
            return Err("addresses without TLS are not allowed here (setting webhooks.http)".to_owned());
        }
        let found = self.look_ups.addresses(target).await;
        let Some(first) = found.first() else {
            return Err(format!("the name {} has no address", target.host));
        };
        let allowed: Vec<SocketAddr> =
            found.iter().copied().filter(|address| may_reach(address.ip(), &self.limits)).collect();
        if allowed.is_empty() {
            return Err(format!(
                "{} is not sent to: it is no public address (setting webhooks.private_networks)",
                first.ip()
            ));
        }
        self.connector.connect(target, &allowed).await.map_err(|error| format!("{target}: {error}"))
    }
}

fn request(url: &HttpAddress, Message { headers, body }: Message) -> Result<http::Request<Full<Bytes>>, String> {
    let target = url.target();
    let port = if target.port == target.scheme.port() { String::new() } else { format!(":{}", target.port) };
    let unfit = |error: http::Error| format!("the address makes no request: {error}");
    let mut request = http::Request::builder()
        .method(Method::POST)
        .uri(url.path())
        .header(header::HOST, format!("{}{port}", target.host))
        .header(header::USER_AGENT, concat!("cofferdam/", env!("CARGO_PKG_VERSION")))
        .header(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))
        .header(header::CONNECTION, HeaderValue::from_static("close"))
        .body(Full::new(Bytes::from(body)))
        .map_err(unfit)?;
    request.headers_mut().extend(headers);
    Ok(request)
}

/// What an answer means.
fn judged(status: StatusCode, answer: Option<String>) -> AttemptResult {
    let error = if status.is_success() {
        None
    } else if status.is_redirection() {
        Some(format!("the receiver answered {status}; redirects are not followed"))
    } else {
        Some(format!("the receiver answered {status}"))
    };
    AttemptResult { status: Some(status.as_u16()), answer, error }
}

/// How a body begins, as text; nothing when there is none.
fn text(bytes: &[u8]) -> Option<String> {
    // Databases take no zero bytes in texts.
    let text = String::from_utf8_lossy(bytes).replace('\0', "\u{fffd}");
    (!text.is_empty()).then_some(text)
}
