//! `GET` and `PUT /v1/modules/{module_id}/grants`.

use serde_json::{Value, json};

use crate::harness::{Guest, Host, Request, Shared};

static HOST: Shared = Shared::new();

/// Nothing.
fn nothing() -> Value {
    json!({ "http": [], "env": {}, "dirs": [], "secrets": [], "limits": {} })
}

fn path(guest: Guest) -> String {
    format!("/v1/modules/{}/grants", guest.name())
}

#[test]
fn nothing_is_granted_until_it_is_and_then_exactly_that() {
    let host = Host::start();
    host.has(Guest::Hello);
    let shown: Value = host.get(&path(Guest::Hello)).read(200);
    assert_eq!(shown, nothing());
    let grants = json!({
        "http": ["api.example.com", "*.example.org:8443", { "host": "a.example", "methods": ["GET"] }],
        "env": { "MODE": "fast" },
        "limits": { "memory": 64 << 20, "max_duration": "90s" },
    });
    let granted = host.grant(Guest::Hello, &grants);
    let expected = json!({
        "http": [
            "api.example.com",
            "*.example.org:8443",
            { "host": "a.example", "methods": ["GET"], "private": false },
        ],
        "env": { "MODE": "fast" },
        "dirs": [],
        "secrets": [],
        "limits": { "memory": 64 << 20, "max_duration": "1m 30s" },
    });
    assert_eq!(granted, expected);
    let module: Value = host.get("/v1/modules/hello").read(200);
    assert_eq!(module["grants"], expected);
    assert_eq!((&module["limits"]["memory"], &module["limits"]["max_duration"]), (&json!(64 << 20), &json!("1m 30s")));
    let again = host.grant(Guest::Hello, &json!({ "env": { "A": "b" } }));
    assert_eq!(again["http"], json!([]), "it replaces what was there");
    assert_eq!(host.grant(Guest::Hello, &json!({})), nothing());
}

#[test]
fn grants_belong_to_the_bytes_and_outlast_the_host() {
    let mut host = Host::start();
    host.has(Guest::Hello);
    let first: Value = host.get("/v1/modules/hello").read(200);
    host.grant(Guest::Hello, &json!({ "env": { "A": "b" } }));
    host.kill();
    host.start_again();
    let kept: Value = host.get(&path(Guest::Hello)).read(200);
    assert_eq!(kept["env"], json!({ "A": "b" }));
    // The same component with something behind it that means nothing: other bytes, the same module.
    let other = [Guest::Hello.bytes(), vec![0, 2, 1, b'x']].concat();
    let replace = Request::new("POST", "/v1/modules?replace=true").body("application/wasm", other);
    let replaced: Value = host.send(replace).read(201);
    assert_ne!(replaced["digest"], first["digest"]);
    assert_eq!(replaced["grants"], nothing());
    let shown: Value = host.get(&path(Guest::Hello)).read(200);
    assert_eq!(shown, nothing());
}

#[test]
fn what_is_wrong_is_named_by_its_place() {
    let host = HOST.host();
    host.has(Guest::Hello);
    for (grants, pointer, words) in [
        (json!({ "https": [] }), "/https", "unknown field"),
        (json!({ "http": ["a b"] }), "/http/0", "is no host"),
        (json!({ "http": ["api.example.com", "127.1"] }), "/http/1", "is no host"),
        (json!({ "http": ["api.example.com/path"] }), "/http/0", "is no host"),
        (json!({ "http": ["ftp://api.example.com"] }), "/http/0", "no host that can be granted"),
        (json!({ "http": [{ "host": "a.example", "method": "GET" }] }), "/http/0/method", "unknown field"),
        (json!({ "http": [{ "host": "a.example", "methods": ["get"] }] }), "/http/0/methods/0", "capitals"),
        (json!({ "http": [7] }), "/http/0", "a host such as"),
        (json!({ "env": { "A": 1 } }), "/env/A", "string"),
        (json!({ "dirs": [{ "host": "/srv" }] }), "/dirs/0", "guest"),
        (json!({ "dirs": [{ "host": "/srv", "guest": "data" }] }), "/dirs/0/guest", "absolute path"),
        (json!({ "limits": { "memory": "lots" } }), "/limits/memory", "u64"),
        (json!({ "limits": { "memry": 1 } }), "/limits/memry", "unknown field"),
        (json!([]), "", "object"),
    ] {
        let problem = host.put(&path(Guest::Hello), &grants).problem(422, "invalid_grants");
        let told: Vec<_> = problem.errors.iter().map(|error| (error.pointer.as_str(), &error.detail)).collect();
        assert!(told.len() == 1 && told[0].0 == pointer && told[0].1.contains(words), "{grants}: {told:?}");
    }
    let broken = Request::new("PUT", &path(Guest::Hello)).body("application/json", "{");
    host.send(broken).problem(400, "invalid_json");
    host.put("/v1/modules/nobody/grants", &json!({})).problem(404, "unknown_module");
    host.get("/v1/modules/nobody/grants").problem(404, "unknown_module");
    let shown: Value = host.get(&path(Guest::Hello)).read(200);
    assert_eq!(shown, nothing(), "nothing of it was taken");
}
