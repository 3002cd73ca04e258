//! Calling servers: only those that were granted, at the very addresses that were checked, and not without end.

use std::path::Path;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};

use super::bounds::{HOST, complete, stop_of};
use crate::harness::{Guest, Host, Job, Level, Source, Status, WebServer, eventually};

/// A host that lets its hostile guest call this server, by its address and by the name of this machine.
fn granted(server: &WebServer, settings: &[&str]) -> Host {
    let open = ["grants.http=http://*:*, https://*:*", "grants.private_networks=127.0.0.0/8, ::1"];
    let host = Host::with(&[&open[..], settings].concat());
    let port = server.port();
    let http = [
        json!({ "host": format!("http://127.0.0.1:{port}"), "methods": ["GET", "POST"], "private": true }),
        json!({ "host": format!("http://localhost:{port}"), "private": true }),
    ];
    host.grant(Guest::Hostile, &json!({ "http": http }));
    host
}

/// Sends these requests; gives the job and what came of each.
#[track_caller]
fn sent(host: &Host, calls: &[Value]) -> (Job, Vec<Value>) {
    let job = complete(host, json!({ "behaviour": "call_out", "calls": calls }));
    let data = job.data();
    assert_eq!(data.len(), calls.len());
    (job, data)
}

fn warnings(job: &Job) -> Vec<String> {
    let of_host = job.log().into_iter().filter(|line| line.source == Source::Host && line.level == Level::Warn);
    of_host.map(|line| line.message).collect()
}

fn local(server: &WebServer, path: &str) -> Value {
    json!({ "authority": format!("127.0.0.1:{}", server.port()), "path": path })
}

#[test]
fn without_a_grant_every_request_is_denied_and_said_once() {
    let server = WebServer::start();
    let call = local(&server, "/hello");
    let named = json!({ "authority": "api.example.com", "scheme": "https" });
    let host = HOST.host();
    let (job, data) = sent(&host, &[call.clone(), named, call]);
    for outcome in &data {
        assert_eq!(outcome["error"], "ErrorCode::HttpRequestDenied", "{data:?}");
    }
    let said = [
        format!("module is not granted GET http://127.0.0.1:{}", server.port()),
        "module is not granted GET https://api.example.com:443".to_owned(),
    ];
    assert_eq!(warnings(&job), said);
    assert!(server.asked().is_empty());
    assert_eq!(job.show().usage.http_requests, 0);
}

#[test]
pub(super) fn call_out() {
    let server = WebServer::start();
    let host = granted(&server, &[]);
    let mut post = local(&server, "/echo");
    post["method"] = json!("POST");
    post["body_bytes"] = json!(10_000);
    post["headers"] = json!([["x-mine", "yes"]]);
    let named = json!({ "authority": format!("LOCALHOST.:{}", server.port()), "path": "/hello" });
    let (job, data) = sent(&host, &[local(&server, "/hello"), post, named, local(&server, "/")]);
    assert_eq!((&data[0]["status"], &data[0]["body"]), (&json!(200), &json!("hello")));
    assert_eq!((&data[1]["status"], &data[1]["body"]), (&json!(200), &json!("x".repeat(10_000))));
    assert_eq!((&data[2]["status"], &data[2]["body"]), (&json!(200), &json!("hello")));
    assert_eq!(data[3]["status"], 404);
    let asked = server.asked();
    let lines: Vec<_> = asked.iter().map(|asked| asked.line.as_str()).collect();
    assert_eq!(lines, ["GET /hello HTTP/1.1", "POST /echo HTTP/1.1", "GET /hello HTTP/1.1", "GET / HTTP/1.1"]);
    assert!(asked[1].headers.iter().any(|header| header == "x-mine: yes"), "{:?}", asked[1]);
    let hosts: Vec<_> = asked
        .iter()
        .map(|asked| asked.headers.iter().filter(|header| header.starts_with("host:")).collect::<Vec<_>>())
        .collect();
    let (address, name) = (format!("host: 127.0.0.1:{}", server.port()), format!("host: localhost:{}", server.port()));
    assert_eq!(hosts, [[&address], [&address], [&name], [&address]], "each names the host that was checked");
    let usage = job.show().usage;
    assert_eq!((usage.http_requests, usage.http_bytes), (4, 20_010));
    assert_eq!(warnings(&job), [""; 0]);
}

