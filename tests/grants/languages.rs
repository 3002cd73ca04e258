//! What modules reach for in other languages, with what these have of their own: an ordinary error without a grant, and
//! with one what was granted.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;

use serde_json::{Value, json};

use crate::harness::{Guest, Host, Language, Status, WebServer};

/// A host on which this guest may call this server, and nothing else.
fn granted(guest: Guest, server: &WebServer) -> Host {
    let host = Host::with(&["grants.http=http://*:*", "grants.private_networks=127.0.0.0/8"]);
    let http = json!({ "host": format!("http://127.0.0.1:{}", server.port()), "private": true });
    host.grant(guest, &json!({ "http": [http] }));
    host
}

#[test]
fn http_from_rust() {
    let (server, other) = (WebServer::start(), WebServer::start());
    let url = |server: &WebServer, path: &str| format!("http://127.0.0.1:{}{path}", server.port());
    let host = granted(Guest::HttpRust, &server);
    let start = |inputs: Value| host.start_job(&json!({ "module_id": "http-rust", "inputs": inputs }));
    let job = start(json!({ "url": url(&server, "/hello") }));
    assert_eq!(job.ended().status, Status::Completed, "{:?}", job.show().error);
    assert_eq!(job.data(), [json!({ "status": 200, "body": "hello", "location": null })]);
    let job = start(json!({ "url": url(&server, "/echo"), "body": "x".repeat(100_000) }));
    job.reaches(Status::Completed);
    assert_eq!(job.data()[0]["body"].as_str().map(str::len), Some(100_000));
    assert!(server.asked()[1].headers.iter().any(|header| header == "x-sent-by: rust"), "{:?}", server.asked()[1]);
    let job = start(json!({ "url": url(&server, &format!("/redirect?{}", url(&other, "/hello"))) }));
    job.reaches(Status::Completed);
    assert_eq!((&job.data()[0]["status"], &job.data()[0]["location"]), (&json!(302), &json!(url(&other, "/hello"))));
    for elsewhere in [url(&other, "/hello"), "http://169.254.169.254/latest".to_owned()] {
        let error = start(json!({ "url": elsewhere })).ended().error.expect("it fails");
        assert_eq!(error.code, "guest-failed");
        assert!(error.message.contains("the module is not granted this request"), "{error:?}");
    }
    assert!(other.asked().is_empty());
    host.grant(Guest::HttpRust, &json!({}));
    let error = start(json!({ "url": url(&server, "/hello") })).ended().error.expect("it fails");
    assert!(error.message.contains("the module is not granted this request"), "{error:?}");
}

/// Says so when a guest is not there, also where the output of tests that pass is kept back.
fn is_built(language: Language) -> bool {
    let Some(reason) = language.why_not_built() else { return true };
    let said = writeln!(std::io::stderr(), "not run: {}: {reason}", language.name());
    said.expect("standard error takes a line");
    false
}

/// What came of each attempt, by what was tried.
#[track_caller]
fn reached(host: &Host, guest: Guest, inputs: &Value) -> BTreeMap<String, Value> {
    let job = host.start_job(&json!({ "module_id": guest.name(), "inputs": inputs }));
    let view = job.ended();
    assert_eq!((view.status, view.error), (Status::Completed, None));
    let tried = |data: &Value| data["tried"].as_str().expect("it says what it tried").to_owned();
    job.data().into_iter().map(|data| (tried(&data), data)).collect()
}

/// A folder with a file, and a host that lets modules have it.
fn with_folder() -> (Host, tempfile::TempDir) {
    let folder = tempfile::Builder::new().prefix("cofferdam-test-").tempdir().expect("a folder");
    fs::write(folder.path().join("given"), "given").expect("a file");
    let host = Host::with(&[&format!("grants.dirs={}:rw", folder.path().display())]);
    (host, folder)
}

#[test]
fn python_gets_its_own_errors_and_with_a_grant_files_but_never_sockets() {
    if !is_built(Language::Python) {
        return;
    }
    let server = WebServer::start();
    let inputs = json!({ "port": server.port() });
    let (host, folder) = with_folder();
    host.has(Guest::ReachingPython);
    let denied = reached(&host, Guest::ReachingPython, &inputs);
    assert_eq!(denied.len(), 9);
    for (tried, outcome) in &denied {
        let is_ordinary =
            if tried == "see a variable" { outcome["error"] == "KeyError" } else { outcome["is_os_error"] == true };
        assert!(is_ordinary, "{outcome}");
    }
    let dir = json!({ "host": folder.path(), "guest": "/data", "write": true });
    host.grant(Guest::ReachingPython, &json!({ "dirs": [dir], "env": { "MODE": "fast" } }));
    let allowed = reached(&host, Guest::ReachingPython, &inputs);
    for (tried, got) in [
        ("read a file", "'given'"),
        ("write a file", "7"),
        ("list a folder", "['given', 'new']"),
        ("see a variable", "'fast'"),
    ] {
        assert_eq!(allowed[tried]["got"], got, "{allowed:?}");
    }
    for tried in ["leave a folder", "open a socket", "listen", "look up a name", "send a request"] {
        assert_eq!(allowed[tried]["is_os_error"], true, "{allowed:?}");
    }
    assert_eq!(fs::read_to_string(folder.path().join("new")).expect("it was written"), "written");
    assert!(server.asked().is_empty());
}

#[test]
fn c_gets_its_own_errors_and_with_a_grant_files() {
    if !is_built(Language::C) {
        return;
    }
    let (host, folder) = with_folder();
    host.has(Guest::ReachingC);
    let denied = reached(&host, Guest::ReachingC, &json!({}));
    assert_eq!(denied.len(), 5);
    for outcome in denied.values() {
        assert!(outcome["error"].as_i64() > Some(0) && outcome["got"] == "", "an errno: {outcome}");
    }
    for write in [false, true] {
        let dir = json!({ "host": folder.path(), "guest": "/data", "write": write });
        host.grant(Guest::ReachingC, &json!({ "dirs": [dir], "env": { "MODE": "fast" } }));
        let allowed = reached(&host, Guest::ReachingC, &json!({}));
        for (tried, got) in [("read a file", "given"), ("list a folder", "listed"), ("see a variable", "fast")] {
            assert_eq!(allowed[tried]["got"], got, "{allowed:?}");
        }
        assert_eq!(allowed["write a file"]["got"], if write { "written" } else { "" }, "{allowed:?}");
        assert!(allowed["leave a folder"]["error"].as_i64() > Some(0), "{allowed:?}");
    }
}
