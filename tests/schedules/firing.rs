//! When schedules fire, and what happens while an earlier job has not ended.

use serde_json::{Value, json};

use super::views::{Scheduled, assert_each_second};
use crate::harness::{Guest, Host, Request, Status};

#[test]
fn each_second_has_its_job_and_the_job_says_which_it_is() {
    let host = Host::start();
    let schedule = Scheduled::hello(&host, "each-second", "* * * * * *", json!({ "overlap": "allow" }));
    let runs = schedule.until(&host, "some occurrences", |runs| runs.len() >= 4);
    schedule.tell(&host, "pause");
    assert!(runs.iter().all(|run| run.outcome == "started" && !run.by_hand), "{runs:?}");
    let started = schedule.started(&host);
    assert_each_second(&started.iter().map(|by| by.scheduled_for.clone()).collect::<Vec<_>>());
    assert!(started.iter().all(|by| by.id == schedule.id && by.name == "each-second"), "{started:?}");
    let job = host.job(runs[0].job_id.as_deref().expect("it was started"));
    let view = job.ended();
    assert_eq!(
        (view.status, &view.schedule.expect("it says so").scheduled_for),
        (Status::Completed, &runs[0].scheduled_for)
    );
    // Paused: the same ones a moment later, though their time goes by.
    let shown = schedule.show(&host);
    assert_eq!((&shown["paused"], &shown["next_run_at"]), (&json!(true), &Value::Null));
    let before = schedule.runs(&host);
    let other = Scheduled::hello(&host, "another", "* * * * * *", json!({}));
    other.until(&host, "two seconds have gone by", |runs| runs.len() >= 2);
    assert_eq!(schedule.runs(&host), before);
    schedule.tell(&host, "resume");
    let after = schedule.until(&host, "it goes on", |runs| runs.len() > before.len());
    assert_eq!(after[before.len()].outcome, "started", "what came meanwhile was not missed: {after:?}");
}

#[test]
fn while_a_job_runs_the_next_occurrence_is_skipped_replaces_it_or_starts_beside_it() {
    let host = Host::start();
    host.has(Guest::Hostile);
    let job = json!({ "module_id": "hostile", "inputs": { "behaviour": "sleep_for_ever" }, "stop_grace": "100ms" });
    let of = |overlap: &str| Scheduled::of(&host, overlap, "* * * * * *", &job, json!({ "overlap": overlap }));
    let [skip, replace, allow] = ["skip", "replace", "allow"].map(of);
    let skipped = skip.until(&host, "two are skipped", |runs| runs.len() >= 3);
    assert_eq!(
        skipped.iter().map(|run| run.outcome.as_str()).take(3).collect::<Vec<_>>(),
        ["started", "skipped", "skipped"]
    );
    assert!(skipped.iter().all(|run| run.job_id == skipped[0].job_id), "the one that had not ended: {skipped:?}");
    let replaced = replace.until(&host, "two are replaced", |runs| runs.len() >= 3);
    for run in &replaced[..2] {
        let view = host.job(run.job_id.as_deref().expect("it was started")).ended();
        assert_eq!((view.status, view.stop.map(|stop| stop.reason)), (Status::Stopped, Some("requested".to_owned())));
    }
    let beside = allow.until(&host, "two more start", |runs| runs.len() >= 3);
    for run in &beside[..3] {
        host.job(run.job_id.as_deref().expect("it was started")).reaches(Status::Running);
    }
    // By hand, a job starts whatever runs.
    let by_hand: Value = host.send(Request::new("POST", &skip.path("/run"))).read(201);
    host.job(by_hand["id"].as_str().expect("an id")).reaches(Status::Running);
    let runs = skip.runs(&host);
    let run = runs.iter().find(|run| run.by_hand).expect("it is noted");
    assert_eq!((run.outcome.as_str(), run.job_id.as_deref()), ("started", by_hand["id"].as_str()));
}

#[test]
fn a_job_that_would_be_refused_is_noted_and_the_schedule_goes_on() {
    let host = Host::start();
    let schedule = Scheduled::hello(&host, "each-second", "* * * * * *", json!({ "overlap": "allow" }));
    schedule.until(&host, "one has started", |runs| !runs.is_empty());
    for run in schedule.started(&host) {
        assert_eq!(run.name, "each-second");
    }
    // Ended jobs do not keep a module.
    crate::harness::eventually("the module is removed between two jobs", || {
        (host.delete("/v1/modules/hello@0.1.0").status == 204).then_some(())
    });
    let runs = schedule.until(&host, "one is refused", |runs| runs.last().is_some_and(|run| run.outcome == "refused"));
    let problem = runs.last().and_then(|run| run.problem.as_deref()).expect("it says why");
    assert!(problem.contains("there is no module `hello`"), "{problem}");
    let refused = host.send(Request::new("POST", &schedule.path("/run"))).problem(422, "schedule_refused");
    assert!(refused.detail.contains("there is no module `hello`"), "{refused:?}");
    host.upload(&Guest::Hello.bytes()).expect(201);
    schedule.until(&host, "it starts again", |runs| runs.last().is_some_and(|run| run.outcome == "started"));
}
