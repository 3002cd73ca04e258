//! A module of another toolchain, made from `wit/` alone: it uploads, runs, logs, saves, resumes and stops like any
//! other.

use serde_json::{Value, json};

use crate::harness::{Guest, Host, Job, Level, ModuleView, Shared, SharedHost, Status};

static HOST: Shared = Shared::new();

const TEXT: &str = "one two three\nfour\n\nfive six";

fn host() -> SharedHost {
    let host = HOST.host();
    host.has(Guest::Javascript);
    host
}

#[track_caller]
fn start(host: &Host, inputs: &Value) -> Job {
    host.start_job(&json!({ "module_id": "javascript", "inputs": inputs }))
}

#[test]
fn it_describes_itself() {
    let host = host();
    let module: ModuleView = host.get("/v1/modules/javascript@0.1.0").read(200);
    assert_eq!((module.name.as_str(), module.version.as_str()), ("javascript", "0.1.0"));
    assert_eq!(module.inputs_schema["required"], json!(["text"]));
    assert!(module.imports.iter().any(|import| import.starts_with("cofferdam:module/job-context@")), "{module:?}");
}

#[test]
fn it_runs_logs_reports_and_saves() {
    let host = host();
    let job = start(&host, &json!({ "text": TEXT }));
    let view = job.ended();
    assert_eq!((view.status, view.error), (Status::Completed, None));
    assert_eq!(job.data(), [json!({ "lines": 4, "words": 6 })]);
    let progress = view.progress.expect("it reported");
    assert_eq!((progress.done, progress.total), (4, Some(4)));
    let log: Vec<_> = job.log().into_iter().map(|line| (line.level, line.message)).collect();
    assert_eq!(log, [(Level::Info, format!("attempt 1 of {} begins at line 1 of 4", job.id))]);
    let saved: Value = job.get("/checkpoint").read(200);
    assert_eq!(saved["checkpoint"], json!({ "line": 4, "words": 6 }));
}

#[test]
fn it_is_stopped_within_its_grace_and_goes_on_from_its_checkpoint() {
    let host = host();
    let job = start(&host, &json!({ "text": TEXT, "pause_ms": 600_000 }));
    job.until("the first line is saved", |job| job.checkpoint_saved_at.is_some());
    assert!(job.stop_and_wait().stopped, "the sleep of ten minutes ended at once");
    let view = job.show();
    assert_eq!((view.status, view.stop.map(|stop| stop.forced)), (Status::Stopped, Some(false)));
    assert_eq!(job.log().last().map(|line| (line.level, line.message.clone())), {
        Some((Level::Warn, "asked to stop before line 2".to_owned()))
    });

    job.resume(&json!({ "inputs": { "text": TEXT } })).expect(200);
    assert_eq!(job.ended().status, Status::Completed);
    assert_eq!(job.data(), [json!({ "lines": 4, "words": 6 })]);
    assert!(job.messages().contains(&format!("attempt 2 of {} begins at line 2 of 4", job.id)));
}

#[test]
fn it_goes_on_after_its_host_was_killed() {
    let mut host = Host::start();
    host.has(Guest::Javascript);
    let job = start(&host, &json!({ "text": TEXT.repeat(10), "pause_ms": 50 }));
    job.until("some lines are saved", |job| job.progress.is_some_and(|progress| progress.done >= 3));
    host.kill();
    host.start_again();
    let view = job.ended();
    assert_eq!((view.status, view.attempt), (Status::Completed, 2));
    let straight = start(&host, &json!({ "text": TEXT.repeat(10) }));
    straight.ended();
    assert_eq!(job.data(), straight.data());
}

#[test]
fn its_failures_and_its_schema_count() {
    let host = host();
    let job = start(&host, &json!({ "text": " \n " }));
    let view = job.ended();
    let error = view.error.expect("a failed job has an error");
    assert_eq!((view.status, error.code.as_str()), (Status::Failed, "guest-failed"));
    assert_eq!(error.message, "the text has no words");

    for (inputs, pointer) in [
        (json!({}), "/inputs"),
        (json!({ "text": 7 }), "/inputs/text"),
        (json!({ "text": "", "pause_ms": -1 }), "/inputs/pause_ms"),
        (json!({ "text": "", "more": 1 }), "/inputs"),
    ] {
        let body = json!({ "module_id": "javascript", "inputs": inputs });
        let problem = host.post("/v1/jobs", &body).problem(422, "schema_violation");
        assert!(problem.errors.iter().any(|error| error.pointer == pointer), "{problem:?}");
    }
}
