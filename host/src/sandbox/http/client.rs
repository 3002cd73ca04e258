//! Sends one request of a guest, from the check of its grant to the head of the answer.

use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use http::{HeaderValue, Uri, header};
use http_body_util::BodyExt as _;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::time::timeout;
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody};

use super::body::{Received, Sent};
use super::end::End;
use super::error::{self, Refused};
use super::meter::Meter;
use super::reach::{Addresses, Reach};
use super::secret_headers::SecretHeaders;
use crate::domain::grants::{Scheme, Target};
use crate::outbound::{Connector, HttpRoots, LookUps, Resolver, Stream};
use crate::sandbox::JobImports;

/// How long looking up a name and connecting may take together; a guest may ask for less.
const CONNECT: Duration = Duration::from_secs(10);
/// How long an answer may be silent once it has begun; a guest may ask for less.
const SILENCE: Duration = Duration::from_mins(1);
/// What is read of an answer's head at once; one that is twice as long is refused.
const HEAD_BYTES: usize = 32 << 10;

/// Sends requests for all guests of this process.
pub(in crate::sandbox) struct HttpClient {
    look_ups: LookUps,
    connector: Connector,
}

/// A guest's request with all that decides over it.
pub(in crate::sandbox) struct HttpRequest {
    pub(in crate::sandbox) request: http::Request<WasiBody>,
    pub(in crate::sandbox) options: RequestOptions,
    pub(in crate::sandbox) reach: Arc<Reach>,
    pub(in crate::sandbox) meter: Arc<Meter>,
    pub(in crate::sandbox) imports: Arc<dyn JobImports>,
    pub(in crate::sandbox) secrets: Arc<SecretHeaders>,
    /// How long it may take until the last byte of its answer.
    pub(in crate::sandbox) time: Duration,
}

/// The head of the answer, with the body still to come, and what has to run meanwhile.
pub(in crate::sandbox) type HttpResponse =
    (http::Response<WasiBody>, Box<dyn Future<Output = Result<(), Error>> + Send>);

impl HttpClient {
    pub(in crate::sandbox) fn new(resolver: Arc<dyn Resolver>, roots: Vec<HttpRoots>) -> Self {
        Self { look_ups: LookUps::by(resolver), connector: Connector::trusting(roots) }
    }

    /// Sends a request. A refusal is said in the job's log, through `tell`.
    pub(in crate::sandbox) async fn send(
        &self,
        request: HttpRequest,
        tell: impl AsyncFnOnce(String),
    ) -> Result<HttpResponse, Error> {
        let sent = match check(&request) {
            Ok((target, which)) => self.send_to(request, target, which).await,
            Err(refused) => Err(refused),
        };
        match sent {
            Ok(response) => Ok(response),
            Err(Refused { error, line }) => {
                if let Some(line) = line {
                    tell(line).await;
                }
                Err(error)
            }
        }
    }

    async fn send_to(&self, request: HttpRequest, target: Target, which: Addresses) -> Result<HttpResponse, Refused> {
        let mut end = End::within(request.time, &request.imports);
        let (time, meter) = (request.time, Arc::clone(&request.meter));
        let silence = request.options.between_bytes_timeout.unwrap_or(SILENCE).min(SILENCE);
        let exchanged = {
            let mut exchange = pin!(async {
                let turn = meter.turn().await;
                let connect = request.options.connect_timeout.unwrap_or(CONNECT).min(CONNECT);
                let connected = timeout(connect, self.connect(&request.reach, &target, which));
                let stream = connected.await.unwrap_or(Err(Error::ConnectionTimeout.into()))?;
                let first_byte = request.options.first_byte_timeout.unwrap_or(time).min(time);
                let exchanged = timeout(first_byte, exchange(stream, &target, request)).await;
                let (head, running) = exchanged.unwrap_or(Err(Error::ConnectionReadTimeout))?;
                Ok((head, running, turn))
            });
            poll_fn(|cx| match exchange.as_mut().poll(cx) {
                Poll::Pending => end.poll(cx).map(|error| Err(Refused::from(error))),
                ready @ Poll::Ready(_) => ready,
            })
            .await
        };
        let (head, running, turn) = exchanged?;
        let body = |incoming| Received::new(incoming, meter, end, silence, turn).boxed_unsync();
        Ok((head.map(body), running))
    }

