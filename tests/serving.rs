//! The host itself over HTTP: status, health, the OpenAPI document, and whom it answers.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::harness::{Client, Guest, Host, Request, Shared, Status};

static HOST: Shared = Shared::new();

/// Sends these bytes and gives everything that comes back until the host closes.
fn raw(client: &Client, request: &str) -> String {
    let mut stream = TcpStream::connect(client.address()).expect("the host listens");
    stream.set_read_timeout(Some(crate::harness::PATIENCE)).expect("a time that is not zero");
    stream.write_all(request.as_bytes()).expect("the host reads");
    let mut answer = Vec::new();
    // A host that closes early may reset the connection; what came before counts.
    drop(stream.read_to_end(&mut answer));
    String::from_utf8_lossy(&answer).into_owned()
}

/// A plain request to a name that is not this host's, or from a page that is not.
fn from_elsewhere(client: &Client, headers: &str) -> String {
    raw(client, &format!("GET /v1/status HTTP/1.1\r\n{headers}\r\nconnection: close\r\n\r\n"))
}

#[test]
fn the_status_counts_modules_and_jobs_and_names_those_that_run() {
    let host = Host::start();
    let fresh = host.status();
    assert_eq!(fresh.version, "0.1.0");
    assert!(fresh.uptime_seconds < 60 && fresh.uptime.ends_with('s'), "{fresh:?}");
    assert_eq!((fresh.modules, fresh.running.len(), fresh.nodes.len()), (0, 0, 1));
    host.has(Guest::Hello);
    host.start_job(&json!({"module_id": "hello"})).reaches(Status::Completed);
    host.hostile(json!({"behaviour": "fail_permanently"})).reaches(Status::Failed);
    let stopped = host.hostile(json!({"behaviour": "sleep_for_ever"}));
    stopped.reaches(Status::Running);
    stopped.stop_and_wait();
    let running = host.hostile(json!({"behaviour": "sleep_for_ever"}));
    running.reaches(Status::Running);
    let status = host.status();
    let jobs = status.jobs;
    assert_eq!((jobs.pending, jobs.running, jobs.completed, jobs.failed, jobs.stopped), (0, 1, 1, 1, 1));
    assert_eq!((status.modules, status.running), (2, vec![json!(running.id)]));
    let node = &status.nodes[0];
    assert_eq!((&node["slots"], &node["running"]), (&json!(512), &json!(1)));
    assert_eq!(node["id"], json!(running.show().node));
    assert!(node["guest_memory_bytes"].as_u64() > Some(0), "{node}");
}

#[test]
fn the_uptime_is_cut_to_two_units_and_grows() {
    let host = HOST.host();
    let first = host.status();
    crate::harness::eventually("the uptime grows", || {
        (host.status().uptime_seconds > first.uptime_seconds).then_some(())
    });
    assert!(first.uptime.split(' ').count() <= 2, "{}", first.uptime);
}

#[test]
fn a_host_that_listens_is_alive_and_ready() {
    let host = HOST.host();
    for path in ["/healthz", "/readyz"] {
        assert_eq!(host.get(path).read::<Value>(200), json!({"status": "ok"}));
    }
}

#[test]
fn a_path_that_is_not_there_is_404_and_a_wrong_method_405_with_what_would_be_right() {
    let host = HOST.host();
    for path in ["/v1", "/v1/job", "/v1/jobs/", "/v2/jobs", "/v1/modules/a/b/c", "/%F0%28", "/v1/../etc/passwd"] {
        host.get(path).problem(404, "unknown_path");
    }
    for (method, path, allowed) in [
        ("PUT", "/v1/jobs", "POST"),
        ("DELETE", "/v1/jobs", "GET"),
        ("GET", "/v1/jobs/01890a5d-ac96-774b-bcce-b302099a8057/stop", "POST"),
        ("PATCH", "/v1/modules", "POST"),
        ("POST", "/v1/status", "GET"),
        ("DELETE", "/healthz", "GET"),
    ] {
        let answer = host.send(Request::new(method, path));
        assert!(answer.header("allow").contains(allowed), "{method} {path}: {:?}", answer.headers);
        let problem = answer.problem(405, "method_not_allowed");
        assert!(problem.detail.contains(method), "{}", problem.detail);
    }
}

