//! Serves the router on a socket until the host goes down.
//!
//! Owns the connections: that a client asks in time, and that one which is cut is closed at once. Who may hold how many
//! is said in `connections`.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{self, HeaderValue, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service as _;

use super::connections::{Connections, Place};
use super::exchange::UnderWay;
use super::tls::Tls;
use super::unread::RequestBody;
use crate::api::{ApiState, router};
use crate::domain::{ClientLimits, Live};

/// The largest header block; more is answered with 431. Browsers send less than 16 KiB.
const HEADER_BYTES: usize = 32 * 1024;
/// What is buffered for a client that does not read, and read ahead from one that writes.
const BUFFER_BYTES: usize = 128 * 1024;
/// The pause after a failed accept: without file descriptors, trying again at once would spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);
/// Browsers come back by TLS alone for a year.
const ENCRYPTED_ALWAYS: HeaderValue = HeaderValue::from_static("max-age=31536000");
/// What is said to a client for which there is no room.
const NO_ROOM: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/problem+json\r\n\
    content-length: 172\r\nretry-after: 1\r\nconnection: close\r\n\r\n\
    {\"type\":\"urn:cofferdam:problem:no_connection_left\",\"title\":\"No connection left\",\"status\":503,\
    \"detail\":\"all connections of this host are in use\",\"code\":\"no_connection_left\"}";

/// A client's connection, as its requests see it.
#[derive(Clone)]
pub(crate) struct Connection {
    /// Held by whatever still uses the connection; an upgraded one outlives its task here.
    place: Arc<Place>,
}

impl Connection {
    /// Closes the connection at once, whatever is still to be sent: the client does not read.
    pub(crate) fn cut(&self) {
        self.place.cut.cancel();
    }
}

/// Serves until `state.shutdown` is cancelled, and then until requests that are under way are answered.
/// With `tls`, by that alone.
pub async fn serve(listener: TcpListener, state: ApiState, tls: Option<Tls>) -> std::io::Result<()> {
    let (shutdown, limits) = (state.shutdown.clone(), state.clients.clone());
    let connections = {
        let limits = limits.get();
        Connections::new(limits.connections, limits.connections_each)
    };
    let server = Server { router: router(state), limits, tls, shutdown: shutdown.clone() };
    let tasks = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = shutdown.cancelled() => break,
        };
        match accepted {
            Ok((stream, address)) => match connections.enter(address.ip().to_canonical()) {
                Ok(place) => {
                    tasks.spawn(server.clone().answer((stream, address), Connection { place: Arc::new(place) }));
                }
                // There is room for it in the socket's own buffer, or nobody to read it.
                Err(_) if server.tls.is_none() => _ = stream.try_write(NO_ROOM),
                Err(_) => {}
            },
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    tasks.close();
    tasks.wait().await;
    Ok(())
}

/// What all connections share.
#[derive(Clone)]
struct Server {
    router: Router,
    limits: Live<ClientLimits>,
    tls: Option<Tls>,
    shutdown: CancellationToken,
}

impl Server {
    /// Serves one connection.
    async fn answer(self, (stream, address): (TcpStream, SocketAddr), connection: Connection) {
        // Log lines are small and should not wait for the client's acknowledgement of earlier ones.
        if stream.set_nodelay(true).is_err() {
            return;
        }
        let Some(tls) = &self.tls else { return self.serve(stream, address, connection).await };
        let handshake = timeout(tls.handshake_time(), tls.acceptor().accept(stream));
        let shaken = tokio::select! {
            shaken = handshake => shaken,
            () = connection.place.cut.cancelled() => return,
            () = self.shutdown.cancelled() => return,
        };
        match shaken {
            Ok(Ok(stream)) => self.serve(stream, address, connection).await,
            Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
            Err(_) => tracing::debug!("a TLS handshake took too long"),
        }
    }

    /// Answers the requests of one connection.
    async fn serve<S>(self, stream: S, address: SocketAddr, connection: Connection)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let Self { router, limits, tls, shutdown } = self;
        let limits = limits.get();
        let encrypted = tls.is_some();
        let cut = connection.place.cut.clone();
        let asked = Arc::new(AtomicBool::new(false));
        let has_asked = Arc::clone(&asked);
        let service = service_fn(move |request: http::Request<Incoming>| {
            asked.store(true, Ordering::Relaxed);
            let under_way = UnderWay::begin(&connection.place);
            let waits = request.headers().contains_key(header::EXPECT);
            let (parts, body) = request.into_parts();
            let (body, unread) = RequestBody::new(body);
            let mut request = http::Request::from_parts(parts, Body::new(body));
            request.extensions_mut().insert(ConnectInfo(address));
            request.extensions_mut().insert(connection.clone());
            let answer = router.clone().call(request);
            async move {
                let mut answer = answer.await.unwrap_or_else(|never| match never {});
                if !unread.discard(waits, answer.status()).await {
                    answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
                }
                if encrypted {
                    answer.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, ENCRYPTED_ALWAYS);
                }
                Ok::<_, Infallible>(under_way.answered(answer))
            }
        });
        let mut served = pin!(
            http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(limits.idle_time)
                .max_header_size(HEADER_BYTES)
                .max_buf_size(BUFFER_BYTES)
                .serve_connection(TokioIo::new(stream), service)
                .with_upgrades()
        );
        let mut leaving = pin!(shutdown.cancelled());
        let mut too_late = pin!(tokio::time::sleep(limits.header_time));
        let (mut told, mut in_time) = (false, false);
        loop {
            tokio::select! {
                // An error here is a client that went away or spoke no HTTP: its own affair.
                _ = served.as_mut() => return,
                () = cut.cancelled() => return,
                () = too_late.as_mut(), if !in_time => {
                    in_time = has_asked.load(Ordering::Relaxed);
                    if !in_time {
                        return;
                    }
                }
                () = leaving.as_mut(), if !told => {
                    told = true;
                    served.as_mut().graceful_shutdown();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::sync::Notify;

    use super::*;

    async fn ask(router: Router, request: &[u8]) -> String {
        ask_in_parts(router, &[request], &Notify::new()).await
    }

    /// Sends each part after the first when it is told to, and the server has done all that it can do without it.
    async fn ask_in_parts(router: Router, parts: &[&[u8]], next: &Notify) -> String {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let address = listener.local_addr().expect("bound");
        let connections = Connections::new(1, 1);
        let mut client = TcpStream::connect(address).await.expect("a connection");
        client.write_all(parts[0]).await.expect("sent");
        let (stream, from) = listener.accept().await.expect("accepted");
        let place = connections.enter(from.ip()).expect("room");
        let limits = ClientLimits { header_time: Duration::from_millis(200), ..ClientLimits::default() };
        let server = Server { router, limits: limits.into(), tls: None, shutdown: CancellationToken::new() };
        let answer = server.answer((stream, from), Connection { place: Arc::new(place) });
        let send_on = async {
            for part in &parts[1..] {
                next.notified().await;
                // Both run as one task, which is polled each time.
                for _ in 0..16 {
                    tokio::task::yield_now().await;
                }
                // The connection may be gone.
                let _ = client.write_all(part).await;
            }
        };
        tokio::join!(answer, send_on);
        let again = connections.enter(from.ip()).expect("the connection gave its place back");
        again.works();
        assert!(connections.enter(from.ip()).is_err());
        let mut text = Vec::new();
        // A cut connection may end with a reset.
        let _ = client.read_to_end(&mut text).await;
        String::from_utf8(text).expect("text")
    }

    #[tokio::test]
    async fn a_header_block_without_end_is_refused() {
        let request = format!("GET / HTTP/1.1\r\nhost: localhost\r\nx: {}\r\n\r\n", "x".repeat(HEADER_BYTES));
        let answer = ask(Router::new(), request.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    }

    #[tokio::test]
    async fn a_client_that_does_not_ask_in_time_is_left() {
        assert_eq!(ask(Router::new(), b"GET / HTTP/1.1\r\nhost: local").await, "");
    }

    #[tokio::test]
    async fn a_body_that_nobody_reads_does_not_cost_the_connection() {
        let next = Arc::new(Notify::new());
        let called = Arc::clone(&next);
        let router = Router::new().route("/", axum::routing::post(move || async move { called.notify_one() }));
        let head = b"POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n";
        let rest = b"0\r\n\r\nPOST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
        let answers = ask_in_parts(router, &[head, rest], &next).await;
        assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 2, "{answers}");
    }

    #[tokio::test]
    async fn a_large_body_that_is_refused_is_taken_in_so_that_its_client_reads_why() {
        let next = Arc::new(Notify::new());
        let called = Arc::clone(&next);
        let refuse = move || async move {
            called.notify_one();
            StatusCode::FORBIDDEN
        };
        let router = Router::new().route("/", axum::routing::post(refuse));
        let head = b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000000\r\n\r\n";
        let mut rest = vec![b'x'; 1_000_000];
        rest.extend_from_slice(b"POST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        let answers = ask_in_parts(router, &[head, &rest], &next).await;
        assert_eq!(answers.matches("HTTP/1.1 403 Forbidden").count(), 2, "{answers}");
    }

    #[tokio::test]
    async fn a_body_that_does_not_come_ends_the_connection_and_the_answer_says_so() {
        let router = Router::new().route("/", axum::routing::post(|| async {}));
        let answer = ask(router, b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000000\r\n\r\n").await;
        assert!(answer.contains("connection: close\r\n"), "{answer}");
    }

    #[tokio::test]
    async fn who_waits_to_be_asked_for_a_body_that_nobody_reads_is_not_asked() {
        let router = Router::new().route("/", axum::routing::post(|| async { StatusCode::FORBIDDEN }));
        let head = b"POST / HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n";
        let answer = ask(router, head).await;
        assert!(answer.starts_with("HTTP/1.1 403 ") && answer.contains("connection: close\r\n"), "{answer}");
    }

    #[tokio::test]
    async fn a_cut_connection_ends_in_the_middle_of_its_answer() {
        let endless = |axum::Extension(connection): axum::Extension<Connection>| async move {
            connection.cut();
            Body::from_stream(futures_util::stream::pending::<Result<axum::body::Bytes, Infallible>>())
        };
        let router = Router::new().route("/", axum::routing::get(endless));
        let answer = ask(router, b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
        assert!(!answer.contains("0\r\n\r\n"), "{answer}");
    }

    #[test]
    fn what_is_said_without_room_is_a_whole_problem() {
        let text = std::str::from_utf8(NO_ROOM).expect("text");
        let (head, body) = text.split_once("\r\n\r\n").expect("a header block and a body");
        assert!(head.contains(&format!("content-length: {}\r\n", body.len())), "{}", body.len());
        let problem: serde_json::Value = serde_json::from_str(body).expect("JSON");
        assert_eq!((&problem["status"], &problem["code"]), (&503.into(), &"no_connection_left".into()));
    }
}
