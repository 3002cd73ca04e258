//! Starting jobs: what is taken, what is refused and how.

use serde_json::{Value, json};

use crate::harness::{Guest, Host, Request, Shared, SharedHost, Status};

static HOST: Shared = Shared::new();

fn host() -> SharedHost {
    let host = HOST.host();
    host.has(Guest::Hello);
    host.has(Guest::PrimeCount);
    host
}

#[test]
fn a_job_is_answered_201_with_its_place_and_runs_to_its_end() {
    let host = host();
    let request = json!({"module_id": "hello", "inputs": {"name": "Ada"}, "settings": {"greeting": "Good day"}});
    let answer = host.post("/v1/jobs", &request).expect(201);
    let location = answer.header("location").to_owned();
    let job: Value = answer.read(201);
    assert_eq!(location, format!("/v1/jobs/{}", job["id"].as_str().expect("an id")));
    let job = host.job(job["id"].as_str().expect("an id"));
    assert_eq!(job.reaches(Status::Completed).results, 1);
    assert_eq!(job.data(), [json!({"greeting": "Good day, Ada!"})]);
    assert_eq!(job.messages(), ["Good day, Ada!"]);
}

#[test]
fn only_the_module_must_be_given() {
    let host = host();
    let job = host.start_job(&json!({"module_id": "hello"}));
    let shown = job.reaches(Status::Completed);
    assert_eq!((shown.inputs.len(), shown.settings.len(), shown.max_duration), (0, 0, None));
    assert_eq!(job.data(), [json!({"greeting": "Hello, world!"})]);
}

#[test]
fn a_component_of_another_toolchain_runs() {
    let host = host();
    host.has(Guest::Javascript);
    let job = host.start_job(&json!({"module_id": "javascript", "inputs": {"text": "one two\nthree"}}));
    assert_eq!(job.ended().status, Status::Completed, "{:?}", job.messages());
    assert_eq!(job.data(), [json!({"lines": 2, "words": 3})]);
    assert!(job.messages()[0].contains(&job.id), "the module knows its job: {:?}", job.messages());

    let job = host.start_job(&json!({"module_id": "javascript", "inputs": {"text": " "}}));
    let error = job.reaches(Status::Failed).error.expect("a failed job has an error");
    assert_eq!(error.message, "the text has no words");
}

#[test]
fn a_job_started_with_a_checkpoint_goes_on_from_it() {
    let host = host();
    let job = host.hostile_with(json!({"behaviour": "count", "to": 5}), json!({"checkpoint": {"n": 3, "attempt": 0}}));
    job.reaches(Status::Completed);
    let numbers: Vec<_> = job.data().iter().map(|data| data["n"].clone()).collect();
    assert_eq!(numbers, [4, 5]);
}

#[test]
fn inputs_and_settings_that_break_the_schema_are_422_with_a_pointer_to_each_place() {
    let host = host();
    let request = json!({"module_id": "prime-count", "inputs": {"limit": -1}, "settings": {"segment_size": 1, "x": 2}});
    let problem = host.post("/v1/jobs", &request).problem(422, "schema_violation");
    let mut pointers: Vec<_> = problem.errors.iter().map(|error| error.pointer.as_str()).collect();
    pointers.sort_unstable();
    pointers.dedup();
    assert!(pointers.contains(&"/inputs/limit"), "{pointers:?}");
    assert!(pointers.contains(&"/settings/segment_size"), "{pointers:?}");
    assert!(
        problem.errors.iter().any(|error| error.detail.contains("`x`") || error.detail.contains("'x'")),
        "{problem:?}"
    );
    assert!(problem.errors.iter().all(|error| !error.detail.is_empty()));

    let problem = host.post("/v1/jobs", &json!({"module_id": "prime-count"})).problem(422, "schema_violation");
    assert_eq!(problem.errors[0].pointer, "/inputs");
    assert!(problem.detail.contains("limit"), "{}", problem.detail);
}

