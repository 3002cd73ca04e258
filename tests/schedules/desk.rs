//! What may be put, by whom, and what is said of what may not.

use serde_json::{Value, json};

use super::views::Scheduled;
use crate::harness::{Client, Guest, Host, Request};

#[test]
fn a_schedule_is_made_listed_changed_and_removed() {
    let host = Host::start();
    let schedule = Scheduled::hello(&host, "nightly", "30 2 * * MON-FRI", json!({ "time_zone": "europe/berlin" }));
    let shown = schedule.show(&host);
    assert_eq!((&shown["time_zone"], &shown["overlap"]), (&json!("Europe/Berlin"), &json!("skip")));
    assert_eq!(shown["catch_up"], json!({ "policy": "last", "limit": 100, "max_age": "1day" }));
    assert_eq!((&shown["last_run"], &shown["created_by"]), (&Value::Null, &Value::Null));
    assert_eq!(host.get(&format!("/v1/schedules/{}", schedule.id)).read::<Value>(200), shown, "by its id, too");
    let next: Value = host.get(&schedule.path("/next?limit=2")).read(200);
    assert_eq!(next["next"][0]["run_at"], shown["next_run_at"]);
    assert_eq!(next["next"].as_array().map(Vec::len), Some(2));

    Scheduled::hello(&host, "hourly", "@hourly", json!({ "jitter": "10m" }));
    let list: Value = host.get("/v1/schedules?limit=1").read(200);
    assert_eq!(list["schedules"][0]["name"], "hourly");
    let cursor = list["next_cursor"].as_str().expect("there is more");
    let rest: Value = host.get(&format!("/v1/schedules?cursor={cursor}")).read(200);
    assert_eq!((&rest["schedules"][0], &rest["next_cursor"]), (&shown, &Value::Null));

    // What is shown of the job can be put again.
    let put = json!({ "name": "weekly", "cron": "@weekly", "job": shown["job"], "paused": true });
    let changed: Value = host.put(&schedule.path(""), &put).read(200);
    assert_eq!(
        (&changed["id"], &changed["name"], &changed["next_run_at"]),
        (&shown["id"], &json!("weekly"), &Value::Null)
    );
    assert_eq!(changed["job"], shown["job"]);
    host.get(&schedule.path("")).problem(404, "unknown_schedule");
    host.delete("/v1/schedules/weekly").expect(204);
    host.delete("/v1/schedules/weekly").problem(404, "unknown_schedule");
    let page: Value = host.get("/v1/jobs?schedule=weekly").read(200);
    assert_eq!(page["jobs"], json!([]));
}

#[test]
fn what_is_wrong_with_a_schedule_is_told_with_its_place() {
    let host = Host::start();
    host.has(Guest::Hello);
    Scheduled::hello(&host, "taken", "@daily", json!({}));
    for (field, value, status, code, pointer) in [
        ("name", json!("taken"), 409, "schedule_exists", "/name"),
        ("cron", json!("* * *"), 422, "invalid_cron", "/cron"),
        ("cron", json!("0 0 30 2 *"), 422, "invalid_cron", "/cron"),
        ("time_zone", json!("Berlin"), 422, "unknown_time_zone", "/time_zone"),
        ("jitter", json!("2d"), 400, "invalid_field", "/jitter"),
        ("late_after", json!("0s"), 400, "invalid_field", "/late_after"),
        ("catch_up", json!({ "limit": 0 }), 400, "invalid_field", "/catch_up/limit"),
        ("catch_up", json!({ "policy": "all" }), 400, "invalid_field", "/catch_up/policy"),
        ("job", json!({ "module_id": "nobody" }), 404, "unknown_module", "/job/module_id"),
        ("job", json!({ "module_id": "hello", "inputs": { "name": 5 } }), 422, "schema_violation", "/job/inputs/name"),
        ("job", json!({ "module_id": "hello", "stop_grace": "1y" }), 422, "over_ceiling", "/job/stop_grace"),
    ] {
        let mut body = json!({ "name": "new", "cron": "@daily", "job": { "module_id": "hello" } });
        body[field] = value;
        let problem = host.post("/v1/schedules", &body).problem(status, code);
        assert_eq!(problem.errors[0].pointer, pointer, "{problem:?}");
    }
    host.get("/v1/schedules/A").problem(400, "invalid_schedule_id");
    host.get("/v1/schedule-preview?cron=x").problem(422, "invalid_cron");
    let preview: Value = host.get("/v1/schedule-preview?cron=0%200%201%201%20*&limit=3").read(200);
    let times: Vec<_> =
        preview["times"].as_array().expect("times").iter().map(|time| &time.as_str().expect("a time")[4..]).collect();
    assert_eq!(times, ["-01-01T00:00:00.000Z"; 3]);
}

#[test]
fn whoever_may_not_start_a_module_neither_schedules_it_nor_sees_its_schedules() {
    let mut host = Host::start();
    host.has(Guest::Hello);
    host.has(Guest::Hostile);
    host.lock();
    let of_hostile = json!({ "module_id": "hostile", "inputs": { "behaviour": "count", "to": 1 } });
    let hidden = Scheduled::of(&host, "hidden", "@daily", &of_hostile, json!({}));
    let scopes = ["jobs:read", "jobs:write"];
    let (secret, token) = host.make_token(&json!({ "name": "ci", "scopes": scopes, "modules": ["hello"] }));
    let client = Client::new(host.address()).with_token(&secret);
    let seen = Scheduled::of(&client, "seen", "@daily", &json!({ "module_id": "hello" }), json!({}));
    assert_eq!(seen.show(&client)["created_by"], "ci");
    let list: Value = client.get("/v1/schedules").read(200);
    assert_eq!(list["schedules"].as_array().map(Vec::len), Some(1));
    for part in ["", "/runs", "/next"] {
        client.get(&hidden.path(part)).problem(404, "unknown_schedule");
    }
    for verb in ["/pause", "/resume", "/run"] {
        client.send(Request::new("POST", &hidden.path(verb))).problem(404, "unknown_schedule");
    }
    client.delete(&hidden.path("")).problem(404, "unknown_schedule");
    let body = json!({ "name": "new", "cron": "@daily", "job": of_hostile });
    client.post("/v1/schedules", &body).problem(404, "unknown_module");
    client.put(&seen.path(""), &body).problem(404, "unknown_module");
    let (reader, _) = host.make_token(&json!({ "name": "reader", "scopes": ["jobs:read"] }));
    let reader = Client::new(host.address()).with_token(&reader);
    reader.get("/v1/schedules").expect(200);
    reader.send(Request::new("POST", &seen.path("/run"))).problem(403, "scope_missing");
    // Whoever made it is gone, and it stays.
    host.delete(&format!("/v1/tokens/{token}")).expect(204);
    let run: Value = host.send(Request::new("POST", &seen.path("/run"))).read(201);
    assert_eq!(run["schedule"]["name"], "seen");
    let log: Value = host.get("/v1/audit?limit=1000").read(200);
    let entries = log["entries"].as_array().expect("a list");
    let did =
        |action: &str, object: &str| entries.iter().any(|entry| entry["action"] == action && entry["object"] == object);
    assert!(did("schedule.create", &seen.id) && did("schedule.run", "seen"), "{log}");
}
