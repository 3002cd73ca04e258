//! The OpenAPI document: complete, and true of what the live host answers.

use serde_json::{Value, json};

use crate::harness::{EventStream, Guest, Host, Request, Shared, Status};

static HOST: Shared = Shared::new();

/// Every operation of this version, as the API's page lists them.
const OPERATIONS: [(&str, &str); 65] = [
    ("post", "/v1/modules"),
    ("get", "/v1/modules"),
    ("get", "/v1/modules/{module_id}"),
    ("delete", "/v1/modules/{module_id}"),
    ("get", "/v1/modules/{module_id}/component"),
    ("get", "/v1/modules/{module_id}/report"),
    ("get", "/v1/modules/{module_id}/grants"),
    ("put", "/v1/modules/{module_id}/grants"),
    ("post", "/v1/jobs"),
    ("post", "/v1/jobs/batch"),
    ("post", "/v1/jobs/resume"),
    ("post", "/v1/jobs/stop"),
    ("post", "/v1/jobs/delete"),
    ("get", "/v1/jobs/{job_id}/attempts"),
    ("get", "/metrics"),
    ("get", "/v1/jobs"),
    ("get", "/v1/jobs/{job_id}"),
    ("delete", "/v1/jobs/{job_id}"),
    ("post", "/v1/jobs/{job_id}/stop"),
    ("post", "/v1/jobs/{job_id}/resume"),
    ("put", "/v1/jobs/{job_id}/keep"),
    ("get", "/v1/jobs/{job_id}/logs"),
    ("get", "/v1/jobs/{job_id}/logs/stream"),
    ("get", "/v1/jobs/{job_id}/results"),
    ("get", "/v1/jobs/{job_id}/checkpoint"),
    ("post", "/v1/schedules"),
    ("get", "/v1/schedules"),
    ("get", "/v1/schedules/{schedule_id}"),
    ("put", "/v1/schedules/{schedule_id}"),
    ("delete", "/v1/schedules/{schedule_id}"),
    ("post", "/v1/schedules/{schedule_id}/pause"),
    ("post", "/v1/schedules/{schedule_id}/resume"),
    ("post", "/v1/schedules/{schedule_id}/run"),
    ("get", "/v1/schedules/{schedule_id}/next"),
    ("get", "/v1/schedules/{schedule_id}/runs"),
    ("get", "/v1/schedule-preview"),
    ("get", "/v1/events"),
    ("get", "/v1/jobs/history"),
    ("get", "/v1/settings"),
    ("get", "/v1/tokens/self"),
    ("get", "/v1/status"),
    ("get", "/v1/audit"),
    ("get", "/v1/retention"),
    ("post", "/v1/admin/backup"),
    ("post", "/v1/stream-tickets"),
    ("post", "/v1/tokens"),
    ("get", "/v1/tokens"),
    ("get", "/v1/secrets"),
    ("put", "/v1/secrets/{secret_name}"),
    ("delete", "/v1/secrets/{secret_name}"),
    ("delete", "/v1/tokens/{token_id}"),
    ("post", "/v1/webhooks"),
    ("get", "/v1/webhooks"),
    ("get", "/v1/webhooks/{webhook_id}"),
    ("put", "/v1/webhooks/{webhook_id}"),
    ("delete", "/v1/webhooks/{webhook_id}"),
    ("post", "/v1/webhooks/{webhook_id}/rotate-secret"),
    ("post", "/v1/webhooks/{webhook_id}/test"),
    ("post", "/v1/webhooks/{webhook_id}/resend"),
    ("get", "/v1/webhooks/{webhook_id}/deliveries"),
    ("get", "/v1/webhooks/{webhook_id}/deliveries/{event_id}"),
    ("post", "/v1/webhooks/{webhook_id}/deliveries/{event_id}/resend"),
    ("get", "/healthz"),
    ("get", "/readyz"),
    ("get", "/openapi.json"),
];

fn document(host: &Host) -> Value {
    host.get("/openapi.json").read(200)
}

/// Fails unless the value is what the document says about a schema.
#[track_caller]
fn assert_is(document: &Value, schema: &Value, value: &Value) {
    let mut whole = schema.clone();
    whole["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    whole["components"] = document["components"].clone();
    let validator = jsonschema::validator_for(&whole).expect("the document's schemas are JSON Schemas");
    let errors: Vec<_> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{schema} does not describe {value}: {errors:?}");
}

/// The schema of an operation's answer.
fn answer_schema<'d>(document: &'d Value, method: &str, path: &str, status: &str) -> &'d Value {
    let schema = &document["paths"][path][method]["responses"][status]["content"]["application/json"]["schema"];
    assert!(schema.is_object(), "{method} {path} has no schema for {status}");
    schema
}

#[test]
fn every_operation_of_this_version_is_in_the_document_and_no_other() {
    let document = document(&HOST.host());
    assert!(document["openapi"].as_str().expect("a version").starts_with("3.1"));
    for (method, path) in OPERATIONS {
        let operation = &document["paths"][path][method];
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{method} {path}");
        assert!(operation["responses"]["default"].is_object(), "{method} {path} may be refused");
    }
    let paths = document["paths"].as_object().expect("paths");
    for (path, operations) in paths {
        for method in operations.as_object().expect("operations").keys().filter(|key| *key != "parameters") {
            assert!(OPERATIONS.contains(&(method, path)), "{method} {path} is documented, but not on the API's page");
        }
    }
}