#[test]
fn what_was_not_granted_is_denied_in_whatever_form_it_is_written() {
    let (server, other) = (WebServer::start(), WebServer::start());
    let host = granted(&server, &[]);
    let port = server.port();
    let mut calls: Vec<Value> = [
        format!("127.0.0.1:{}", other.port()),
        format!("[::1]:{port}"),
        format!("127.1:{port}"),
        format!("0x7f000001:{port}"),
        format!("2130706433:{port}"),
        format!("0177.0.0.1:{port}"),
        format!("127.0.0.2:{port}"),
        format!("0.0.0.0:{port}"),
        format!("user@127.0.0.1:{port}"),
        format!("127.0.0.1:{port}@example.com"),
        format!("localhost.localdomain:{port}"),
        "127.0.0.1".to_owned(),
        "169.254.169.254".to_owned(),
        "[fd00:ec2::254]".to_owned(),
    ]
    .iter()
    .map(|authority| json!({ "authority": authority, "path": "/hello" }))
    .collect();
    for (field, value) in [("method", "PUT"), ("method", "CONNECT"), ("method", "TRACE"), ("scheme", "https")] {
        let mut call = local(&server, "/hello");
        call[field] = json!(value);
        calls.push(call);
    }
    let (_, data) = sent(&host, &calls);
    for (call, outcome) in calls.iter().zip(&data) {
        assert!(outcome["status"].is_null() && outcome["error"].is_string(), "{call}: {outcome}");
    }
    assert!(server.asked().is_empty() && other.asked().is_empty());
    // The same address as one of IPv6 is the address that was granted.
    let mapped = json!({ "authority": format!("[::ffff:127.0.0.1]:{port}"), "path": "/hello" });
    assert_eq!(sent(&host, &[mapped]).1[0]["status"], 200);
}

#[test]
fn a_redirect_leads_nowhere_that_was_not_granted() {
    let (server, other) = (WebServer::start(), WebServer::start());
    let host = granted(&server, &[]);
    for elsewhere in [format!("127.0.0.1:{}", other.port()), "169.254.169.254".to_owned()] {
        let redirect = local(&server, &format!("/redirect?http://{elsewhere}/latest"));
        let (_, data) = sent(&host, &[redirect, json!({ "authority": elsewhere, "path": "/latest" })]);
        assert_eq!(
            (&data[0]["status"], &data[0]["location"]),
            (&json!(302), &json!(format!("http://{elsewhere}/latest")))
        );
        assert_eq!(data[1]["error"], "ErrorCode::HttpRequestDenied", "{data:?}");
    }
    assert!(other.asked().is_empty());
}

#[test]
fn a_name_that_leads_to_a_private_address_is_not_followed() {
    let server = WebServer::start();
    let host = Host::with(&["grants.http=http://*:*", "grants.private_networks=10.0.0.0/8"]);
    let here = format!("localhost:{}", server.port());
    for private in [false, true] {
        host.grant(Guest::Hostile, &json!({ "http": [{ "host": format!("http://{here}"), "private": private }] }));
        let (job, data) = sent(&host, &[json!({ "authority": here, "path": "/hello" })]);
        assert_eq!(data[0]["error"], "ErrorCode::DestinationIpProhibited", "{data:?}");
        let said = warnings(&job);
        let begin = format!("module is not granted http://{here}: its address ");
        assert!(said.len() == 1 && said[0].starts_with(&begin) && said[0].ends_with("is not public"), "{said:?}");
    }
    assert!(server.asked().is_empty());
}

#[test]
fn a_ceiling_that_was_lowered_holds_for_requests_too() {
    let server = WebServer::start();
    let mut host = granted(&server, &[]);
    host.terminate();
    host.set("grants.private_networks=");
    host.start_again();
    let view = host.hostile(json!({ "behaviour": "call_out", "calls": [local(&server, "/hello")] })).ended();
    assert_eq!(view.error.expect("a failed job has an error").code, "grant-refused");
    assert!(server.asked().is_empty());
}

