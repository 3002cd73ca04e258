//! One request over one connection, and the beginning of its answer.

use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::time::timeout;

use super::connect::Stream;

/// What is read of an answer's head at once; one that is twice as long is refused.
const HEAD_BYTES: usize = 16 << 10;

/// What is read of an answer's body; the rest is left.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BodyLimit {
    pub(crate) bytes: usize,
    pub(crate) time: Duration,
}

/// Sends a request and waits for the head of the answer, which comes with the beginning of its body.
pub(crate) async fn exchange(
    stream: Box<dyn Stream>,
    request: http::Request<Full<Bytes>>,
    limit: BodyLimit,
) -> hyper::Result<(http::response::Parts, Vec<u8>)> {
    let (mut sender, connection) =
        http1::Builder::new().max_buf_size(HEAD_BYTES).handshake(TokioIo::new(stream)).await?;
    let mut connection = pin!(connection);
    let mut exchange = pin!(async move {
        let (head, body) = sender.send_request(request).await?.into_parts();
        Ok((head, beginning(body, limit).await))
    });
    tokio::select! {
        biased;
        answered = &mut exchange => answered,
        // What came before the end is still there to be read.
        _ = &mut connection => exchange.await,
    }
}

async fn beginning(mut body: Incoming, limit: BodyLimit) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = timeout(limit.time, async {
        while bytes.len() < limit.bytes
            && let Some(Ok(frame)) = body.frame().await
        {
            bytes.extend_from_slice(frame.data_ref().map_or(&[], |data| data));
        }
    })
    .await;
    bytes.truncate(limit.bytes);
    bytes
}
