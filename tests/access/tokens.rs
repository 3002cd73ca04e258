//! Tokens over HTTP and on the command line: made, shown once, listed, revoked.

use std::net::TcpStream;

use cofferdam_test_postgres::Cluster;
use serde_json::{Value, json};

use crate::harness::{Client, EventStream, Guest, Host, PATIENCE, Process, Request, cofferdam, eventually};

/// Each route of the API with the scope that it asks for; `token` is any token, `nothing` none.
const ROUTES: [(&str, &str, &str); 44] = [
    ("POST", "/v1/modules", "modules:write"),
    ("GET", "/v1/modules", "modules:read"),
    ("GET", "/v1/modules/hello", "modules:read"),
    ("DELETE", "/v1/modules/hello@9.9.9", "modules:write"),
    ("GET", "/v1/modules/hello/component", "modules:read"),
    ("POST", "/v1/jobs", "jobs:write"),
    ("POST", "/v1/jobs/batch", "jobs:write"),
    ("GET", "/v1/jobs", "jobs:read"),
    ("GET", "/v1/jobs/JOB", "jobs:read"),
    ("DELETE", "/v1/jobs/JOB", "jobs:write"),
    ("POST", "/v1/jobs/JOB/stop", "jobs:stop"),
    ("POST", "/v1/jobs/JOB/resume", "jobs:write"),
    ("GET", "/v1/jobs/JOB/logs", "logs:read"),
    ("GET", "/v1/jobs/JOB/logs/stream", "logs:read"),
    ("GET", "/v1/jobs/JOB/results", "jobs:read"),
    ("GET", "/v1/jobs/JOB/attempts", "jobs:read"),
    ("GET", "/v1/jobs/JOB/checkpoint", "jobs:read"),
    ("GET", "/v1/events?after=x", "jobs:read"),
    ("GET", "/v1/jobs/history", "jobs:read"),
    ("GET", "/v1/settings", "admin"),
    ("GET", "/v1/tokens/self", "token"),
    ("GET", "/v1/status", "jobs:read"),
    ("GET", "/v1/tokens", "admin"),
    ("POST", "/v1/tokens", "admin"),
    ("DELETE", "/v1/tokens/JOB", "admin"),
    ("POST", "/v1/webhooks", "webhooks:write"),
    ("GET", "/v1/webhooks", "webhooks:read"),
    ("GET", "/v1/webhooks/JOB", "webhooks:read"),
    ("PUT", "/v1/webhooks/JOB", "webhooks:write"),
    ("DELETE", "/v1/webhooks/JOB", "webhooks:write"),
    ("POST", "/v1/webhooks/JOB/rotate-secret", "webhooks:write"),
    ("POST", "/v1/webhooks/JOB/test", "webhooks:write"),
    ("POST", "/v1/webhooks/JOB/resend", "webhooks:write"),
    ("GET", "/v1/webhooks/JOB/deliveries", "webhooks:read"),
    ("GET", "/v1/webhooks/JOB/deliveries/JOB", "webhooks:read"),
    ("POST", "/v1/webhooks/JOB/deliveries/JOB/resend", "webhooks:write"),
    ("POST", "/v1/stream-tickets", "token"),
    ("GET", "/v1/audit", "admin"),
    ("GET", "/openapi.json", "token"),
    ("GET", "/metrics", "jobs:read"),
    ("GET", "/nowhere", "token"),
    ("PATCH", "/v1/jobs", "token"),
    ("GET", "/healthz", "nothing"),
    ("GET", "/readyz", "nothing"),
];

const SCOPES: [&str; 9] = [
    "jobs:read",
    "jobs:write",
    "jobs:stop",
    "logs:read",
    "modules:read",
    "modules:write",
    "webhooks:read",
    "webhooks:write",
    "admin",
];

fn asked(method: &'static str, path: &str) -> Request {
    Request::new(method, &path.replace("JOB", "01890a5d-ac96-774b-bcce-b302099a8057"))
}

fn bearing(token: &str) -> Request {
    Request::new("GET", "/v1/status").header("authorization", format!("Bearer {token}"))
}

#[test]
fn every_route_asks_for_its_scope_and_for_nothing_else() {
    let mut host = Host::start();
    host.lock();
    let stranger = Client::new(host.address());
    for (method, path, needed) in ROUTES {
        let answer = stranger.send(asked(method, path));
        if needed == "nothing" {
            answer.expect(200);
            continue;
        }
        assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"cofferdam\"", "{method} {path}");
        answer.problem(401, "unauthenticated");
    }
    for scope in SCOPES {
        let (secret, _) = host.make_token(&json!({"name": scope, "scopes": [scope]}));
        let client = stranger.with_token(&secret);
        for (method, path, needed) in ROUTES {
            let answer = client.send(asked(method, path));
            let allowed = scope == "admin" || scope == needed || ["token", "nothing"].contains(&needed);
            assert_ne!(answer.status, 401, "{scope}: {method} {path}");
            assert_eq!(answer.status == 403, !allowed, "{scope}: {method} {path}: {}", answer.text());
            if !allowed {
                let problem = answer.problem(403, "scope_missing");
                assert!(problem.detail.contains(&format!("`{needed}`")), "{}", problem.detail);
            }
        }
    }
}

