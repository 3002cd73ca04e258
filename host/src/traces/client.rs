//! How requests get to a collector: one connection each, which is enough for one every few seconds.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderValue, Request, Response, header};
use http_body_util::Full;
use opentelemetry_http::{HttpClient, HttpError};
use tokio::time::timeout;

use crate::domain::HttpAddress;
use crate::outbound::{self, BodyLimit, Connector, HttpRoots, LookUps, Resolver};

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// What is read of an answer: which steps a collector did not take.
const LIMIT: BodyLimit = BodyLimit { bytes: 64 << 10, time: PATIENCE };

/// Posts to one collector.
pub(super) struct Collector {
    pub(super) address: HttpAddress,
    look_ups: LookUps,
    connector: Connector,
}

impl std::fmt::Debug for Collector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Collector").field(&self.address).finish()
    }
}

impl Collector {
    pub(super) fn new(address: HttpAddress, roots: Vec<HttpRoots>, resolver: Arc<dyn Resolver>) -> Self {
        Self { address, look_ups: LookUps::by(resolver), connector: Connector::trusting(roots) }
    }

    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let target = self.address.target();
        let addresses: Vec<SocketAddr> = self.look_ups.addresses(target).await;
        let stream = self.connector.connect(target, &addresses).await.map_err(|error| format!("{target}: {error}"))?;
        let (mut parts, body) = request.into_parts();
        // Only proxies are told scheme and host in the first line.
        parts.uri = self.address.path().parse()?;
        let host = format!("{}:{}", target.host, target.port);
        parts.headers.insert(header::HOST, HeaderValue::try_from(host)?);
        parts.headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        let request = Request::from_parts(parts, Full::new(body));
        let (head, body) = outbound::exchange(stream, request, LIMIT).await?;
        Ok(Response::from_parts(head, Bytes::from(body)))
    }
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        timeout(PATIENCE, self.send(request)).await.map_err(|_| "the collector did not answer in time")?
    }
}
