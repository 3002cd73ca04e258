//! Calling servers over HTTP, by WASI's own calls.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use cofferdam_sdk::{Failure, Job};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use wasip2::http::outgoing_handler::handle;
use wasip2::http::types::{
    ErrorCode, Fields, FutureIncomingResponse, IncomingResponse, Method, OutgoingBody, OutgoingRequest, Scheme,
    http_error_code,
};
use wasip2::io::streams::StreamError;

use crate::behaviour::Behave;

/// One request.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(crate) struct Call {
    #[serde(default = "get")]
    method: String,
    #[serde(default = "http")]
    scheme: String,
    authority: String,
    #[serde(default = "root")]
    path: String,
    /// Headers by name.
    #[serde(default)]
    headers: Vec<(String, String)>,
    /// How many bytes are sent.
    #[serde(default)]
    body_bytes: usize,
}

/// What came of it.
#[derive(Debug, Default, Serialize)]
struct Outcome {
    status: Option<u16>,
    location: Option<String>,
    body: Option<String>,
    error: Option<String>,
}

/// Sends requests one after the other and saves what came of each.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct CallOut {
    #[serde(default)]
    calls: Vec<Call>,
}

impl Behave for CallOut {
    fn behave(self, job: &Job) -> Result<(), Failure> {
        for call in &self.calls {
            job.save_result(&outcome(call))?;
        }
        Ok(())
    }
}

/// Sends the same request again and again, several at once, until one fails or it has sent so many; saves how many were
/// answered and how the last one failed.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct CallOutOften {
    #[serde(default)]
    call: Option<Call>,
    #[serde(default = "many")]
    times: usize,
    #[serde(default = "one")]
    at_once: usize,
}

impl Behave for CallOutOften {
    fn behave(self, job: &Job) -> Result<(), Failure> {
        let (Some(call), mut answered, mut error) = (self.call, 0, None) else { return Ok(()) };
        while answered < self.times && error.is_none() {
            let begun: Vec<_> = (0..self.at_once).map(|_| begin(&call)).collect();
            for one in begun {
                match one.and_then(|answer| wait(&answer)).and_then(|response| read(&response).map(drop)) {
                    Ok(()) => answered += 1,
                    Err(failed) => error = Some(format!("{failed:?}")),
                }
            }
        }
        Ok(job.save_result(&serde_json::json!({ "answered": answered, "error": error }))?)
    }
}

/// Waits for an answer that does not come, and says how that ended.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct WaitForAnswer {
    #[serde(default)]
    call: Option<Call>,
}

impl Behave for WaitForAnswer {
    fn behave(self, job: &Job) -> Result<(), Failure> {
        let Some(call) = self.call else { return Ok(()) };
        log::info!("waiting for an answer");
        let outcome = outcome(&call);
        log::info!("asked to stop: {}", job.is_cancelled());
        Ok(job.save_result(&outcome)?)
    }
}

/// Tells everybody everything that a server answers to a request with its secret.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct TellSecret {
    #[serde(default)]
    authority: Option<String>,
    /// Whatever it was given.
    #[serde(default)]
    given: String,
}

impl Behave for TellSecret {
    fn behave(self, job: &Job) -> Result<(), Failure> {
        let Some(authority) = self.authority else { return Ok(()) };
        #[expect(clippy::disallowed_methods, reason = "a guest's environment is what it was granted")]
        let held = std::env::var("API_KEY").unwrap_or_default();
        job.save_result(&serde_json::json!({ "held": held, "given": self.given }))?;
        let headers =
            [("x-key", held.clone()), ("authorization", format!("Basic {}", BASE64.encode(format!("me:{held}"))))];
        let headers = headers.map(|(name, value)| (name.to_owned(), value)).to_vec();
        let path = format!("/headers?{held}");
        let call = Call { method: get(), scheme: http(), authority, path, headers, body_bytes: 0 };
        let echoed = outcome(&call).body.unwrap_or_default();
        let coded = BASE64.encode(&echoed);
        log::info!("{echoed} {coded}");
        println!("{echoed}\n{coded}");
        // So that the host has to cut the line, wherever in the value that is.
        for before in 16_300..16_384 {
            eprintln!("{} {}", "-".repeat(before), echoed.replace('\n', " "));
        }
        job.save_result(&serde_json::json!({ "echoed": echoed, "coded": coded, &echoed: 1 }))?;
        job.save_checkpoint(&serde_json::json!({ "echoed": echoed, "coded": coded }))?;
        Err(Failure::permanent(format!("{echoed} {coded}")))
    }
}

