//! Every hostile guest that there is at the same time, beside honest jobs: each ends as it should, and nobody is harmed.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::json;

use super::bounds::stop_of;
use crate::cli::Program;
use crate::harness::{Host, Job, JobView, Status, eventually};

/// Alone it takes half a minute; here other tests run beside it.
const PATIENCE: Duration = Duration::from_mins(5);
/// What guests may have together.
const GUESTS_MIB: u64 = 3 * 1024;
/// What the host may take besides: its own data, what is under way to the database, and what calls copy, of which each
/// of some hundred jobs may have one of up to 17 MiB open.
const HOST_MIB: u64 = 1024;
/// The bound on the 99th percentile in a debug build on a machine that runs other tests; `cargo xtask bench --only hostile`
/// holds the release build to 250 ms.
const P99_MS: f64 = 1_000.0;

/// How a behaviour of the Rust guest ends that has a second to run and, if it has to be forced, 300 ms to stop.
#[derive(Debug, PartialEq, Eq)]
enum End {
    Completed,
    Failed(&'static str),
    StoppedByItself,
    StoppedByForce,
}

/// A behaviour that is not here has no end that anybody thought of.
fn end_of(behaviour: &str) -> End {
    match behaviour {
        "spin"
        | "spin_after_stop_request"
        | "call_host_without_end"
        | "fill_memory"
        | "flood_log"
        | "flood_stdout"
        | "ignore_stop_request"
        | "park_in_wasi" => End::StoppedByForce,
        "sleep_for_ever" | "honour_stop_request" => End::StoppedByItself,
        "trap_unreachable" | "trap_out_of_bounds" | "panic" | "divide_by_zero" | "overflow_stack" | "exit"
        | "log_huge_line" => End::Failed("trap"),
        "eat_memory" => End::Failed("memory-limit"),
        // The last three find no folder.
        "fail_permanently" | "fail_retryably" | "use_folder" | "leave_folder" | "change_read_only_folder" => {
            End::Failed("guest-failed")
        }
        "eat_memory_and_return"
        | "log_odd_text"
        | "write_streams"
        | "save_huge_result"
        | "save_results_without_end"
        | "save_huge_checkpoint"
        | "save_many_checkpoints"
        | "save_invalid_results"
        | "save_invalid_checkpoints"
        | "save_deep_json"
        | "count"
        | "forget"
        | "report_progress_often"
        | "finish_unaware"
        | "open_files"
        | "read_environment"
        | "open_sockets"
        | "call_out"
        | "call_out_often"
        | "wait_for_answer"
        | "tell_secret" => End::Completed,
        other => panic!("no end is written down for `{other}`"),
    }
}

fn seen(view: &JobView) -> End {
    match (view.status, &view.error, stop_of(view)) {
        (Status::Completed, None, None) => End::Completed,
        (Status::Failed, Some(error), None) => {
            let known = ["trap", "memory-limit", "guest-failed"].into_iter().find(|code| *code == error.code);
            End::Failed(known.unwrap_or_else(|| panic!("{error:?}")))
        }
        (Status::Stopped, None, Some(("duration-limit", true))) => End::StoppedByForce,
        (Status::Stopped, None, Some(("duration-limit", false))) => End::StoppedByItself,
        _ => panic!("{view:?}"),
    }
}

macro_rules! names {
    ($($behaviour:ident: $theme:ident::$type:ident,)*) => { [$(stringify!($behaviour)),*] };
}

#[test]
fn every_hostile_guest_at_once_beside_honest_jobs_harms_nobody() {
    let host = Host::with(&[&format!("node.guest_memory={GUESTS_MIB}MiB")]);
    let behaviours = for_each_behaviour!(names);
    let start = |behaviour: &&'static str| {
        // What ends by itself, or stops by itself once it is told to, may take as long as a busy machine needs for it.
        let (limit, grace) = match end_of(behaviour) {
            End::StoppedByForce => ("1s", "300ms"),
            End::StoppedByItself => ("1s", "5m"),
            End::Completed | End::Failed(_) => ("5m", "300ms"),
        };
        let request = json!({ "stop_grace": grace, "max_duration": limit });
        (*behaviour, host.hostile_with(json!({ "behaviour": behaviour }), request))
    };
    let jobs: Vec<(&str, Job)> = behaviours.iter().map(start).collect();

    let program = Program::ask_patiently(&host, PATIENCE, &["doctor", "--hostile", "--json", "--at-once", "128"]);
    let lines = program.lines();
    let wrong: Vec<_> = lines.iter().filter(|line| line["ok"] != true).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let summary = lines.last().expect("a summary");
    assert!(summary["honest_jobs"]["completed"].as_u64() >= Some(20), "{summary:#}");
    assert!(summary["status_latency"]["p99_ms"].as_f64().is_some_and(|p99| p99 < P99_MS), "{summary:#}");
    assert_eq!(summary["status_latency"]["failed"], 0);

    for (behaviour, job) in &jobs {
        assert_eq!(seen(&job.ended()), end_of(behaviour), "{behaviour}");
    }
    eventually("all memory was given back", || (host.status().nodes[0]["guest_memory_bytes"] == 0).then_some(()));
    let peak_mib = host.memory_mib("VmHWM");
    assert!(peak_mib <= GUESTS_MIB + HOST_MIB, "the host had {peak_mib} MiB at its peak");
    let log = host.stderr();
    assert!(!log.contains("panicked") && !log.contains("ERROR"), "{log}");
}

#[test]
fn two_hundred_that_spin_keep_neither_the_heartbeat_nor_the_api_waiting() {
    let host = Host::start();
    for _ in 0..200 {
        host.hostile(json!({ "behaviour": "spin" }));
    }
    eventually("all of them run", || (host.status().jobs.running == 200).then_some(()));
    let (mut beats, since) = (BTreeSet::new(), Instant::now());
    let mut slowest = Duration::ZERO;
    while since.elapsed() < Duration::from_secs(4) {
        let asked = Instant::now();
        let status = host.status();
        slowest = slowest.max(asked.elapsed());
        beats.insert(status.nodes[0]["heartbeat_at"].to_string());
    }
    // A beat each second, on a machine that has 200 other things to do.
    assert!(beats.len() >= 2, "{beats:?}");
    assert!(slowest < Duration::from_secs(3), "the slowest answer took {slowest:?}");
}
