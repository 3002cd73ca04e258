//! HTTP from every language: an ordinary error without a grant, and with one what was granted and nothing else.

use std::net::TcpListener;

use serde_json::{Value, json};

use super::languages::is_built;
use crate::harness::{Guest, Host, Status, WebServer};

/// A guest that calls the server of its inputs, and what it says when it may not, or cannot.
pub(super) struct Caller {
    guest: Guest,
    language: &'static str,
    denied: &'static str,
    not_reached: &'static str,
    /// Where it can say how long a server may take.
    too_long: Option<&'static str>,
}

/// One with an SDK: they have the same words for it.
pub(super) const fn with_sdk(guest: Guest, language: &'static str) -> Caller {
    Caller {
        guest,
        language,
        denied: "the module is not granted this request",
        not_reached: "the server was not reached",
        too_long: Some("the server took too long"),
    }
}

#[test]
fn http_from_rust() {
    calls_what_it_was_granted(&with_sdk(Guest::HttpRust, "rust"));
}

#[test]
fn http_from_javascript() {
    calls_what_it_was_granted(&with_sdk(Guest::ReachingJavascript, "javascript"));
}

#[test]
fn http_from_go() {
    calls_what_it_was_granted(&with_sdk(Guest::ReachingGo, "go"));
}

#[test]
fn http_from_c() {
    calls_what_it_was_granted(&with_sdk(Guest::ReachingC, "c"));
}

#[test]
fn http_from_javascript_on_starlingmonkey() {
    let error = "NetworkError when attempting to fetch resource";
    let guest = Guest::Starlingmonkey;
    calls_what_it_was_granted(&Caller {
        guest,
        language: guest.name(),
        denied: error,
        not_reached: error,
        too_long: None,
    });
}

/// What lets a module be granted servers on this machine.
pub(super) const CEILING: [&str; 2] = ["grants.http=http://*:*", "grants.private_networks=127.0.0.0/8"];

fn calls_what_it_was_granted(caller: &Caller) {
    if is_built(caller.guest) {
        calls_on(&Host::with(&CEILING), caller);
    }
}

/// The same on a host that is there, where compiling the guest takes long.
pub(super) fn calls_on(host: &Host, caller: &Caller) {
    let (server, other) = (WebServer::start(), WebServer::start());
    let nobody = port_without_a_server();
    let local = |port: u16| json!({ "host": format!("http://127.0.0.1:{port}"), "private": true });
    host.grant(caller.guest, &json!({ "http": [local(server.port()), local(nobody), "http://nobody.invalid"] }));
    let url = |server: &WebServer, path: &str| format!("http://127.0.0.1:{}{path}", server.port());

    let hello = json!({ "url": url(&server, "/hello") });
    assert_eq!(answered(host, caller, &hello), json!({ "status": 200, "body": "hello", "location": null }));
    let body = "é".repeat(50_000);
    let echoed = answered(host, caller, &json!({ "url": url(&server, "/echo?a=1"), "body": body }));
    assert!(echoed["body"] == body, "{} bytes came back", echoed["body"].as_str().map_or(0, str::len));
    let sent = &server.asked()[1];
    let name = format!("x-sent-by: {}", caller.language);
    assert!(sent.line == "POST /echo?a=1 HTTP/1.1" && sent.headers.contains(&name), "{:?}", sent.headers);

    for elsewhere in [url(&other, "/hello"), "http://169.254.169.254/latest".to_owned()] {
        let redirect = json!({ "url": url(&server, &format!("/redirect?{elsewhere}")) });
        assert_refused(host, caller, &redirect, &elsewhere);
    }
    assert!(other.asked().is_empty());
    for url in [format!("http://127.0.0.1:{nobody}/"), "http://nobody.invalid/".to_owned()] {
        assert_fails(host, caller, &json!({ "url": url }), caller.not_reached);
    }
    if let Some(why) = caller.too_long {
        // One says nothing at all, the other begins to answer.
        for path in ["/never", "/drip?10"] {
            assert_fails(host, caller, &json!({ "url": url(&server, path), "timeout_ms": 500 }), why);
        }
    }
    let asked = server.asked().len();
    host.grant(caller.guest, &json!({}));
    assert_fails(host, caller, &hello, caller.denied);
    assert_eq!(server.asked().len(), asked);
}

/// A port that was free a moment ago.
fn port_without_a_server() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("it is bound").port()
}

/// What a job with these inputs saves.
#[track_caller]
fn answered(host: &Host, caller: &Caller, inputs: &Value) -> Value {
    let job = host.start_job(&json!({ "module_id": caller.guest.name(), "inputs": inputs }));
    assert_eq!(job.ended().status, Status::Completed, "{:?} {:?}", job.show().error, job.messages());
    job.data().remove(0)
}

/// The answer is the redirect itself, and a request to where it leads an error.
#[track_caller]
fn assert_refused(host: &Host, caller: &Caller, redirect: &Value, elsewhere: &str) {
    let answer = answered(host, caller, redirect);
    assert_eq!((&answer["status"], &answer["location"]), (&json!(302), &json!(elsewhere)));
    assert_fails(host, caller, &json!({ "url": elsewhere }), caller.denied);
}

/// The job ends with an error of the language itself, as every program in it would; a trap is none.
#[track_caller]
fn assert_fails(host: &Host, caller: &Caller, inputs: &Value, why: &str) {
    let job = host.start_job(&json!({ "module_id": caller.guest.name(), "inputs": inputs }));
    let error = job.ended().error.expect("it fails");
    assert!(error.code == "guest-failed" && error.message.contains(why), "{inputs}: {error:?}");
}
