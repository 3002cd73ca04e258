//! Under which names a host is reached, and from which web pages: every combination on a real server.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::harness::{Client, Host, PATIENCE, Request, Status, eventually};

/// Values of `Host`, with `PORT` for the server's own, and whether it answers to them. None: no such header.
const HOSTS: [(Option<&str>, bool); 7] = [
    (Some("localhost:PORT"), true),
    (Some("127.0.0.1:PORT"), true),
    (Some("jobs.example.org:PORT"), true),
    (Some("evil.example:PORT"), false),
    (Some("localhost.evil.example"), false),
    (Some("169.254.169.254"), false),
    (None, false),
];

/// Values of `Origin`, with `HOST` for that of the header, and whether their pages may ask. None: no page asks.
const ORIGINS: [(Option<&str>, bool); 7] = [
    (None, true),
    (Some("http://HOST"), true),
    (Some("https://dash.example.org"), true),
    (Some("http://localhost:1"), false),
    (Some("https://evil.example"), false),
    (Some("https://dash.example.org.evil.example"), false),
    (Some("null"), false),
];

/// A request and the status that it gets when it is let through.
struct Asked {
    line: &'static str,
    headers: &'static str,
    body: &'static str,
    passes_as: u16,
}

const REQUESTS: [Asked; 4] = [
    Asked { line: "GET /v1/status", headers: "connection: close\r\n", body: "", passes_as: 200 },
    Asked {
        line: "POST /v1/jobs",
        headers: "connection: close\r\ncontent-type: application/json\r\ncontent-length: 2\r\n",
        body: "{}",
        passes_as: 400,
    },
    Asked { line: "DELETE /v1/modules/nobody@1.0.0", headers: "connection: close\r\n", body: "", passes_as: 404 },
    Asked {
        line: "GET /v1/jobs/JOB/logs/stream",
        headers: "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
        body: "",
        passes_as: 101,
    },
];

/// The status of the answer to these bytes.
fn status(client: &Client, request: &str) -> u16 {
    let mut stream = TcpStream::connect(client.address()).expect("the host listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time that is not zero");
    stream.write_all(request.as_bytes()).expect("the host reads");
    let mut line = [0; 12];
    stream.read_exact(&mut line).expect("a status line");
    let line = String::from_utf8_lossy(&line);
    line.strip_prefix("HTTP/1.1 ").and_then(|code| code.parse().ok()).unwrap_or_else(|| panic!("{line}"))
}

#[test]
fn of_all_hosts_origins_methods_and_upgrades_only_the_allowed_come_through() {
    let host = Host::with(&["hosts=jobs.example.org", "origins=https://dash.example.org"]);
    let job = host.hostile(json!({"behaviour": "count", "to": 1}));
    job.reaches(Status::Completed);
    let port = host.address().port().to_string();
    let mut passed = 0;
    for (name, known) in HOSTS {
        for (origin, welcome) in ORIGINS {
            for Asked { line, headers, body, passes_as } in REQUESTS {
                let name = name.map(|name| name.replace("PORT", &port));
                let origin = origin.map(|origin| origin.replace("HOST", name.as_deref().unwrap_or("localhost")));
                let mut request = format!("{} HTTP/1.1\r\n", line.replace("JOB", &job.id));
                for (header, value) in [("host", &name), ("origin", &origin)] {
                    if let Some(value) = value {
                        request = format!("{request}{header}: {value}\r\n");
                    }
                }
                request = format!("{request}{headers}\r\n{body}");
                let expected = match (known, welcome) {
                    (false, _) => 421,
                    (true, false) => 403,
                    (true, true) => passes_as,
                };
                passed += usize::from(expected == passes_as);
                assert_eq!(status(&host, &request), expected, "{request}");
            }
        }
    }
    assert_eq!((HOSTS.len() * ORIGINS.len() * REQUESTS.len(), passed), (196, 36));
}

#[test]
fn where_tokens_are_asked_for_the_name_and_the_page_are_looked_at_first() {
    let mut host = Host::start();
    let secret = host.lock();
    let stranger = Client::new(host.address());
    let from = |origin: &str| Request::new("GET", "/v1/status").header("origin", origin);
    stranger.send(from("https://evil.example")).problem(403, "origin_not_allowed");
    let shown = from("https://evil.example").header("authorization", format!("Bearer {secret}"));
    stranger.send(shown).problem(403, "origin_not_allowed");
    stranger.send(from(&format!("http://{}", host.address()))).problem(401, "unauthenticated");
}

#[test]
fn a_client_that_asks_too_fast_or_shows_no_token_too_often_is_told_to_wait() {
    let host = Host::with(&["clients.requests_per_second=20", "clients.failures_per_minute=5"]);
    let over = (0..200).map(|_| host.get("/v1/status")).find(|answer| answer.status != 200).expect("it is too fast");
    assert_eq!(over.header("retry-after"), "1");
    over.problem(429, "too_many_requests");
    host.get("/healthz").expect(200);
    let created = eventually("it may ask again", || {
        let answer = host.post("/v1/tokens", &json!({"name": "admin", "scopes": ["admin"]}));
        (answer.status == 201).then(|| answer.read::<Value>(201))
    });
    let secret = created["secret"].as_str().expect("a text");
    let stranger = Client::new(host.address());
    for _ in 0..5 {
        stranger.get("/v1/status").problem(401, "unauthenticated");
    }
    let over = stranger.get("/v1/status");
    assert!(over.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 1), "{:?}", over.headers);
    over.problem(429, "too_many_failures");
    stranger.with_token(secret).get("/v1/status").expect(200);
}