#[test]
fn another_host_name_is_421_so_that_no_web_page_can_point_its_name_here() {
    let host = HOST.host();
    for headers in [
        "host: evil.example",
        "host: evil.example:7171",
        "host: 169.254.169.254",
        "accept: */*",
        "host: localhost\r\nhost: localhost",
    ] {
        let answer = from_elsewhere(&host, headers);
        let status: u16 = answer.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status line");
        assert!(matches!(status, 400 | 421), "{headers}: {answer}");
    }
    for name in ["localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:9"] {
        let answer = from_elsewhere(&host, &format!("host: {name}"));
        assert!(answer.starts_with("HTTP/1.1 200"), "{name}: {answer}");
    }
    let answer = from_elsewhere(&host, "host: evil.example");
    assert!(answer.contains("host_not_allowed") && answer.contains("application/problem+json"), "{answer}");
}

#[test]
fn a_web_page_from_elsewhere_is_403_for_requests_and_web_sockets() {
    let host = HOST.host();
    for origin in ["https://evil.example", "null", "http://localhost.evil.example", "file://"] {
        let request = Request::new("GET", "/v1/status").header("origin", origin);
        host.send(request).problem(403, "origin_not_allowed");
        let request = Request::new("POST", "/v1/jobs").header("origin", origin).json(&json!({"module_id": "hello"}));
        host.send(request).problem(403, "origin_not_allowed");
    }
    let job = host.hostile(json!({"behaviour": "count", "to": 1}));
    let request = Request::new("GET", &job.path("/logs/stream")).header("origin", "https://evil.example");
    let request = request.header("connection", "upgrade").header("upgrade", "websocket");
    let request = request.header("sec-websocket-version", "13").header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
    host.send(request).problem(403, "origin_not_allowed");
    let own = format!("http://{}", host.address());
    host.send(Request::new("GET", "/v1/status").header("origin", own)).expect(200);
}

#[test]
fn a_name_that_the_operator_vouches_for_is_answered() {
    let host = Host::with(&["hosts=jobs.example.org"]);
    assert!(from_elsewhere(&host, "host: jobs.example.org").starts_with("HTTP/1.1 200"));
    assert!(from_elsewhere(&host, "host: evil.example").starts_with("HTTP/1.1 421"));
}

#[test]
fn every_answer_carries_the_headers_that_keep_browsers_from_guessing() {
    let host = HOST.host();
    for path in ["/v1/status", "/v1/jobs/x", "/nowhere", "/openapi.json"] {
        let answer = host.get(path);
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(answer.header("content-security-policy").contains("default-src 'none'"), "{path}");
    }
}

#[test]
fn what_is_no_http_harms_nobody() {
    let host = HOST.host();
    let long = format!("GET / HTTP/1.1\r\nhost: localhost\r\nx: {}\r\n\r\n", "x".repeat(100_000));
    for request in ["GET\r\n\r\n", "\0\0\0\0", "GET / HTTP/9.9\r\n\r\n", &long] {
        let answer = raw(&host, request);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{request:.40}: {answer}");
    }
    let head =
        "POST /v1/jobs HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n";
    for request in ["", "\r\n\r\n\r\n", "GET /v1", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", head, &format!("{head}{{")] {
        let mut stream = TcpStream::connect(host.address()).expect("the host listens");
        stream.write_all(request.as_bytes()).expect("the host reads");
        // And gone, in the middle of it.
    }
    host.get("/healthz").expect(200);
    assert!(!host.stderr().contains("panicked"), "{}", host.stderr());
}
