//! What modules reach for in other languages, with what these have of their own: an ordinary error without a grant, and
//! with one what was granted.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;

use serde_json::{Value, json};

use super::calling::{CEILING, calls_on, with_sdk};
use crate::harness::{Guest, Host, Status, WebServer};

/// Says so when a guest is not there, also where the output of tests that pass is kept back.
pub(super) fn is_built(guest: Guest) -> bool {
    let Some(reason) = guest.why_not_built() else { return true };
    let said = writeln!(std::io::stderr(), "not run: {}: {reason}", guest.name());
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
    let dirs = format!("grants.dirs={}:rw", folder.path().display());
    let mut settings = vec![dirs.as_str()];
    settings.extend(CEILING);
    let host = Host::with(&settings);
    (host, folder)
}

#[test]
fn python_gets_its_own_errors_and_with_a_grant_files_and_http_but_never_sockets() {
    if !is_built(Guest::ReachingPython) {
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
    calls_on(&host, &with_sdk(Guest::ReachingPython, "python"));
}

/// C's library for modules has no function that makes a socket or looks up a name: a program with one does not link. What it
/// has takes descriptors that are sockets, and none is. The calls of WASI below it are tried in Rust, by `open_sockets`.
#[test]
fn c_gets_its_own_errors_and_with_a_grant_files_but_never_sockets() {
    if !is_built(Guest::ReachingC) {
        return;
    }
    let (host, folder) = with_folder();
    host.has(Guest::ReachingC);
    let denied = reached(&host, Guest::ReachingC, &json!({}));
    assert_eq!(denied.len(), 9);
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
        for tried in
            ["leave a folder", "accept a connection", "receive from a socket", "send to a socket", "shut a socket down"]
        {
            assert!(allowed[tried]["error"].as_i64() > Some(0) && allowed[tried]["got"] == "", "{allowed:?}");
        }
    }
}
