//! Limits of a node: what happens when all jobs together want more than there is.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use cofferdam_text_guest::{TextGuest, with_core_module};
use serde_json::json;

use crate::harness::{Host, Job, Status};

#[test]
fn no_more_jobs_run_at_once_than_there_are_slots() {
    let host = Host::with(&["node.slots=2"]);
    let inputs = json!({ "behaviour": "finish_unaware", "work_ms": 300 });
    let jobs: Vec<Job> = (0..6).map(|_| host.hostile(inputs.clone())).collect();
    let mut most = 0;
    loop {
        let counts = host.status().jobs;
        most = most.max(counts.running);
        if counts.completed == 6 {
            break;
        }
        assert_eq!(counts.failed + counts.stopped, 0, "nothing fails for want of a slot");
        thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(most, 2);
    for job in &jobs {
        let view = job.show();
        assert_eq!((view.status, view.attempt), (Status::Completed, 1));
    }
}

#[test]
fn when_the_pool_of_memories_is_used_up_the_claim_goes_back_uncounted() {
    // Four memories each, for sixteen slots, are more than the pool's two for each slot and each spare instance.
    let host = Host::with(&["node.slots=16"]);
    let component = TextGuest { run: "(call $sleep (i64.const 1500))".to_owned(), ..TextGuest::named("four-memories") };
    let component = (0..3).fold(component.component(), |bytes, _| with_core_module(bytes, "(module (memory 1))"));
    host.upload(&component).expect(201);
    let jobs: Vec<Job> = (0..16).map(|_| host.start_job(&json!({ "module_id": "four-memories" }))).collect();
    for job in &jobs {
        let view = job.ended();
        assert_eq!((view.status, view.attempt, view.error), (Status::Completed, 1, None));
    }
    let starts: BTreeSet<_> = jobs.iter().map(|job| job.show().finished_at.expect("it has ended")).collect();
    let (first, last) = (starts.first().expect("some"), starts.last().expect("some"));
    assert_ne!(first[..19], last[..19], "all sixteen ran at once: the pool was never used up");
}

#[test]
fn the_guests_of_a_node_have_a_limit_of_memory_together() {
    let host = Host::with(&["node.guest_memory=64MiB"]);
    let job = host.hostile(json!({ "behaviour": "eat_memory" }));
    let view = job.ended();
    let error = view.error.expect("a failed job has an error");
    assert_eq!((view.status, error.code.as_str()), (Status::Failed, "memory-limit"));
    let told = "the modules of this host together reached their limit of 64 MiB of memory";
    assert!(error.message.starts_with(told), "{error:?}");

    // More than nine tenths are taken: the next job waits until they are given back.
    let greedy = host.hostile(json!({ "behaviour": "fill_memory", "mebibytes": 60 }));
    greedy.says("filling 60 MiB for ever");
    let next = host.hostile(json!({ "behaviour": "count" }));
    thread::sleep(Duration::from_millis(1_700));
    assert_eq!(next.show().status, Status::Pending, "looked for more than the poll's longest interval");
    greedy.stop_and_wait();
    let view = next.ended();
    assert_eq!((view.status, view.attempt), (Status::Completed, 1));
    let node = &host.status().nodes[0];
    assert_eq!((&node["guest_memory_bytes"], &node["guest_memory_budget_bytes"]), (&json!(0), &json!(64 << 20)));
}

#[test]
fn a_ceiling_on_run_time_holds_for_jobs_that_ask_for_none() {
    let host = Host::with(&["job.max_duration=300ms"]);
    let job = host.hostile(json!({ "behaviour": "sleep_for_ever" }));
    assert_eq!(job.show().max_duration.as_deref(), Some("300ms"));
    let view = job.ended();
    assert_eq!(view.stop.map(|stop| stop.reason), Some("duration-limit".to_owned()));
}

#[test]
fn progress_is_written_a_few_times_a_second_at_most() {
    let host = Host::start();
    let job = host.hostile(json!({ "behaviour": "report_progress_often", "times": 100_000_000_000_u64 }));
    job.until("it reports", |job| job.progress.is_some());
    let since = Instant::now();
    let mut seen = BTreeSet::new();
    while since.elapsed() < Duration::from_secs(2) {
        seen.extend(job.show().progress.map(|progress| progress.done));
        thread::sleep(Duration::from_millis(2));
    }
    let quarters = since.elapsed().as_millis() / 250;
    assert!(seen.len() >= 2 && seen.len() as u128 <= quarters + 2, "{} values in {quarters} quarters", seen.len());
    assert!(job.stop_and_wait().stopped);
}