#[test]
fn a_token_is_shown_once_and_its_text_is_nowhere_else() {
    let mut host = Host::with(&["log.filter=trace,wasmtime=info,cranelift=info"]);
    let secret = host.lock();
    assert!(secret.starts_with("cofferdam_") && secret.len() == 60, "{secret}");
    let list: Value = host.get("/v1/tokens").read(200);
    assert_eq!((&list["tokens"][0]["name"], &list["tokens"][0]["scopes"]), (&json!("admin"), &json!(["admin"])));
    assert!(!list.to_string().contains("cofferdam_"), "{list}");

    let stranger = Client::new(host.address());
    let slip = format!("{}x", &secret[..59]);
    for wrong in [slip.as_str(), &secret[..59], "x", "cofferdam_"] {
        let refusal = stranger.send(bearing(wrong)).problem(401, "unauthenticated");
        assert!(!refusal.detail.contains("cofferdam_"), "{}", refusal.detail);
    }
    let basic = Request::new("GET", "/v1/status").header("authorization", format!("Basic {secret}"));
    stranger.send(basic).problem(400, "invalid_header");
    for parameter in ["token", "access_token"] {
        let path = format!("/v1/jobs?{parameter}={secret}");
        let refusal = host.get(&path).problem(400, "token_in_url");
        assert!(refusal.detail.contains("Authorization") && !refusal.detail.contains(&secret), "{}", refusal.detail);
    }
    host.get("/v1/status").expect(200);
    assert!(host.terminate().success());
    assert!(!host.stderr().contains(&secret[..20]), "the host's own log has it");
    for entry in std::fs::read_dir(host.data_dir()).expect("the data folder") {
        let path = entry.expect("an entry").path();
        let bytes = std::fs::read(&path).unwrap_or_default();
        assert!(!bytes.windows(20).any(|part| part == &secret.as_bytes()[..20]), "{} has it", path.display());
    }
    host.start_again();
    let list: Value = host.get("/v1/tokens").read(200);
    assert!(list["tokens"][0]["last_used_at"].is_string(), "its use was noted at the end: {list}");
}