#[test]
fn every_documented_operation_is_answered_by_the_live_host() {
    let host = HOST.host();
    for (method, path) in OPERATIONS {
        let method: &'static str = match method {
            "post" => "POST",
            "delete" => "DELETE",
            "put" => "PUT",
            _ => "GET",
        };
        let path =
            path.replace("{job_id}", "01890a5d-ac96-774b-bcce-b302099a8057").replace("{module_id}", "nobody@1.0.0");
        let path = path.replace("{token_id}", "01890a5d-ac96-774b-bcce-b302099a8057");
        if path == "/v1/events" {
            // Its answer has no end; that it begins is enough.
            drop(host.events(""));
            continue;
        }
        let answer = host.send(Request::new(method, &path));
        assert_ne!(answer.status, 405, "{method} {path}");
        assert!(!answer.text().contains("unknown_path"), "{method} {path}");
    }
}

#[test]
fn what_the_live_host_answers_is_what_the_document_says() {
    let host = HOST.host();
    host.has(Guest::Hello);
    let document = document(&host);
    let job = host.hostile(json!({"behaviour": "count", "to": 2}));
    job.reaches(Status::Completed);
    let failed = host.hostile(json!({"behaviour": "panic"}));
    failed.reaches(Status::Failed);
    let stopped = host.hostile_with(json!({"behaviour": "spin"}), json!({"stop_grace": "0s", "max_duration": "1h"}));
    stopped.reaches(Status::Running);
    let running: Value = stopped.get("").read(200);
    stopped.stop_and_wait();
    let path = "/v1/jobs/{job_id}";
    for shown in [running, job.get("").read(200), failed.get("").read(200), stopped.get("").read(200)] {
        assert_is(&document, answer_schema(&document, "get", path, "200"), &shown);
    }
    for (path, part) in [
        ("/v1/jobs/{job_id}/logs", "/logs"),
        ("/v1/jobs/{job_id}/attempts", "/attempts"),
        ("/v1/jobs/{job_id}/results", "/results"),
        ("/v1/jobs/{job_id}/checkpoint", "/checkpoint"),
    ] {
        assert_is(&document, answer_schema(&document, "get", path, "200"), &job.get(part).read(200));
    }
    let stop: Value = host.send(Request::new("POST", &job.path("/stop"))).read(200);
    assert_is(&document, answer_schema(&document, "post", "/v1/jobs/{job_id}/stop", "200"), &stop);
    for path in ["/v1/jobs", "/v1/modules", "/v1/status", "/healthz", "/readyz"] {
        assert_is(&document, answer_schema(&document, "get", path, "200"), &host.get(path).read(200));
    }
    let module: Value = host.get("/v1/modules/hello").read(200);
    assert_is(&document, answer_schema(&document, "get", "/v1/modules/{module_id}", "200"), &module);
}

#[test]
fn refusals_and_stream_messages_are_what_the_document_says() {
    let host = HOST.host();
    host.has(Guest::PrimeCount);
    let document = document(&host);
    let problem = json!({"$ref": "#/components/schemas/Problem"});
    for answer in [
        host.post("/v1/jobs", &json!({"module_id": "prime-count", "inputs": {}})),
        host.post("/v1/jobs", &json!({"x": 1})),
        host.get("/v1/jobs/x"),
        host.get("/nowhere"),
    ] {
        assert_is(&document, &problem, &serde_json::from_slice(&answer.body).expect("a problem is JSON"));
    }
    let job = host.hostile(json!({"behaviour": "count", "to": 1}));
    job.reaches(Status::Completed);
    let stream = host.get(&job.path("/logs/stream")).expect(200).text();
    let schema = &document["paths"]["/v1/jobs/{job_id}/logs/stream"]["get"]["responses"]["200"]["content"]["text/event-stream"]
        ["schema"];
    let mut messages = 0;
    for data in stream.lines().filter_map(|line| line.strip_prefix("data: ")) {
        assert_is(&document, schema, &serde_json::from_str(data).expect("a message is JSON"));
        messages += 1;
    }
    assert!(messages >= 3, "{stream}");

    let schema = &document["paths"]["/v1/events"]["get"]["responses"]["200"]["content"]["text/event-stream"]["schema"];
    let mut events = EventStream::<Value>::open(&host, Request::new("GET", "/v1/events"));
    host.hostile(json!({"behaviour": "count", "to": 1})).reaches(Status::Completed);
    for event in events.by_ref().take(2) {
        assert_is(&document, schema, &event);
    }
}

#[test]
fn a_wrong_value_does_not_pass_for_what_the_document_says() {
    let host = HOST.host();
    let document = document(&host);
    let schema = json!({"$ref": "#/components/schemas/HostStatus"});
    let mut status: Value = host.get("/v1/status").read(200);
    assert_is(&document, &schema, &status);
    status["uptime_seconds"] = json!("soon");
    let refused = std::panic::catch_unwind(|| assert_is(&document, &schema, &status));
    assert!(refused.is_err(), "the validation sees nothing");
}
