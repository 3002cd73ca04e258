//! HTTP as a program speaks it: one agent with kept-alive connections, refusals as values.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use ureq::http::{self, HeaderMap, Response};
use ureq::{Agent, Body};

use super::stream::EventStream;
use super::views::HostEvent;

/// Longer than any answer takes, stops with their grace included.
const ANSWER_TIME: Duration = Duration::from_mins(5);

/// A client of one host, also after a restart on another port.
#[derive(Clone)]
pub(crate) struct Client {
    agent: Agent,
    port: Arc<AtomicU16>,
    /// Shown with each request that brings none of its own.
    token: Option<String>,
}

/// What is asked. Headers and a body are added by its methods.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    method: &'static str,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Option<Vec<u8>>,
}

/// What was answered, whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// A refusal, as RFC 9457 says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Problem {
    pub(crate) r#type: String,
    pub(crate) title: String,
    pub(crate) status: u16,
    pub(crate) detail: String,
    pub(crate) code: String,
    #[serde(default)]
    pub(crate) errors: Vec<FieldError>,
}

/// One place in the body that is wrong.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FieldError {
    pub(crate) pointer: String,
    pub(crate) detail: String,
}

impl Client {
    pub(crate) fn new(address: SocketAddr) -> Self {
        let config = Agent::config_builder().http_status_as_error(false).timeout_global(Some(ANSWER_TIME));
        Self {
            agent: Agent::new_with_config(config.build()),
            port: Arc::new(AtomicU16::new(address.port())),
            token: None,
        }
    }

    /// The same, showing a token.
    pub(crate) fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// From now on the host is there.
    pub(crate) fn moved_to(&self, address: SocketAddr) {
        self.port.store(address.port(), Ordering::SeqCst);
    }

    pub(crate) fn address(&self) -> SocketAddr {
        ([127, 0, 0, 1], self.port.load(Ordering::SeqCst)).into()
    }

    #[track_caller]
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send(Request::new("GET", path))
    }

    #[track_caller]
    pub(crate) fn delete(&self, path: &str) -> Answer {
        self.send(Request::new("DELETE", path))
    }

    #[track_caller]
    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Request::new("POST", path).json(body))
    }

    #[track_caller]
    pub(crate) fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(Request::new("PUT", path).json(body))
    }

    /// The answer, whatever its status. Fails when there is none.
    #[track_caller]
    pub(crate) fn send(&self, request: Request) -> Answer {
        let asked = format!("{} {}", request.method, request.path);
        self.try_send(request).unwrap_or_else(|error| panic!("{asked}: {error}"))
    }

    /// The answer, or why there is none: for hosts that die on the way.
    pub(crate) fn try_send(&self, request: Request) -> Result<Answer, ureq::Error> {
        let response = self.open(request)?;
        let (parts, mut body) = response.into_parts();
        let body = body.with_config().limit(u64::MAX).read_to_vec()?;
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body })
    }

    /// The events of all jobs, with this query.
    #[track_caller]
    pub(crate) fn events(&self, query: &str) -> EventStream<HostEvent> {
        EventStream::open(self, Request::new("GET", &format!("/v1/events{query}")))
    }

    /// The answer's head, with its body still to be read.
    pub(crate) fn open(&self, request: Request) -> Result<Response<Body>, ureq::Error> {
        let uri = format!("http://{}{}", self.address(), request.path);
        let mut builder = http::Request::builder().method(request.method).uri(uri);
        let shown = request.headers.iter().any(|(name, _)| *name == "authorization");
        for (name, value) in request.headers {
            builder = builder.header(name, value);
        }
        if let Some(token) = self.token.as_ref().filter(|_| !shown) {
            builder = builder.header("authorization", format!("Bearer {token}"));
        }
        match request.body {
            Some(body) => self.agent.run(builder.body(body)?),
            None => self.agent.run(builder.body(())?),
        }
    }
}

impl Request {
    pub(crate) fn new(method: &'static str, path: &str) -> Self {
        Self { method, path: path.to_owned(), headers: Vec::new(), body: None }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn body(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self.header("content-type", media_type)
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("headers of this host are ASCII"))
    }

    /// The same, having made sure of its status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// The body of an answer with this status.
    #[track_caller]
    pub(crate) fn read<T: DeserializeOwned>(self, status: u16) -> T {
        let answer = self.expect(status);
        assert_eq!(answer.header("content-type"), "application/json");
        serde_json::from_slice(&answer.body).unwrap_or_else(|error| panic!("{error} in {}", answer.text()))
    }

    /// The refusal with this status and code, having made sure that it is whole and tells no secrets.
    #[track_caller]
    pub(crate) fn problem(self, status: u16, code: &str) -> Problem {
        let text = self.text();
        assert_eq!(self.status, status, "{text}");
        assert_eq!(self.header("content-type"), "application/problem+json", "{text}");
        let problem: Problem = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}"));
        assert_eq!((problem.status, problem.code.as_str()), (status, code), "{text}");
        assert_eq!(problem.r#type, format!("urn:cofferdam:problem:{code}"));
        assert!(!problem.title.is_empty() && !problem.detail.is_empty(), "{text}");
        for secret in ["SELECT ", "INSERT ", "sqlite", ".db", "/tmp/", "/home/", "host/src/", "panicked"] {
            assert!(!text.contains(secret), "`{secret}` is for the operator alone: {text}");
        }
        problem
    }
}