#[test]
fn a_field_that_nobody_knows_or_of_a_wrong_type_is_400_with_its_pointer() {
    let host = host();
    for (body, pointer, words) in [
        (json!({"module_id": "hello", "imputs": {}}), "/imputs", "`inputs`"),
        (json!({"inputs": {}}), "", "`module_id`"),
        (json!({"module_id": 5}), "/module_id", "string"),
        (json!({"module_id": "No Name"}), "/module_id", "`No Name`"),
        (json!({"module_id": "hello", "inputs": []}), "/inputs", "JSON object"),
        (json!({"module_id": "hello", "settings": "x"}), "/settings", "JSON object"),
        (json!({"module_id": "hello", "checkpoint": 7}), "/checkpoint", "JSON object"),
        (json!({"module_id": "hello", "max_duration": "soon"}), "/max_duration", "90s"),
        (json!({"module_id": "hello", "stop_grace": 5}), "/stop_grace", "string"),
        (json!({"module_id": "hello", "priority": 1001}), "/priority", "from -1000 to 1000"),
        (json!({"module_id": "hello", "labels": {"a b": ""}}), "/labels", "no name of a label"),
        (json!([]), "", "JSON object"),
    ] {
        let problem = host.post("/v1/jobs", &body).problem(400, "invalid_field");
        assert_eq!(problem.errors[0].pointer, pointer, "{body}");
        assert!(problem.detail.contains(words), "{body}: {}", problem.detail);
    }
}

#[test]
fn a_body_that_is_not_json_is_400_and_of_another_media_type_415() {
    let host = host();
    for body in ["", "{", "{\"module_id\": \"hello\"} and more", "\u{feff}{}", "{'module_id': 1}"] {
        host.send(Request::new("POST", "/v1/jobs").body("application/json", body)).problem(400, "invalid_json");
    }
    let request = Request::new("POST", "/v1/jobs").body("text/plain", r#"{"module_id": "hello"}"#);
    let problem = host.send(request).problem(415, "wrong_media_type");
    assert!(problem.detail.contains("application/json"), "{}", problem.detail);
}

#[test]
fn inputs_settings_checkpoints_and_bodies_over_their_size_are_413() {
    let host = host();
    for field in ["inputs", "settings"] {
        let start = |bytes: usize| {
            let text = "x".repeat(bytes - r#"{"pad":""}"#.len());
            host.post("/v1/jobs", &json!({"module_id": "hello", field: {"pad": text}}))
        };
        start(1 << 20).expect(201);
        let problem = start((1 << 20) + 1).problem(413, "too_large");
        assert_eq!(problem.errors[0].pointer, format!("/{field}"));
        assert!(problem.detail.contains("1048576"), "{}", problem.detail);
    }
    let checkpoint = json!({"pad": "x".repeat(16 << 20)});
    let problem =
        host.post("/v1/jobs", &json!({"module_id": "hello", "checkpoint": checkpoint})).problem(413, "too_large");
    assert_eq!(problem.errors[0].pointer, "/checkpoint");
    let body = " ".repeat((20 << 20) + 1);
    host.send(Request::new("POST", "/v1/jobs").body("application/json", body)).problem(413, "too_large");
}

#[test]
fn a_duration_of_zero_or_above_the_ceiling_is_422() {
    let host = Host::with(&["job.max_duration=1h", "job.stop_grace_max=1m"]);
    host.has(Guest::Hello);
    for (field, value, code, words) in [
        ("max_duration", "0s", "zero_duration", "longer than 0s"),
        ("max_duration", "61m", "over_ceiling", "at most 1h"),
        ("stop_grace", "2m", "over_ceiling", "at most 1m"),
    ] {
        let problem = host.post("/v1/jobs", &json!({"module_id": "hello", field: value})).problem(422, code);
        assert_eq!(problem.errors[0].pointer, format!("/{field}"));
        assert!(problem.detail.contains(words), "{}", problem.detail);
    }
}

#[test]
fn an_unknown_module_is_404_and_says_where_the_known_ones_are() {
    let host = host();
    for module in ["nobody", "hello@9.9.9", &format!("sha256:{}", "a".repeat(64))] {
        let problem = host.post("/v1/jobs", &json!({"module_id": module})).problem(404, "unknown_module");
        assert!(problem.detail.contains(module) && problem.detail.contains("/v1/modules"), "{}", problem.detail);
        assert_eq!(problem.errors[0].pointer, "/module_id");
    }
}