fn outcome(call: &Call) -> Outcome {
    let response = match begin(call).and_then(|answer| wait(&answer)) {
        Ok(response) => response,
        Err(error) => return Outcome { error: Some(format!("{error:?}")), ..Outcome::default() },
    };
    let location = response.headers().get("location").first().map(|value| String::from_utf8_lossy(value).into_owned());
    let (body, error) = match read(&response) {
        Ok(body) => (Some(String::from_utf8_lossy(&body).into_owned()), None),
        Err(error) => (None, Some(format!("{error:?}"))),
    };
    Outcome { status: Some(response.status()), location, body, error }
}

fn begin(call: &Call) -> Result<FutureIncomingResponse, ErrorCode> {
    let headers: Vec<_> = call.headers.iter().map(|(name, value)| (name.clone(), value.clone().into_bytes())).collect();
    let headers = Fields::from_list(&headers).map_err(|error| ErrorCode::InternalError(Some(format!("{error:?}"))))?;
    let request = OutgoingRequest::new(headers);
    let refused = |()| ErrorCode::HttpRequestUriInvalid;
    let method = match call.method.as_str() {
        "GET" => Method::Get,
        "POST" => Method::Post,
        "CONNECT" => Method::Connect,
        "TRACE" => Method::Trace,
        other => Method::Other(other.to_owned()),
    };
    request.set_method(&method).map_err(refused)?;
    let scheme = match call.scheme.as_str() {
        "http" => Scheme::Http,
        "https" => Scheme::Https,
        other => Scheme::Other(other.to_owned()),
    };
    request.set_scheme(Some(&scheme)).map_err(refused)?;
    request.set_authority(Some(&call.authority)).map_err(refused)?;
    request.set_path_with_query(Some(&call.path)).map_err(refused)?;
    let body = request.body().map_err(refused)?;
    let answer = handle(request, None)?;
    if call.body_bytes > 0 {
        let stream = body.write().map_err(refused)?;
        for part in vec![b'x'; call.body_bytes].chunks(4096) {
            if stream.blocking_write_and_flush(part).is_err() {
                break;
            }
        }
    }
    // What was wrong with it is said by the answer.
    let _ = OutgoingBody::finish(body, None);
    Ok(answer)
}

fn wait(answer: &FutureIncomingResponse) -> Result<IncomingResponse, ErrorCode> {
    answer.subscribe().block();
    answer.get().expect("it is ready").expect("it is asked for once")
}

fn read(response: &IncomingResponse) -> Result<Vec<u8>, ErrorCode> {
    let lost = |()| ErrorCode::InternalError(Some("the body is gone".to_owned()));
    let body = response.consume().map_err(lost)?;
    let stream = body.stream().map_err(lost)?;
    let mut bytes = Vec::new();
    loop {
        match stream.blocking_read(64 << 10) {
            Ok(part) => bytes.extend(part),
            Err(StreamError::Closed) => return Ok(bytes),
            Err(StreamError::LastOperationFailed(error)) => {
                let code = http_error_code(&error);
                return Err(code.unwrap_or(ErrorCode::InternalError(Some(error.to_debug_string()))));
            }
        }
    }
}

fn get() -> String {
    "GET".to_owned()
}

fn http() -> String {
    "http".to_owned()
}

fn root() -> String {
    "/".to_owned()
}

const fn many() -> usize {
    100
}

const fn one() -> usize {
    1
}
