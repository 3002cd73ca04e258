//! Secrets over HTTP and on the command line: stored, listed, removed, and nowhere to be read.

use serde::Deserialize;
use serde_json::json;

use crate::harness::{Host, Request, Shared};

static HOST: Shared = Shared::new();

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Secrets {
    secrets: Vec<SecretView>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct SecretView {
    name: String,
    hosts: Vec<String>,
    placeholder: String,
    created_at: String,
    updated_at: String,
}

fn put(name: &str, value: &str, hosts: &[&str]) -> Request {
    Request::new("PUT", &format!("/v1/secrets/{name}")).json(&json!({ "value": value, "hosts": hosts }))
}

fn listed(host: &Host, name: &str) -> Option<SecretView> {
    let Secrets { secrets } = host.get("/v1/secrets").read(200);
    secrets.into_iter().find(|secret| secret.name == name)
}

#[test]
fn a_secret_is_stored_changed_and_removed_and_its_value_is_never_answered() {
    let host = &*HOST.host();
    let stored = host.send(put("changing", "a first value", &["api.example.com"]));
    assert!(!stored.text().contains("first value"));
    let stored: SecretView = stored.read(201);
    assert_eq!(
        (stored.hosts.as_slice(), stored.placeholder.as_str()),
        (["api.example.com".to_owned()].as_slice(), "{cofferdam-secret:changing}")
    );
    assert_eq!(listed(host, "changing"), Some(stored));
    let changed: SecretView = host.send(put("changing", "a second value", &["*.example.org:8443"])).read(200);
    assert_eq!(changed.hosts, ["*.example.org:8443"]);
    host.delete("/v1/secrets/changing").expect(204);
    assert_eq!(listed(host, "changing"), None);
    host.delete("/v1/secrets/changing").problem(404, "unknown_secret");
}

#[test]
fn what_is_no_secret_is_refused_with_words_that_do_not_say_it() {
    let host = &*HOST.host();
    for (value, words) in
        [("tiny", "4 bytes"), ("two\nlines of it", "control character"), ("a space at its end ", "white space")]
    {
        let problem = host.send(put("refused", value, &["api.example.com"])).problem(422, "invalid_secret");
        assert!(problem.detail.contains(words) && !problem.detail.contains(value), "{}", problem.detail);
        assert_eq!(problem.errors[0].pointer, "/value");
    }
    for (hosts, words) in [(json!([]), "1 to 64 hosts"), (json!(["https://"]), "host"), (json!(["a b"]), "host")] {
        let body = json!({ "value": "a fine value", "hosts": hosts });
        let problem = host.send(Request::new("PUT", "/v1/secrets/refused").json(&body)).problem(422, "invalid_secret");
        assert!(problem.detail.contains(words), "{}", problem.detail);
    }
    host.send(put("No_Name", "a fine value", &["a.example"])).problem(400, "invalid_secret_name");
    assert_eq!(listed(host, "refused"), None);
}
