//! Requests and answers: one agent, one server, one place that turns every refusal into a [`Failure`].

use std::io::Read;
use std::path::Path;
use std::time::Duration;

use ureq::http::{Response, StatusCode};
use ureq::{Agent, Body, SendBody};

use super::problem;
use super::trust::roots;
use super::unreachable::unreachable;
use crate::cli::Failure;
use crate::cli::output::Bar;

/// How long a server may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// How long an ordinary answer may take.
const ANSWER: Duration = Duration::from_mins(1);
/// A stream is silent for longer only when it is dead: the server sends something at least every 15 s.
const SILENCE: Duration = Duration::from_mins(1);
/// Pages are at most 4 MiB and a checkpoint 16 MiB, but JSON may write a byte as six.
const BODY_BYTES: u64 = 512 << 20;

/// One server.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Client {
    agent: Agent,
    base: String,
    token: Option<String>,
}

/// A question to the server.
#[derive(Debug, Clone)]
pub(super) struct Request<'r> {
    /// The method.
    pub(super) verb: Verb<'r>,
    /// The path, from `/v1` on.
    pub(super) path: String,
    /// Query parameters; those without a value are left out.
    pub(super) query: Vec<(&'static str, Option<String>)>,
    /// Further headers; those without a value are left out.
    pub(super) headers: Vec<(&'static str, Option<String>)>,
    /// How long to wait for the answer.
    pub(super) patience: Patience,
}

/// A method with what goes with it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Verb<'r> {
    Get,
    Delete,
    PostJson(&'r str),
    PutJson(&'r str),
    /// With the bar that shows how much was sent.
    PostComponent(&'r [u8], &'r Bar),
}

/// How long to wait for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Patience {
    /// As long as a database takes.
    Short,
    /// Until a job has ended or a component is compiled.
    Endless,
}

/// What a server said to a request that it did not refuse.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
}

impl<'r> Request<'r> {
    /// A question without parameters.
    pub(super) fn new(verb: Verb<'r>, path: impl Into<String>) -> Self {
        Self { verb, path: path.into(), query: Vec::new(), headers: Vec::new(), patience: Patience::Short }
    }

    /// As messages show it.
    pub(super) fn line(&self, base: &str) -> String {
        let method = match self.verb {
            Verb::Get => "GET",
            Verb::Delete => "DELETE",
            Verb::PostJson(_) | Verb::PostComponent(..) => "POST",
            Verb::PutJson(_) => "PUT",
        };
        format!("{method} {base}{}", self.path)
    }
}

impl Client {
    /// A client of the server at `url`, such as `http://127.0.0.1:7171`.
    pub(in crate::cli) fn new(url: &str, token: Option<&str>, ca_file: Option<&Path>) -> Result<Self, Failure> {
        let base = url.trim_end_matches('/').to_owned();
        let host = host_of(&base).ok_or_else(|| {
            Failure::usage(format!(
                "`{url}` is no server's address; write it as http://127.0.0.1:7171 (--server or COFFERDAM_SERVER)"
            ))
        })?;
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(Some(CONNECT))
            .user_agent(concat!("cofferdam/", env!("CARGO_PKG_VERSION")));
        let config = if base.starts_with("https://") { config.tls_config(roots(ca_file)?) } else { config };
        // A proxy cannot reach this machine's own loopback.
        let config = if is_loopback(&host) { config.proxy(None) } else { config };
        Ok(Self { agent: config.build().new_agent(), base, token: token.map(str::to_owned) })
    }

    /// Asks, and reads the whole answer. A refusal is a failure.
    pub(super) fn ask(&self, request: &Request<'_>) -> Result<Answer, Failure> {
        let (response, body) = self.answered(request)?;
        if response.status().is_success() {
            return Ok(Answer { status: response.status().as_u16(), body });
        }
        Err(problem::refusal(&response, &body).detail(request.line(&self.base)))
    }

    /// Asks, and reads the whole answer, a refusal as well.
    pub(super) fn answered(&self, request: &Request<'_>) -> Result<(Response<Body>, String), Failure> {
        let limit = match request.patience {
            Patience::Short => Some(ANSWER),
            Patience::Endless => None,
        };
        let mut response = self.send(request, limit, None).map_err(|error| unreachable(&self.base, &error))?;
        let body = response.body_mut().with_config().limit(BODY_BYTES).read_to_string();
        let body = body.map_err(|error| {
            Failure::failed(format!("the answer of {} broke off; try again", self.base))
                .detail(request.line(&self.base))
                .detail(error)
        })?;
        Ok((response, body))
    }

