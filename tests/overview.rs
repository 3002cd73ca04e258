//! What an operator sees at a glance: jobs over time, how long the queue waits, which settings hold, what a token allows.

use serde_json::{Value, json};

use crate::harness::{Client, Guest, Host, Shared, Status};

static HOST: Shared = Shared::new();

fn counts(history: &Value, what: &str) -> u64 {
    let steps = history["steps"].as_array().expect("steps");
    steps.iter().map(|step| step[what].as_u64().expect("a count")).sum()
}

#[test]
fn jobs_that_began_and_ended_are_counted_over_time_as_far_as_they_are_kept() {
    let host = Host::start();
    host.has(Guest::Hello);
    let empty: Value = host.get("/v1/jobs/history").read(200);
    assert_eq!((&empty["step"], empty["steps"].as_array().map(Vec::len)), (&json!("10m"), Some(145)));
    assert_eq!((counts(&empty, "completed"), &empty["oldest_ended_at"]), (0, &Value::Null));

    let first = host.start_job(&json!({"module_id": "hello"}));
    let ended = first.reaches(Status::Completed).finished_at;
    host.hostile(json!({"behaviour": "panic"})).reaches(Status::Failed);
    let sleeper = host.hostile(json!({"behaviour": "sleep_for_ever"}));
    sleeper.reaches(Status::Running);
    let history: Value = host.get("/v1/jobs/history?since=1h&step=30s").read(200);
    let of = |what| counts(&history, what);
    assert_eq!((of("started"), of("completed"), of("failed"), of("stopped")), (3, 1, 1, 0));
    assert_eq!(history["oldest_ended_at"].as_str(), ended.as_deref());
    let last = history["steps"].as_array().and_then(|steps| steps.last()).expect("a step");
    assert!(last["at"].as_str().is_some_and(|at| at.ends_with(":00.000Z") || at.ends_with(":30.000Z")), "{last}");

    host.delete(&first.path("")).expect(204);
    let later: Value = host.get("/v1/jobs/history?since=1h&step=60s").read(200);
    assert_eq!((counts(&later, "completed"), counts(&later, "failed")), (0, 1), "what is deleted is not counted");
}

#[test]
fn a_span_that_would_cost_too_much_is_refused_with_what_may_be_asked_for() {
    let host = HOST.host();
    for (query, hint) in [
        ("since=32d", "`since` must be from 1m to 31d"),
        ("since=1s", "`since` must be from 1m to 31d"),
        ("step=0s", "`step` must be at least 1s"),
        ("since=1h&step=2h", "no longer than `since`"),
        ("since=24h&step=1m", "more than 500 steps"),
        ("since=soon", "is not a duration"),
        ("from=1h", "from"),
    ] {
        let problem = host.get(&format!("/v1/jobs/history?{query}")).problem(400, "invalid_query");
        assert!(problem.detail.contains(hint), "{query}: {}", problem.detail);
    }
}

#[test]
fn a_token_for_some_modules_sees_their_history_and_their_queue_alone() {
    let mut host = Host::with(&["node.slots=1"]);
    host.has(Guest::Hello);
    host.start_job(&json!({"module_id": "hello"})).reaches(Status::Completed);
    host.hostile(json!({"behaviour": "sleep_for_ever"})).reaches(Status::Running);
    assert_eq!(host.status().oldest_pending_at, None, "nothing waits");
    let waits = host.hostile(json!({"behaviour": "count", "to": 1})).show();
    let later = json!({"module_id": "hello", "run_after": "2100-01-01T00:00:00Z"});
    host.start_job(&later);
    assert_eq!(host.status().oldest_pending_at, Some(waits.created_at), "what waits for its time does not count");
    host.lock();
    let scopes = json!({"name": "hello", "scopes": ["jobs:read"], "modules": ["hello"], "expires_in": "1h"});
    let client = Client::new(host.address()).with_token(&host.make_token(&scopes).0);
    assert_eq!(client.get("/v1/status").read::<Value>(200)["oldest_pending_at"], Value::Null);
    let history: Value = client.get("/v1/jobs/history?since=1h").read(200);
    assert_eq!((counts(&history, "started"), counts(&history, "completed")), (1, 1));
    let whole: Value = host.get("/v1/jobs/history?since=1h").read(200);
    assert_eq!(counts(&whole, "started"), 2);

    let own: Value = client.get("/v1/tokens/self").read(200);
    assert_eq!((&own["name"], &own["scopes"]), (&json!("hello"), &json!(["jobs:read"])));
    assert_eq!(own["modules"], json!(["hello"]));
    assert!(own["expires_at"].is_string() && own["id"].is_string(), "{own}");
    client.get("/v1/settings").problem(403, "scope_missing");
}

#[test]
fn without_tokens_everybody_may_do_everything_and_is_told_so() {
    let own: Value = HOST.host().get("/v1/tokens/self").read(200);
    assert_eq!(own, json!({"id": null, "name": null, "scopes": ["admin"], "modules": null, "expires_at": null}));
}

#[test]
fn each_setting_is_shown_with_its_default_and_where_it_was_written() {
    let host = Host::with(&["job.memory=32 MiB"]);
    let shown: Value = host.get("/v1/settings").read(200);
    let settings = shown["settings"].as_array().expect("settings");
    let of = |key: &str| settings.iter().find(|setting| setting["key"] == key).expect(key);
    let place = "--set job.memory";
    let memory =
        json!({"key": "job.memory", "value": "32 MiB", "default": "256 MiB", "origin": "flag", "place": place});
    assert_eq!(of("job.memory"), &memory);
    assert_eq!((&of("job.log")["origin"], &of("job.log")["place"]), (&json!("default"), &Value::Null));
    assert_eq!(of("job.log")["value"], of("job.log")["default"]);
    assert_eq!(of("data_dir")["place"], "--data-dir");
}

#[test]
fn a_search_looks_at_ids_modules_labels_and_errors_of_all_jobs() {
    let host = HOST.host();
    let label = format!("search-{}", std::process::id());
    let body = json!({"labels": {"for": label}});
    let failed = host.hostile_with(json!({"behaviour": "panic"}), body);
    failed.reaches(Status::Failed);
    let found = |text: &str| -> Vec<Value> {
        let page: Value = host.get(&format!("/v1/jobs?search={text}")).read(200);
        page["jobs"].as_array().expect("jobs").iter().map(|job| job["id"].clone()).collect()
    };
    for text in [label.as_str(), &format!("for={label}"), &failed.id, &failed.id[24..]] {
        assert_eq!(found(text), [json!(failed.id)], "{text}");
    }
    assert!(found("hostile@").contains(&json!(failed.id)) && found("TRAP").contains(&json!(failed.id)));
    assert_eq!(found("not-to-be-found-anywhere"), [] as [Value; 0]);
    for text in ["", "%0A", &"x".repeat(201)] {
        let problem = host.get(&format!("/v1/jobs?search={text}")).problem(400, "invalid_query");
        assert!(problem.detail.contains("1 to 200 characters"), "{}", problem.detail);
    }
}
