//! HTTP from each language that offers it: an ordinary error without a grant, an answer with one.

use serde_json::{Value, json};

use crate::harness::{Guest, Host, Status, WebServer};

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
