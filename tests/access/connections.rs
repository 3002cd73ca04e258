//! Connections: those that ask for nothing keep nobody out, and bodies come in time.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use rustix::process::{Resource, getrlimit, setrlimit};
use serde_json::json;

use crate::harness::{EventStream, Host, PATIENCE, Request, Status, eventually};

/// Half-open connections: twice as many as a host has at once.
const HALF_OPEN: usize = 2_000;
/// What a request may take beside them.
const QUICK: Duration = Duration::from_millis(200);

fn connect(host: &Host) -> TcpStream {
    let stream = TcpStream::connect(host.address()).expect("the host listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time that is not zero");
    stream
}

/// Takes a request's answer and how long it took, on a connection of its own.
fn timed(host: &Host) -> Duration {
    let start = Instant::now();
    let mut stream = connect(host);
    stream.write_all(b"GET /v1/status HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    start.elapsed()
}

#[test]
fn two_thousand_half_open_connections_do_not_slow_a_request() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).expect("a process may have what it may have");
    let host = Host::start();
    let job = host.hostile(json!({"behaviour": "count", "to": 1_000_000, "pause_ms": 50}));
    job.reaches(Status::Running);
    let mut log: EventStream = EventStream::open(&host, Request::new("GET", &job.path("/logs/stream")));
    log.next().expect("the first line");
    let half_open: Vec<_> = (0..HALF_OPEN)
        .map(|at| {
            let mut stream = connect(&host);
            let begun: &[u8] = if at % 2 == 0 { b"" } else { b"GET /v1/status HTTP/1.1\r\nhost: local" };
            // It may be closed already: there is no room for all of them.
            let _ = stream.write_all(begun);
            stream
        })
        .collect();
    let best = (0..5).map(|_| timed(&host)).min().expect("some");
    println!("a request beside {} half-open connections: {best:?}", half_open.len());
    assert!(best < QUICK, "{best:?}");
    // What was at work meanwhile still is.
    job.stop_and_wait();
    assert!(log.count() > 0, "the stream was not cut");
}

#[test]
fn a_client_that_begins_and_does_not_go_on_is_left() {
    let host = Host::with(&["clients.header_time=300ms", "clients.idle_time=1s"]);
    for begun in [&b""[..], b"GET /v1/status HTTP/1.1\r\nhost: local"] {
        let mut stream = connect(&host);
        stream.write_all(begun).expect("sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("the host closes");
        assert!(answer.is_empty(), "{}", String::from_utf8_lossy(&answer));
    }
    let mut stream = connect(&host);
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the host closes a connection that rests for too long");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[test]
fn when_everybody_works_a_new_client_is_told_so() {
    let host = Host::with(&["clients.connections=16", "clients.connections_each=16"]);
    let job = host.hostile(json!({"behaviour": "sleep_for_ever"}));
    job.reaches(Status::Running);
    let follow = format!("GET {} HTTP/1.1\r\nhost: localhost\r\n\r\n", job.path("/logs/stream"));
    let followers: Vec<_> = (0..16)
        .map(|_| {
            let mut stream = connect(&host);
            stream.write_all(follow.as_bytes()).expect("sent");
            let mut first = [0; 15];
            stream.read_exact(&mut first).expect("the stream begins");
            assert_eq!(&first, b"HTTP/1.1 200 OK");
            stream
        })
        .collect();
    let mut stream = connect(&host);
    let mut answer = String::new();
    // The host does not read what was sent, so the connection may end with a reset.
    let _ = stream.read_to_string(&mut answer);
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("no_connection_left"), "{answer}");
    drop(followers);
    eventually("there is room again", || {
        let mut stream = connect(&host);
        let _ = stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        answer.starts_with("HTTP/1.1 200 ").then_some(())
    });
}