#[test]
pub(super) fn call_out_often() {
    let server = WebServer::start();
    let host = granted(&server, &["job.http_requests=7", "job.http_concurrent=2"]);
    let often =
        |at_once: u64| json!({ "behaviour": "call_out_often", "call": local(&server, "/hello"), "at_once": at_once });
    let job = complete(&host, often(3));
    assert_eq!(job.data(), [json!({ "answered": 7, "error": "ErrorCode::ConnectionLimitReached" })]);
    assert_eq!(warnings(&job), ["module has sent as many HTTP requests as its job may"]);
    assert_eq!((server.asked().len(), job.show().usage.http_requests), (7, 7));
}

#[test]
fn bodies_and_heads_have_their_limits() {
    let server = WebServer::start();
    let host = granted(&server, &["job.http=100 KiB", "job.http_time=1s"]);
    let (_, data) = sent(&host, &[local(&server, "/header?200000")]);
    assert_eq!(data[0]["status"], Value::Null, "{data:?}");
    let (job, data) = sent(&host, &[local(&server, "/bytes?90000"), local(&server, "/bytes?90000")]);
    assert_eq!(data[0]["body"].as_str().map(str::len), Some(90_000));
    assert!(says(&data[1], "response body size exceeds limit"), "{data:?}");
    assert!(job.show().usage.http_bytes > 100 << 10);
    let mut upload = local(&server, "/echo");
    upload["method"] = json!("POST");
    upload["body_bytes"] = json!(200_000);
    let (_, data) = sent(&host, &[upload]);
    assert!(data[0]["error"].is_string(), "{data:?}");
    let begun = Instant::now();
    let (_, data) = sent(&host, &[local(&server, "/drip?5"), local(&server, "/never")]);
    assert!(says(&data[0], "timeout") && says(&data[1], "timeout"), "{data:?}");
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

/// Whether a request failed with these words.
fn says(outcome: &Value, words: &str) -> bool {
    outcome["error"].as_str().is_some_and(|error| error.to_lowercase().contains(words))
}

#[test]
pub(super) fn wait_for_answer() {
    let server = WebServer::start();
    let host = granted(&server, &[]);
    for path in ["/never", "/drip?5"] {
        let job = host.hostile_with(
            json!({ "behaviour": "wait_for_answer", "call": local(&server, path) }),
            json!({ "stop_grace": "1m" }),
        );
        job.says("waiting for an answer");
        eventually("the server was asked", || {
            server.asked().iter().any(|asked| asked.line.contains(path)).then_some(())
        });
        let begun = Instant::now();
        job.stop_and_wait();
        assert!(begun.elapsed() < Duration::from_secs(10), "the request ended with the stop: {:?}", begun.elapsed());
        let view = job.show();
        assert_eq!((view.status, stop_of(&view)), (Status::Stopped, Some(("requested", false))), "{view:?}");
        job.says("asked to stop: true");
        let error = job.data()[0]["error"].as_str().expect("it failed").to_lowercase();
        // A body's error comes as text alone; it shows nothing of the host.
        assert!(error.contains("terminated") && !error.contains("backtrace"), "{error}");
    }
}

const SECRET: &str = "s3cret/Value+42=";
const PLACEHOLDER: &str = "{cofferdam-secret:told}";

/// A host whose hostile guest may call this server with a secret that it does not see.
fn with_secret(server: &WebServer) -> Host {
    let open = ["grants.http=http://*:*", "grants.private_networks=127.0.0.0/8", "log.filter=debug"];
    let host = Host::with(&open);
    let place = format!("http://127.0.0.1:{}", server.port());
    host.put("/v1/secrets/told", &json!({ "value": SECRET, "hosts": [place] })).expect(201);
    let http = json!([{ "host": place, "private": true }]);
    let secrets = json!([{ "name": "told", "env": "API_KEY" }]);
    host.grant(Guest::Hostile, &json!({ "http": http, "secrets": secrets }));
    host
}

/// Makes sure that a text has the secret in no form that it may have taken.
#[track_caller]
fn assert_untold(place: &str, text: &[u8]) {
    let has = |form: &[u8]| text.windows(form.len()).any(|bytes| bytes == form);
    assert!(!has(SECRET.as_bytes()), "{place} has the secret");
    for before in ["", "a", "ab"] {
        let coded = BASE64.encode(format!("{before}{SECRET}"));
        // The ends depend on what stands beside it.
        assert!(!has(&coded.as_bytes()[4..coded.len() - 4]), "{place} has the secret in Base64");
    }
}

#[track_caller]
fn assert_untold_in_files(folder: &Path) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            assert_untold_in_files(&path);
        } else {
            assert_untold(&path.display().to_string(), &std::fs::read(&path).expect("a file"));
        }
    }
}

