//! Limits: those of the host, and those of a module below them.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Guest, Host, JobView, Source, Status};

fn error_of(view: &JobView) -> (&str, &str) {
    let error = view.error.as_ref().expect("a failed job has an error");
    (&error.code, &error.message)
}

#[test]
fn a_job_that_used_up_its_time_on_a_processor_fails_and_can_be_resumed() {
    let host = Host::with(&["job.cpu_time=500ms"]);
    let job = host.hostile(json!({ "behaviour": "spin" }));
    let view = job.ended();
    assert_eq!(view.status, Status::Failed);
    assert_eq!(error_of(&view), ("cpu-limit", "the module used up its time on a processor"));
    assert!((500..5_000).contains(&view.usage.cpu_time_ms), "{:?}", view.usage);
    assert_eq!(view.limits["cpu_time"], "500ms");
    // Resumed by hand it has as much again.
    job.go_on();
    let view = job.ended();
    assert_eq!((view.attempt, error_of(&view).0), (2, "cpu-limit"));
    assert!(view.usage.cpu_time_ms >= 1_000, "{:?}", view.usage);
}

#[test]
fn waiting_costs_no_time_on_a_processor() {
    let host = Host::with(&["job.cpu_time=500ms"]);
    let job = host.hostile(json!({ "behaviour": "count", "to": 12, "pause_ms": 100 }));
    let view = job.ended();
    assert_eq!(view.status, Status::Completed, "{view:?}");
}

#[test]
fn the_time_on_a_processor_holds_over_attempts() {
    let mut host = Host::with(&["job.cpu_time=3s", "node.shutdown_grace=0s"]);
    let job = host.hostile(json!({ "behaviour": "spin" }));
    job.until("it has run for a second", |job| job.usage.run_time_ms > 1_500);
    assert!(host.terminate().success());
    host.start_again();
    let view = job.ended();
    assert_eq!((view.status, error_of(&view).0, view.attempt), (Status::Failed, "cpu-limit", 2));
    assert!((3_000..8_000).contains(&view.usage.cpu_time_ms), "both attempts count: {:?}", view.usage);
}

#[test]
fn limits_of_a_module_are_below_those_of_the_host_and_hold() {
    let host = Host::start();
    let limits = json!({ "memory": 32 << 20, "max_duration": "600ms", "cpu_time": "5s", "log_bytes": 1000,
        "result_bytes": 100, "checkpoint_bytes": 2000 });
    host.grant(Guest::Hostile, &json!({ "limits": limits }));
    let job = host.hostile(json!({ "behaviour": "eat_memory" }));
    let view = job.ended();
    assert_eq!(error_of(&view).0, "memory-limit");
    assert!(error_of(&view).1.contains("its limit of 32 MiB"), "{view:?}");
    assert_eq!((&view.limits["memory"], &view.limits["cpu_time"]), (&json!(32 << 20), &json!("5s")));
    let view = host.hostile(json!({ "behaviour": "sleep_for_ever" })).ended();
    assert_eq!(
        (view.status, view.stop.expect("it was stopped").reason),
        (Status::Stopped, "duration-limit".to_owned())
    );
    let over = json!({ "module_id": "hostile", "inputs": { "behaviour": "count" }, "max_duration": "1s" });
    let problem = host.post("/v1/jobs", &over).problem(422, "over_ceiling");
    assert!(problem.detail.contains("at most 600ms"), "{}", problem.detail);
    let job = host.hostile(json!({ "behaviour": "flood_log", "lines": 100 }));
    job.ended();
    let of_guest = job.log().into_iter().filter(|line| line.source == Source::Guest);
    assert!(of_guest.map(|line| line.message.len()).sum::<usize>() <= 1000);
    let job = host.hostile(json!({ "behaviour": "save_huge_result" }));
    job.ended();
    assert!(job.data().iter().all(|data| data.to_string().len() <= 150), "{:?}", job.data());
}

#[test]
fn results_and_checkpoints_wait_while_there_are_too_many_of_them() {
    let host = Host::with(&["job.result_rate=10", "job.checkpoint_rate=5"]);
    let job = host.hostile(json!({ "behaviour": "count", "to": 12, "pause_ms": 0 }));
    let view = job.ended();
    assert_eq!((view.status, view.results), (Status::Completed, 12), "{view:?}");
    // Five checkpoints are free, the others take a fifth of a second each.
    assert!(Duration::from_millis(view.usage.run_time_ms) >= Duration::from_millis(1_300), "{:?}", view.usage);
    let module: Value = host.get("/v1/modules/hostile").read(200);
    assert_eq!((&module["limits"]["result_rate"], &module["limits"]["checkpoint_rate"]), (&json!(10), &json!(5)));
}

#[test]
fn only_so_many_jobs_of_a_module_run_at_once_and_those_of_others_pass_them() {
    let host = Host::start();
    host.grant(Guest::Hostile, &json!({ "limits": { "jobs_concurrent": 2 } }));
    let start = || host.hostile(json!({ "behaviour": "sleep_for_ever" }));
    let jobs = [start(), start(), start(), start()];
    jobs[0].reaches(Status::Running);
    jobs[1].reaches(Status::Running);
    // What was started after them and has come to its end shows that the host looked at those that wait.
    host.has(Guest::Hello);
    let other = host.start_job(&json!({ "module_id": "hello", "inputs": { "name": "Ada" } }));
    assert_eq!(other.ended().status, Status::Completed);
    assert_eq!(jobs[2..].iter().map(|job| job.show().status).collect::<Vec<_>>(), [Status::Pending; 2]);
    jobs[0].stop_and_wait();
    jobs[2].reaches(Status::Running);
    assert_eq!(jobs[3].show().status, Status::Pending);
    host.grant(Guest::Hostile, &json!({}));
    jobs[3].reaches(Status::Running);
    let none = json!({ "limits": { "jobs_concurrent": 0 } });
    let problem = host.put("/v1/modules/hostile/grants", &none).problem(422, "grants_not_allowed");
    assert!(problem.detail.contains("/limits/jobs_concurrent"), "{}", problem.detail);
}