    /// Opens a stream of events; `None` when the server says that there is nothing more to come.
    pub(super) fn open(&self, request: &Request<'_>) -> Result<Option<impl Read + use<>>, OpenError> {
        let mut response = self.send(request, Some(ANSWER), Some(SILENCE)).map_err(OpenError::Unreachable)?;
        let status = response.status();
        if status == StatusCode::NO_CONTENT {
            return Ok(None);
        }
        if status.is_success() {
            return Ok(Some(response.into_body().into_with_config().limit(u64::MAX).reader()));
        }
        let body = response.body_mut().read_to_string().unwrap_or_default();
        let failure = problem::refusal(&response, &body).detail(request.line(&self.base));
        let later = status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error();
        Err(if later { OpenError::Later(failure) } else { OpenError::Refused(failure) })
    }

    /// Asks for something large, and gives it as it comes. The server may take its time before it begins.
    pub(super) fn download(&self, request: &Request<'_>) -> Result<impl Read + use<>, Failure> {
        let mut response = self.send(request, None, Some(SILENCE)).map_err(|error| unreachable(&self.base, &error))?;
        if response.status().is_success() {
            return Ok(response.into_body().into_with_config().limit(u64::MAX).reader());
        }
        let body = response.body_mut().read_to_string().unwrap_or_default();
        Err(problem::refusal(&response, &body).detail(request.line(&self.base)))
    }

    /// What the server is called in messages.
    pub(in crate::cli) fn base(&self) -> &str {
        &self.base
    }

    fn send(
        &self,
        request: &Request<'_>,
        answer: Option<Duration>,
        silence: Option<Duration>,
    ) -> Result<Response<Body>, ureq::Error> {
        let url = format!("{}{}", self.base, request.path);
        let query = request.query.iter().filter_map(|(name, value)| value.as_deref().map(|value| (*name, value)));
        let bearer = self.token.as_ref().map(|token| format!("Bearer {token}"));
        macro_rules! prepared {
            ($builder:expr) => {{
                let mut builder = $builder.query_pairs(query);
                if let Some(bearer) = &bearer {
                    builder = builder.header("authorization", bearer);
                }
                for (name, value) in &request.headers {
                    if let Some(value) = value {
                        builder = builder.header(*name, value);
                    }
                }
                builder.config().timeout_recv_response(answer).timeout_per_read(silence).build()
            }};
        }
        match request.verb {
            Verb::Get => prepared!(self.agent.get(&url)).call(),
            Verb::Delete => prepared!(self.agent.delete(&url)).call(),
            Verb::PostJson(body) => prepared!(self.agent.post(&url)).content_type("application/json").send(body),
            Verb::PutJson(body) => prepared!(self.agent.put(&url)).content_type("application/json").send(body),
            Verb::PostComponent(bytes, bar) => {
                let post = prepared!(self.agent.post(&url)).content_type("application/wasm");
                let post = post.header("content-length", bytes.len());
                post.send(SendBody::from_reader(&mut Shown { rest: bytes, total: bytes.len() as u64, bar }))
            }
        }
    }
}

/// Bytes whose way is shown.
struct Shown<'b> {
    rest: &'b [u8],
    total: u64,
    bar: &'b Bar,
}

impl Read for Shown<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.rest.read(buffer)?;
        self.bar.sent(self.total - self.rest.len() as u64, self.total);
        Ok(read)
    }
}

/// Why a stream could not be opened.
#[derive(Debug)]
pub(super) enum OpenError {
    /// Nobody answered.
    Unreachable(ureq::Error),
    /// Another try may help.
    Later(Failure),
    /// No other try helps.
    Refused(Failure),
}

fn host_of(url: &str) -> Option<String> {
    let uri: ureq::http::Uri = url.parse().ok()?;
    let plain = matches!(uri.path(), "" | "/") && uri.query().is_none();
    let scheme = matches!(uri.scheme_str(), Some("http" | "https"));
    uri.host().filter(|host| scheme && plain && !host.is_empty()).map(str::to_owned)
}

/// Whether a host is this machine.
pub(in crate::cli) fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}
