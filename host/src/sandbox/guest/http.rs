//! What a guest's HTTP requests become: each is handed to the sandbox's client, with what decides over it.

use std::collections::HashSet;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use wasmtime_wasi_http::p2::bindings::http::types::ErrorCode;
use wasmtime_wasi_http::{RequestOptions, Result as HttpResult, WasiBody, WasiHttpHooks};

use crate::domain::LogLevel;
use crate::sandbox::http::{HttpClient, HttpRequest, HttpResponse, Meter, Reach, SecretHeaders};
use crate::sandbox::{Allowance, JobImports};

/// Refusals that are said in a job's log; a guest that tries more hosts is not worth more lines.
const TOLD: usize = 32;

/// The guest's way out.
pub(super) struct HttpHooks {
    client: Arc<HttpClient>,
    reach: Arc<Reach>,
    meter: Arc<Meter>,
    imports: Arc<dyn JobImports>,
    secrets: Arc<SecretHeaders>,
    time: Duration,
    told: Arc<Mutex<HashSet<String>>>,
}

impl HttpHooks {
    pub(super) fn new(client: Arc<HttpClient>, imports: &Arc<dyn JobImports>, allowance: &Allowance) -> Self {
        Self {
            client,
            reach: Arc::clone(&allowance.reach),
            meter: Arc::new(Meter::new(&allowance.limits)),
            imports: Arc::clone(imports),
            secrets: Arc::new(SecretHeaders::new(allowance.secrets.clone())),
            time: allowance.limits.http_time,
            told: Arc::default(),
        }
    }

    /// What was sent and received.
    pub(super) fn meter(&self) -> &Meter {
        &self.meter
    }
}

/// Says a refusal in the job's log, once.
async fn tell(told: &Mutex<HashSet<String>>, imports: &dyn JobImports, line: String) {
    let is_news = {
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        told.len() < TOLD && told.insert(line.clone())
    };
    if is_news {
        imports.note(LogLevel::Warn, line).await;
    }
}

impl WasiHttpHooks for HttpHooks {
    fn send_request(
        &mut self,
        request: http::Request<WasiBody>,
        options: Option<RequestOptions>,
        _sent: Box<dyn Future<Output = HttpResult<()>> + Send>,
    ) -> Box<dyn Future<Output = HttpResult<HttpResponse>> + Send> {
        let (client, told, imports) = (Arc::clone(&self.client), Arc::clone(&self.told), Arc::clone(&self.imports));
        let request = HttpRequest {
            request,
            options: options.unwrap_or_default(),
            reach: Arc::clone(&self.reach),
            meter: Arc::clone(&self.meter),
            imports: Arc::clone(&self.imports),
            secrets: Arc::clone(&self.secrets),
            time: self.time,
        };
        Box::new(async move { client.send(request, async |line| tell(&told, &*imports, line).await).await })
    }

    fn p2_outgoing_body_chunk_size(&mut self) -> usize {
        256 << 10
    }

    fn p2_error_from_hyper(&mut self, error: &hyper::Error) -> ErrorCode {
        tracing::debug!(%error, "a guest's exchange failed");
        ErrorCode::HttpProtocolError
    }

    fn p2_error_from_connect(&mut self, error: &std::io::Error) -> ErrorCode {
        tracing::debug!(%error, "a guest's connection failed");
        ErrorCode::ConnectionRefused
    }

    fn p2_error_from_tls(&mut self, error: &std::io::Error) -> ErrorCode {
        tracing::debug!(%error, "a guest's TLS failed");
        ErrorCode::TlsProtocolError
    }
}