#[test]
fn a_revoked_or_expired_token_lets_nobody_in_and_its_streams_are_cut() {
    let mut host = Host::start();
    host.has(Guest::Hostile);
    let job = host.hostile(json!({"behaviour": "sleep_for_ever"}));
    host.lock();
    let stranger = Client::new(host.address());
    let (secret, id) = host.make_token(&json!({"name": "reader", "scopes": ["jobs:read", "logs:read"]}));
    let client = stranger.with_token(&secret);
    let logs: EventStream = EventStream::open(&client, Request::new("GET", &job.path("/logs/stream")));
    let events = client.events("");
    let uri = format!("ws://{}{}", host.address(), job.path("/logs/stream"));
    let handshake = tungstenite::http::Request::get(&uri)
        .header("host", host.address().to_string())
        .header("connection", "Upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
        .header("authorization", format!("Bearer {secret}"));
    let stream = TcpStream::connect(host.address()).expect("the host listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time");
    let (mut socket, _) =
        tungstenite::client(handshake.body(()).expect("a request"), stream).expect("the host upgrades");

    host.delete(&format!("/v1/tokens/{id}")).expect(204);
    client.get("/v1/status").problem(401, "unauthenticated");
    logs.for_each(drop);
    events.for_each(drop);
    let closed = loop {
        match socket.read() {
            Ok(tungstenite::Message::Close(frame)) => break frame.map(|frame| u16::from(frame.code)),
            Ok(_) => {}
            Err(error) => panic!("it was not closed in good order: {error}"),
        }
    };
    assert_eq!(closed, Some(1008));
    host.delete(&format!("/v1/tokens/{id}")).expect(204);
    host.delete(&job.path("").replace("jobs", "tokens")).problem(404, "unknown_token");
    host.delete("/v1/tokens/x").problem(400, "invalid_token_id");

    let brief = json!({"name": "brief", "scopes": ["jobs:read"], "expires_in": "1s"});
    let (secret, _) = host.make_token(&brief);
    let client = stranger.with_token(&secret);
    client.events("").for_each(drop);
    let refusal = client.get("/v1/status").problem(401, "unauthenticated");
    assert!(refusal.detail.contains("expired at"), "{}", refusal.detail);
}

#[test]
fn a_token_that_cannot_be_is_refused_with_the_field_that_is_wrong() {
    let mut host = Host::start();
    let first = host.post("/v1/tokens", &json!({"name": "a", "scopes": ["jobs:read"]})).problem(422, "first_token");
    assert_eq!(first.errors[0].pointer, "/scopes");
    host.get("/v1/tokens").expect(200);
    host.lock();
    for (body, status, code, pointer) in [
        (json!({"name": "a", "scopes": []}), 400, "invalid_field", "/scopes"),
        (json!({"name": "a", "scopes": ["root"]}), 400, "invalid_field", "/scopes/0"),
        (json!({"name": "a\n", "scopes": ["admin"]}), 400, "invalid_field", "/name"),
        (json!({"name": "a", "scopes": ["admin"], "expires_in": "0s"}), 422, "zero_duration", "/expires_in"),
        (json!({"name": "a", "scopes": ["admin"], "modules": ["hello"]}), 422, "reaches_further", "/modules"),
        (json!({"name": "a", "scopes": ["modules:write"], "modules": ["hello"]}), 422, "reaches_further", "/modules"),
        (json!({"name": "a", "scopes": ["admin"], "text": "x"}), 400, "invalid_field", "/text"),
    ] {
        let problem = host.post("/v1/tokens", &body).problem(status, code);
        assert_eq!(problem.errors[0].pointer, pointer, "{body}: {}", problem.detail);
    }
}

#[test]
fn a_stream_that_was_open_before_the_first_token_is_cut() {
    let mut host = Host::start();
    let events = host.events("");
    host.lock();
    events.for_each(drop);
}

#[test]
fn the_command_line_makes_lists_and_revokes_tokens() {
    let host = Host::start();
    let run = |token: Option<&str>, arguments: &[&str]| {
        let mut command = cofferdam(arguments);
        command.env("COFFERDAM_SERVER", format!("http://{}", host.address()));
        if let Some(token) = token {
            command.env("COFFERDAM_TOKEN", token);
        }
        let mut process = Process::spawn(&mut command);
        let code = process.wait().code().expect("it ended by itself");
        (code, process.stdout(), process.stderr())
    };
    let (code, secret, said) = run(None, &["token", "create", "ada", "--scope", "admin"]);
    assert_eq!(code, 0, "{said}");
    let secret = secret.trim_end();
    assert!(secret.len() == 60 && said.contains("cannot be shown again"), "{secret} {said}");
    let (code, out, said) = run(None, &["status"]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(said.contains("a token is needed") && said.contains("COFFERDAM_TOKEN"), "{said}");

    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), format!("{secret}\n")).expect("written");
    let path = file.path().display().to_string();
    assert_eq!(run(None, &["status", "--token-file", &path]).0, 0);
    std::fs::write(file.path(), "two words").expect("written");
    assert_eq!(run(None, &["status", "--token-file", &path]).0, 2);
    assert_eq!(run(None, &["status", "--token-file", "/nowhere/at/all"]).0, 2);

    let create = ["token", "create", "ci", "--scope", "jobs:read", "--module", "hello", "--expires", "30d", "--json"];
    let (code, out, said) = run(Some(secret), &create);
    assert_eq!(code, 0, "{said}");
    let created: Value = serde_json::from_str(&out).expect("one line of JSON");
    assert_eq!(created["token"]["modules"], json!(["hello"]));
    let (_, out, _) = run(Some(secret), &["token", "list"]);
    assert!(out.contains("ada") && out.contains("jobs:read") && !out.contains("cofferdam_"), "{out}");
    let id = created["token"]["id"].as_str().expect("an id");
    assert_eq!(run(Some(secret), &["token", "revoke", id]).0, 0);
    let (_, out, _) = run(Some(secret), &["token", "list"]);
    assert!(out.contains("revoked"), "{out}");
    let (code, _, said) = run(created["secret"].as_str(), &["status"]);
    assert!(code == 1 && said.contains("revoked"), "{said}");
}

#[test]
fn a_revocation_on_one_node_holds_on_the_others_within_seconds() {
    let database = format!("database={}", Cluster::shared().create_database());
    let (mut one, other) = (Host::with(&[&database]), Host::with(&[&database]));
    let secret = one.lock();
    let stranger = Client::new(other.address());
    let shut_out = |client: &Client| {
        eventually("the other node has heard of it", || (client.get("/v1/status").status == 401).then_some(()));
    };
    shut_out(&stranger);
    let admin = stranger.with_token(&secret);
    admin.get("/v1/status").expect(200);
    let (brief, id) = one.make_token(&json!({"name": "brief", "scopes": ["jobs:read"]}));
    let client = stranger.with_token(&brief);
    eventually("the other node knows it", || (client.get("/v1/status").status == 200).then_some(()));
    let events = client.events("");
    one.delete(&format!("/v1/tokens/{id}")).expect(204);
    shut_out(&client);
    events.for_each(drop);
    assert_eq!(admin.get("/v1/status").read::<Value>(200)["modules"], 0);
}
