//! Serves the router on a socket until the host goes down.
//!
//! Owns the connections: how many there are, how long a client may take to ask, and that one which is cut is closed at
//! once.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use axum::{Router, http};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service as _;

use crate::api::{ApiState, router};

/// Connections at once; further ones wait to be accepted. Each takes a file descriptor and some 20 KiB.
const CONNECTIONS: usize = 1_024;
/// The largest header block; more is answered with 431. Browsers send less than 16 KiB.
const HEADER_BYTES: usize = 32 * 1024;
/// What is buffered for a client that does not read, and read ahead from one that writes.
const BUFFER_BYTES: usize = 128 * 1024;
/// How long a client may take to send a header block, and how long a connection may rest between requests.
const HEADER_TIME: Duration = Duration::from_mins(1);
/// The pause after a failed accept: without file descriptors, trying again at once would spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// A client's connection, as its requests see it.
#[derive(Clone)]
pub(crate) struct Connection {
    cut: CancellationToken,
    /// Held by whatever still uses the connection; an upgraded one outlives its task here.
    _permit: Arc<OwnedSemaphorePermit>,
}

impl Connection {
    /// Closes the connection at once, whatever is still to be sent: the client does not read.
    pub(crate) fn cut(&self) {
        self.cut.cancel();
    }
}

/// Serves until `state.shutdown` is cancelled, and then until requests that are under way are answered.
pub async fn serve(listener: TcpListener, state: ApiState) -> std::io::Result<()> {
    let shutdown = state.shutdown.clone();
    let router = router(state);
    let permits = Arc::new(Semaphore::new(CONNECTIONS));
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &permits) => accepted,
            () = shutdown.cancelled() => break,
        };
        match accepted {
            Ok((stream, address, permit)) => {
                let connection = Connection { cut: CancellationToken::new(), _permit: Arc::new(permit) };
                connections.spawn(answer((stream, address), connection, router.clone(), shutdown.clone()));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    connections.close();
    connections.wait().await;
    Ok(())
}

async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
) -> std::io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let permit = Arc::clone(permits).acquire_owned().await.expect("the semaphore is never closed");
    let (stream, address) = listener.accept().await?;
    // Log lines are small and should not wait for the client's acknowledgement of earlier ones.
    stream.set_nodelay(true)?;
    Ok((stream, address, permit))
}

/// Answers the requests of one connection.
async fn answer(
    (stream, address): (TcpStream, SocketAddr),
    connection: Connection,
    router: Router,
    shutdown: CancellationToken,
) {
    let cut = connection.cut.clone();
    let service = service_fn(move |request: http::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(address));
        request.extensions_mut().insert(connection.clone());
        let answer = router.clone().call(request);
        async move { Ok::<Response, Infallible>(answer.await.unwrap_or_else(|never| match never {})) }
    });
    let mut served = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_TIME)
            .max_header_size(HEADER_BYTES)
            .max_buf_size(BUFFER_BYTES)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades()
    );
    let mut leaving = pin!(shutdown.cancelled());
    let mut told = false;
    loop {
        tokio::select! {
            // An error here is a client that went away or spoke no HTTP: its own affair.
            _ = served.as_mut() => return,
            () = cut.cancelled() => return,
            () = leaving.as_mut(), if !told => {
                told = true;
                served.as_mut().graceful_shutdown();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    async fn ask(router: Router, request: &[u8]) -> String {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let address = listener.local_addr().expect("bound");
        let permits = Arc::new(Semaphore::new(1));
        let mut client = TcpStream::connect(address).await.expect("a connection");
        client.write_all(request).await.expect("sent");
        let (stream, from, permit) = accept(&listener, &permits).await.expect("accepted");
        let connection = Connection { cut: CancellationToken::new(), _permit: Arc::new(permit) };
        answer((stream, from), connection, router, CancellationToken::new()).await;
        assert_eq!(permits.available_permits(), 1, "the connection gave its place back");
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
    async fn a_cut_connection_ends_in_the_middle_of_its_answer() {
        let endless = |axum::Extension(connection): axum::Extension<Connection>| async move {
            connection.cut();
            Body::from_stream(futures_util::stream::pending::<Result<axum::body::Bytes, Infallible>>())
        };
        let router = Router::new().route("/", axum::routing::get(endless));
        let answer = ask(router, b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
        assert!(!answer.contains("0\r\n\r\n"), "{answer}");
    }
}
