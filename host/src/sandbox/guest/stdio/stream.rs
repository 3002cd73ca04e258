//! One handle to a standard stream, as WASI sees it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamError, StreamResult};

use crate::domain::LogSource;

use super::Stdio;

/// What a guest may write at once. WASI's own helpers write 4 KiB.
const WRITE_BYTES: usize = 16 << 10;

/// A guest may have many of them; all handles to one stream are the same stream.
#[derive(Clone)]
pub(in crate::sandbox) struct StdStream {
    stdio: Arc<Stdio>,
    source: LogSource,
}

impl StdStream {
    pub(super) fn new(stdio: Arc<Stdio>, source: LogSource) -> Self {
        Self { stdio, source }
    }
}

impl IsTerminal for StdStream {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for StdStream {
    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }

    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for StdStream {
    async fn ready(&mut self) {
        self.stdio.drained().await;
    }
}

#[wasmtime_wasi::async_trait]
impl OutputStream for StdStream {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        if bytes.len() > self.check_write()? {
            return Err(StreamError::trap("wrote more to a standard stream than `check-write` allowed"));
        }
        self.stdio.write(self.source, &bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(if self.stdio.is_drained() { WRITE_BYTES } else { 0 })
    }
}

impl AsyncWrite for StdStream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        ready!(self.stdio.poll_drained(cx));
        let bytes = &bytes[..bytes.len().min(WRITE_BYTES)];
        self.stdio.write(self.source, bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stdio.poll_drained(cx).map(Ok)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stdio.poll_drained(cx).map(Ok)
    }
}