    /// Connects to an address of the host that the grant and the ceiling have: the very one that was checked.
    async fn connect(&self, reach: &Reach, target: &Target, which: Addresses) -> Result<Box<dyn Stream>, Refused> {
        let found = self.look_ups.addresses(target).await;
        let Some(first) = found.first() else {
            let rcode = Some("NXDOMAIN".to_owned());
            return Err(Error::DnsError { rcode, info_code: None }.into());
        };
        let allowed: Vec<SocketAddr> = found.iter().copied().filter(|address| reach.has(address.ip(), which)).collect();
        if allowed.is_empty() {
            let address = first.ip();
            let line = format!("module is not granted {target}: its address {address} is not public");
            return Err(Refused::saying(Error::DestinationIpProhibited, line));
        }
        self.connector.connect(target, &allowed).await.map_err(|error| error::connection(&error, target))
    }
}

/// Whether a request may be sent, and to which addresses.
fn check(request: &HttpRequest) -> Result<(Target, Addresses), Refused> {
    let uri = request.request.uri();
    let method = request.request.method();
    let scheme = match uri.scheme_str() {
        Some("http") => Scheme::Http,
        Some("https") => Scheme::Https,
        _ => {
            return Err(Refused::saying(
                Error::HttpProtocolError,
                "module asked for another scheme than http and https",
            ));
        }
    };
    let authority = uri.authority().map_or("", http::uri::Authority::as_str);
    let target = Target::of(scheme, authority)
        .map_err(|error| Refused::saying(Error::HttpRequestDenied, format!("module asked for an odd host: {error}")))?;
    let which = request
        .reach
        .permits(method, &target)
        .ok_or_else(|| Refused::saying(Error::HttpRequestDenied, format!("module is not granted {method} {target}")))?;
    if request.meter.take_request() {
        Ok((target, which))
    } else {
        let line = "module has sent as many HTTP requests as its job may";
        Err(Refused::saying(Error::ConnectionLimitReached, line))
    }
}

/// Sends the request over a connection and waits for the head of the answer.
async fn exchange(
    stream: Box<dyn Stream>,
    target: &Target,
    request: HttpRequest,
) -> Result<(http::Response<hyper::body::Incoming>, Box<dyn Future<Output = Result<(), Error>> + Send>), Error> {
    let HttpRequest { mut request, meter, secrets, .. } = request;
    prepare(&mut request, target)?;
    let method = request.method().clone();
    secrets.fill(method.as_str(), target, request.headers_mut());
    let mut builder = http1::Builder::new();
    let (mut sender, connection) = builder
        .max_buf_size(HEAD_BYTES)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(|error| error::exchange(&error))?;
    let mut connection = Box::pin(connection);
    let mut answer = pin!(sender.send_request(request.map(|body| Sent { body, meter })));
    let answered = tokio::select! {
        biased;
        answered = &mut answer => Some(answered),
        ended = &mut connection => {
            ended.map_err(|error| error::exchange(&error))?;
            None
        }
    };
    let nothing_runs = answered.is_none();
    let answered = match answered {
        Some(answered) => answered,
        None => answer.await,
    };
    let head = answered.map_err(|error| error::exchange(&error))?;
    let running: Box<dyn Future<Output = Result<(), Error>> + Send> = if nothing_runs {
        Box::new(std::future::ready(Ok(())))
    } else {
        Box::new(async move { connection.await.map_err(|error| error::exchange(&error)) })
    };
    Ok((head, running))
}

/// Only proxies are told scheme and host in the first line; the host that is named is the one that was checked.
fn prepare(request: &mut http::Request<WasiBody>, target: &Target) -> Result<(), Error> {
    let path = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    *request.uri_mut() = path.parse::<Uri>().map_err(|_| Error::HttpRequestUriInvalid)?;
    let port = if target.port == target.scheme.port() { String::new() } else { format!(":{}", target.port) };
    let host = HeaderValue::try_from(format!("{}{port}", target.host)).map_err(|_| Error::HttpRequestUriInvalid)?;
    request.headers_mut().insert(header::HOST, host);
    Ok(())
}
