//! WASI with nothing granted: no files, no sockets, no names, no environment, no HTTP. Guests get errors, not traps.

use std::future::Future;
use std::sync::Arc;

use wasmtime_wasi::WasiCtx;
use wasmtime_wasi_http::{Error as HttpError, RequestOptions, Result as HttpResult, WasiBody, WasiHttpHooks};

use crate::domain::LogSource;
use crate::domain::limits::RANDOM_BYTES;

use super::stdio::Stdio;

/// Clocks, random numbers, and output that becomes log lines.
pub(super) fn nothing_granted(stdio: &Arc<Stdio>) -> WasiCtx {
    WasiCtx::builder()
        .stdout(stdio.stream(LogSource::Stdout))
        .stderr(stdio.stream(LogSource::Stderr))
        .max_random_size(RANDOM_BYTES)
        .build()
}

/// Denies every request that a guest would send.
pub(super) struct NoHttp;

/// What a request becomes: a response, and a future for what goes wrong while its body arrives.
type Response = (http::Response<WasiBody>, Box<dyn Future<Output = HttpResult<()>> + Send>);

impl WasiHttpHooks for NoHttp {
    fn send_request(
        &mut self,
        _request: http::Request<WasiBody>,
        _options: Option<RequestOptions>,
        _sent: Box<dyn Future<Output = HttpResult<()>> + Send>,
    ) -> Box<dyn Future<Output = HttpResult<Response>> + Send> {
        Box::new(std::future::ready(Err(HttpError::HttpRequestDenied)))
    }

    fn p2_outgoing_body_chunk_size(&mut self) -> usize {
        256 << 10
    }
}