#[test]
pub(super) fn tell_secret() {
    let server = WebServer::start();
    let host = with_secret(&server);
    let authority = format!("127.0.0.1:{}", server.port());
    let job = host.hostile(json!({ "behaviour": "tell_secret", "authority": authority }));
    let view = job.ended();
    let asked = &server.asked()[0];
    assert!(asked.headers.contains(&format!("x-key: {SECRET}")), "the server got it: {asked:?}");
    let basic = format!("authorization: Basic {}", BASE64.encode(format!("me:{SECRET}")));
    assert!(asked.headers.contains(&basic), "{asked:?}");
    assert!(!asked.line.contains(SECRET), "headers alone are filled: {}", asked.line);

    let error = view.error.as_ref().expect("it failed");
    assert_eq!((view.status, error.code.as_str()), (Status::Failed, "guest-failed"), "{error:?}");
    assert!(error.message.contains(PLACEHOLDER), "{error:?}");
    let (results, log) = (job.data(), job.messages());
    assert_eq!(results[0]["held"], PLACEHOLDER);
    assert_eq!(results.len(), 2);
    assert!(results[1]["echoed"].as_str().is_some_and(|text| text.contains(PLACEHOLDER)), "{results:?}");
    assert!(log.iter().filter(|line| line.contains(PLACEHOLDER)).count() > 80, "{} lines", log.len());
    assert_untold("the log", log.join("\n").as_bytes());
    assert_untold("the log without its cuts", log.concat().as_bytes());
    for part in ["", "/results", "/checkpoint", "/logs?limit=1000"] {
        assert_untold(part, &job.get(part).expect(200).body);
    }
    assert_untold("the host's own log", host.stderr().as_bytes());
    assert_untold_in_files(&host.data_dir());

    // Whoever writes it into the inputs tells the host, but not the module.
    let given = json!({ "behaviour": "tell_secret", "authority": authority, "given": format!("a {SECRET} b") });
    let job = host.hostile(given);
    job.ended();
    assert_eq!(job.data()[0]["given"], format!("a {PLACEHOLDER} b"));
}

#[test]
fn a_secret_that_is_gone_or_does_not_open_fails_the_job_before_it_runs() {
    let server = WebServer::start();
    let mut host = with_secret(&server);
    let inputs = || json!({ "behaviour": "tell_secret", "authority": "127.0.0.1:1" });
    host.terminate();
    let key = host.data_dir().join("secrets.key");
    let kept = std::fs::read(&key).expect("the key");
    std::fs::write(&key, BASE64.encode([7; 32])).expect("another key");
    host.start_again();
    let fails = |host: &Host, words: &str| {
        let job = host.hostile(inputs());
        let view = job.ended();
        let error = view.error.expect("it failed");
        assert_eq!((view.status, error.code.as_str()), (Status::Failed, "secret-unavailable"));
        assert!(error.message.contains(words), "{}", error.message);
        assert_eq!(job.data(), [] as [Value; 0]);
    };
    fails(&host, "cannot be opened here");
    assert!(host.stderr().contains("secrets.key_file"), "the operator is told: {}", host.stderr());
    host.terminate();
    std::fs::write(&key, kept).expect("the right key");
    host.start_again();
    host.delete("/v1/secrets/told").expect(204);
    fails(&host, "is not there any more");
    let grants = json!({ "secrets": [{ "name": "told", "env": "API_KEY" }] });
    let refused = host.put("/v1/modules/hostile/grants", &grants).problem(422, "grants_not_allowed");
    assert_eq!(refused.errors[0].pointer, "/secrets/0/name");
}
