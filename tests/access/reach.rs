//! A token for some modules: of the others and their jobs its holder sees nothing, anywhere.

use serde_json::{Value, json};

use crate::harness::{Client, EventStream, Guest, Host, HostEvent, Request, Status};

/// A host with a job of each of two modules, and a client that sees one of the modules.
fn two_modules() -> (Host, Client, [String; 2]) {
    let mut host = Host::start();
    host.has(Guest::Hello);
    host.has(Guest::Hostile);
    let seen = host.start_job(&json!({"module_id": "hello"}));
    seen.reaches(Status::Completed);
    let hidden = host.hostile(json!({"behaviour": "sleep_for_ever"}));
    hidden.reaches(Status::Running);
    host.lock();
    let scopes = ["jobs:read", "jobs:write", "jobs:stop", "logs:read", "modules:read"];
    let (secret, _) = host.make_token(&json!({"name": "hello", "scopes": scopes, "modules": ["hello"]}));
    let client = Client::new(host.address()).with_token(&secret);
    (host, client, [seen.id, hidden.id])
}

#[test]
fn a_job_of_another_module_is_not_there() {
    let (host, client, [seen, hidden]) = two_modules();
    for (method, part) in [
        ("GET", ""),
        ("GET", "/logs"),
        ("GET", "/logs/stream"),
        ("GET", "/results"),
        ("GET", "/checkpoint"),
        ("POST", "/stop"),
        ("POST", "/resume"),
        ("DELETE", ""),
    ] {
        let request = Request::new(method, &format!("/v1/jobs/{hidden}{part}"));
        client.send(request).problem(404, "unknown_job");
    }
    assert_eq!(host.get(&format!("/v1/jobs/{hidden}")).read::<Value>(200)["status"], "running", "it was not touched");
    client.get(&format!("/v1/jobs/{seen}")).expect(200);
    client.get(&format!("/v1/jobs/{seen}/logs/stream")).expect(200);
    client.delete(&format!("/v1/jobs/{seen}")).expect(204);
}

#[test]
fn lists_and_counts_hold_what_the_token_is_for() {
    let (host, client, [seen, hidden]) = two_modules();
    let ids = |client: &Client, query: &str| -> Vec<Value> {
        let page: Value = client.get(&format!("/v1/jobs{query}")).read(200);
        page["jobs"].as_array().expect("a list").iter().map(|job| job["id"].clone()).collect()
    };
    assert_eq!(ids(&host, ""), [json!(hidden), json!(seen)]);
    for query in ["", "?module_id=hello", "?status=completed", "?limit=1"] {
        assert_eq!(ids(&client, query), [json!(seen)], "{query}");
    }
    for query in ["?module_id=hostile", "?status=running"] {
        assert_eq!(ids(&client, query), [] as [Value; 0], "{query}");
    }
    let modules: Value = client.get("/v1/modules").read(200);
    assert_eq!(modules["modules"].as_array().map(Vec::len), Some(1));
    let status: Value = client.get("/v1/status").read(200);
    assert_eq!((&status["modules"], &status["running"]), (&json!(1), &json!([])));
    assert_eq!((&status["jobs"]["completed"], &status["jobs"]["running"]), (&json!(1), &json!(0)));
}

#[test]
fn another_module_is_neither_shown_nor_started_however_it_is_named() {
    let (host, client, _) = two_modules();
    let digest = host.get("/v1/modules/hostile").read::<Value>(200)["digest"].clone();
    let digest = digest.as_str().expect("a text");
    for module in ["hostile", "hostile@0.1.0", digest] {
        client.get(&format!("/v1/modules/{module}")).problem(404, "unknown_module");
        client.get(&format!("/v1/modules/{module}/component")).problem(404, "unknown_module");
        let inputs = json!({"behaviour": "count", "to": 1});
        let start = json!({"module_id": module, "inputs": inputs});
        client.post("/v1/jobs", &start).problem(404, "unknown_module");
    }
    let digest = host.get("/v1/modules/hello").read::<Value>(200)["digest"].clone();
    for module in [json!("hello"), digest] {
        client.post("/v1/jobs", &json!({"module_id": module})).expect(201);
    }
}

#[test]
fn the_events_tell_of_the_tokens_jobs_alone() {
    let (host, client, [_, hidden]) = two_modules();
    let mut events = EventStream::<HostEvent>::open(&client, Request::new("GET", "/v1/events"));
    host.job(&hidden).stop_and_wait();
    let own = host.start_job(&json!({"module_id": "hello"}));
    own.reaches(Status::Completed);
    let told = events.next().expect("news of the own job");
    assert!(matches!(&told, HostEvent::Job { id, .. } if *id == own.id), "{told:?}");
    host.delete(&format!("/v1/jobs/{hidden}")).expect(204);
    let told = events.find(|event| !matches!(event, HostEvent::Job { id, .. } if *id == own.id));
    assert!(matches!(told, Some(HostEvent::Reset)), "whose job was deleted nobody knows: {told:?}");
}
