//! Honest jobs, the API and the memory beside modules that misbehave.

use std::time::{Duration, Instant};

use cofferdam_text_guest::TextGuest;
use serde_json::json;

use super::bounds::start;
use crate::harness::{Guest, Host, Job, Status, eventually};

/// What takes most of what it can get.
const HOSTILE: [&str; 6] =
    ["spin", "flood_log", "fill_memory", "ignore_stop_request", "flood_stdout", "eat_memory_and_return"];

fn median_status_time(host: &Host) -> Duration {
    let mut times: Vec<_> = (0..20)
        .map(|_| {
            let asked = Instant::now();
            host.status();
            asked.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}

#[test]
fn while_two_spin_the_api_answers() {
    let host = Host::start();
    let spinning = [(); 2].map(|()| start(&host, json!({ "behaviour": "spin" })));
    for job in &spinning {
        job.reaches(Status::Running);
    }
    let median = median_status_time(&host);
    assert!(median < Duration::from_millis(250), "the median of 20 answers was {median:?}");
    assert_eq!(host.status().jobs.running, 2);
    for job in &spinning {
        assert!(job.stop_and_wait().stopped);
    }
}

#[test]
fn honest_jobs_complete_beside_hostile_ones_and_all_memory_comes_back() {
    let host = Host::start();
    host.has(Guest::Hello);
    let hostile = HOSTILE.map(|behaviour| start(&host, json!({ "behaviour": behaviour })));
    let honest: Vec<Job> = (0..20)
        .map(|number| host.start_job(&json!({ "module_id": "hello", "inputs": { "name": number.to_string() } })))
        .collect();
    for (number, job) in honest.iter().enumerate() {
        assert_eq!(job.ended().status, Status::Completed);
        assert_eq!(job.data(), [json!({ "greeting": format!("Hello, {number}!") })]);
    }
    assert!(host.status().nodes[0]["guest_memory_bytes"].as_u64().is_some_and(|bytes| bytes > 0));
    for job in &hostile {
        assert!(job.stop_and_wait().status.is_ended());
    }
    eventually("all memory was given back", || (host.status().nodes[0]["guest_memory_bytes"] == 0).then_some(()));
    assert_eq!(host.status().jobs.running, 0);
}

#[test]
fn a_module_that_is_forced_while_it_eats_gives_all_back() {
    let host = Host::start();
    for behaviour in ["eat_memory", "fill_memory", "overflow_stack", "trap_unreachable", "exit", "park_in_wasi"] {
        let job = start(&host, json!({ "behaviour": behaviour }));
        job.until("it runs or has ended", |job| job.status != Status::Pending);
        job.stop_and_wait();
    }
    eventually("all memory was given back", || (host.status().nodes[0]["guest_memory_bytes"] == 0).then_some(()));
}

/// Descends 4,000 calls, which touch most of its stack, and fills 8 MiB.
const TOUCHES: &str = "(drop (call $deep (i32.const 4000)))
    (drop (memory.grow (i32.const 128))) (memory.fill (i32.const 131072) (i32.const 1) (i32.const 8388608))";
const DEEP: &str = "(func $deep (param $n i32) (result i32)
    (if (result i32) (local.get $n)
      (then (i32.add (i32.const 1) (call $deep (i32.sub (local.get $n) (i32.const 1)))))
      (else (i32.const 0))))";

#[test]
fn resident_memory_is_flat_however_many_jobs_have_run() {
    let host = Host::with(&["node.slots=16"]);
    let guest = TextGuest { run: TOUCHES.to_owned(), ..TextGuest::named("touches-much") }.with_fields(DEEP);
    host.upload(&guest.component()).expect(201);
    let run = |jobs: u64, all: u64| {
        for _ in 0..jobs {
            host.start_job(&json!({ "module_id": "touches-much" }));
        }
        eventually("all have completed", || (host.status().jobs.completed == all).then_some(()));
        host.memory_mib("VmRSS")
    };
    let first = run(200, 200);
    let last = run(600, 800);
    assert!(last <= first + 48, "{first} MiB after 200 jobs, {last} MiB after 800");
}
