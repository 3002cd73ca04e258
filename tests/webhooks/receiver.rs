//! A receiver of webhooks on this machine that checks each signature with the reference library.

use std::io::{BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::net::{AddressFamily, SocketType, bind, getsockname, listen, socket};
use serde_json::Value;
use standardwebhooks::Webhook as Verifier;
use ureq::http::HeaderMap;

use crate::harness::{RawRequest, eventually};

/// How a receiver answers.
#[derive(Debug, Clone)]
pub(super) enum Answer {
    /// With this status, and a short text.
    Status(u16),
    /// With 503, and for so many seconds not again.
    Later(u32),
    /// With a redirect there.
    Redirect(String),
    /// With 200 and a body that never ends.
    Endless,
    /// Not at all, until the other end goes away.
    Silence,
}

/// What a receiver got.
#[derive(Debug, Clone)]
pub(super) struct Got {
    pub(super) line: String,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

/// A receiver. Its port is its own from the beginning, but it takes connections only once it is opened.
pub(super) struct Receiver {
    port: u16,
    closed: Mutex<Option<OwnedFd>>,
    state: Arc<Mutex<State>>,
}

struct State {
    answer: Answer,
    got: Vec<Got>,
}

impl Receiver {
    /// One that takes every event.
    pub(super) fn open() -> Self {
        let receiver = Self::down();
        receiver.comes_up();
        receiver
    }

    /// One that nobody reaches yet: connections are refused.
    pub(super) fn down() -> Self {
        let held = socket(AddressFamily::INET, SocketType::STREAM, None).expect("a socket");
        bind(&held, &SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = SocketAddr::try_from(getsockname(&held).expect("it is bound")).expect("an address");
        let state = Arc::new(Mutex::new(State { answer: Answer::Status(200), got: Vec::new() }));
        Self { port: address.port(), closed: Mutex::new(Some(held)), state }
    }

    /// From now on it is reached. It ends with the tests.
    pub(super) fn comes_up(&self) {
        let held = self.closed.lock().expect("nobody panics while holding it").take().expect("it was down");
        listen(&held, 128).expect("its port is its own");
        let (listener, state) = (TcpListener::from(held), Arc::clone(&self.state));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&state);
                // Nobody keeps a test waiting.
                let _ = stream.set_read_timeout(Some(Duration::from_mins(1)));
                thread::spawn(move || serve(stream, &state));
            }
        });
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How it answers from now on.
    pub(super) fn answers(&self, answer: Answer) {
        self.state().answer = answer;
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/in?x=1", self.port)
    }

    pub(super) const fn port(&self) -> u16 {
        self.port
    }

    /// Everything that it got.
    pub(super) fn got(&self) -> Vec<Got> {
        self.state().got.clone()
    }

    /// Waits until it got so many requests.
    #[track_caller]
    pub(super) fn gets(&self, count: usize) -> Vec<Got> {
        eventually(&format!("{count} requests to a webhook"), || Some(self.got()).filter(|got| got.len() >= count))
    }
}

impl Got {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    /// The event's id.
    pub(super) fn id(&self) -> &str {
        self.header("webhook-id")
    }

    pub(super) fn event(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    /// Makes sure that a secret has signed it, by the reference library.
    #[track_caller]
    pub(super) fn is_signed_with(&self, secret: &str) {
        let verifier = Verifier::new(secret).expect("a signing secret");
        verifier.verify(self.body.as_bytes(), &self.headers).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        let mut changed = self.body.clone();
        changed.push(' ');
        assert!(verifier.verify(changed.as_bytes(), &self.headers).is_err(), "another body has the same signature");
    }

    pub(super) fn verifies_with(&self, secret: &str) -> bool {
        Verifier::new(secret).expect("a signing secret").verify(self.body.as_bytes(), &self.headers).is_ok()
    }
}

/// Makes sure that a secret has signed all of it.
#[track_caller]
pub(super) fn all_signed_with(secret: &str, all: &[Got]) {
    for got in all {
        got.is_signed_with(secret);
    }
}

fn serve(stream: TcpStream, state: &Mutex<State>) {
    let mut reader = BufReader::new(stream);
    let Some(got) = read(&mut reader) else { return };
    let answer = {
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        state.got.push(got);
        state.answer.clone()
    };
    let stream = reader.get_mut();
    let _ = match answer {
        Answer::Status(status) => {
            write!(stream, "HTTP/1.1 {status} Said\r\ncontent-length: 9\r\n\r\nan answer")
        }
        Answer::Later(seconds) => {
            write!(stream, "HTTP/1.1 503 Later\r\nretry-after: {seconds}\r\ncontent-length: 0\r\n\r\n")
        }
        Answer::Redirect(to) => {
            write!(stream, "HTTP/1.1 307 Elsewhere\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n")
        }
        Answer::Endless => {
            let _ = write!(stream, "HTTP/1.1 200 OK\r\n\r\n");
            while stream.write_all(&[b'x'; 4096]).is_ok() {}
            Ok(())
        }
        Answer::Silence => stream.read_exact(&mut [0; 1]),
    };
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Got> {
    let RawRequest { line, headers, body } = RawRequest::read(reader)?;
    Some(Got { line, headers, body: String::from_utf8(body).ok()? })
}
