//! `cofferdam run`: a module in the program's own process, without a server.

use rustix::process::Signal;
use serde_json::{Value, json};

use super::Program;
use crate::harness::{Guest, Process, cofferdam};

fn path(guest: Guest) -> String {
    guest.path().display().to_string()
}

#[track_caller]
fn run(guest: Guest, arguments: &[&str]) -> Program {
    Program::run(&[&["run", &path(guest)], arguments].concat())
}

fn hostile(inputs: &Value, arguments: &[&str]) -> Process {
    let (module, inputs) = (path(Guest::Hostile), inputs.to_string());
    Process::spawn(&mut cofferdam([&["run", &module, "--inputs", &inputs], arguments].concat()))
}

#[test]
fn results_go_to_stdout_as_json_lines_and_the_log_to_stderr() {
    let ran = run(Guest::Hello, &["--inputs", r#"{"name": "Ada"}"#, "--settings", r#"{"greeting": "Hi"}"#]).expect(0);
    assert_eq!(ran.lines(), [json!({"greeting": "Hi, Ada!"})]);
    assert!(ran.stderr.contains("Hi, Ada!") && ran.stderr.contains("completed"), "{}", ran.stderr);
}

#[test]
fn several_results_keep_their_order() {
    let ran = Program::of(hostile(&json!({"behaviour": "count", "to": 50}), &[])).expect(0);
    let numbers: Vec<_> = ran.lines().iter().map(|line| line["n"].as_u64().expect("a number")).collect();
    assert!(numbers.into_iter().eq(1..=50), "{}", ran.stdout);
}

#[test]
fn inputs_and_checkpoints_can_come_from_files() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let inputs = folder.path().join("inputs.json");
    std::fs::write(&inputs, r#"{"behaviour": "count", "to": 5}"#).expect("a file");
    let given = format!("@{}", inputs.display());
    let ran = run(Guest::Hostile, &["--inputs", &given, "--checkpoint", r#"{"n": 3, "attempt": 1}"#]).expect(0);
    let numbers: Vec<_> = ran.lines().iter().map(|line| line["n"].clone()).collect();
    assert_eq!(numbers, [4, 5]);
    run(Guest::Hello, &["--inputs", "@/nowhere/inputs.json"]).refused(2, "/nowhere/inputs.json");
}

#[test]
fn a_failed_job_ends_with_1_and_says_why() {
    let ran =
        Program::of(hostile(&json!({"behaviour": "fail_permanently", "message": "no rows at all"}), &[])).expect(1);
    assert!(ran.stderr.contains("no rows at all"), "{}", ran.stderr);
    let ran = Program::of(hostile(&json!({"behaviour": "panic"}), &[])).expect(1);
    assert!(ran.stderr.contains("trap"), "{}", ran.stderr);
}

#[test]
fn a_job_stopped_by_its_duration_limit_ends_with_3() {
    let ran = Program::of(hostile(&json!({"behaviour": "sleep_for_ever"}), &["--max-duration", "500ms"])).expect(3);
    assert!(ran.stderr.contains("Duration limit reached") && ran.stderr.contains("stopped"), "{}", ran.stderr);
}

#[test]
fn ctrl_c_asks_the_module_to_stop_and_keeps_its_results() {
    let process = hostile(&json!({"behaviour": "honour_stop_request"}), &[]);
    process.stderr_line("it waits", |line| line.contains("waiting for a stop request"));
    process.signal(Signal::INT);
    let ran = Program::of(process).expect(3);
    assert_eq!(ran.lines(), [json!({"seen_by_attempt": 1})]);
    assert!(ran.stderr.contains("asked to stop") && ran.stderr.contains("stopped"), "{}", ran.stderr);
}

#[test]
fn a_second_ctrl_c_forces_a_module_that_does_not_listen() {
    let inputs = json!({"behaviour": "honour_stop_request", "dally_ms": 600_000});
    let process = hostile(&inputs, &["--set", "job.stop_grace=10m"]);
    process.stderr_line("it waits", |line| line.contains("waiting for a stop request"));
    process.signal(Signal::INT);
    process.stderr_line("it dallies", |line| line.contains("asked to stop"));
    process.signal(Signal::INT);
    Program::of(process).expect(3);
}

#[test]
fn wrong_usage_ends_with_2_before_anything_runs() {
    let hello = path(Guest::Hello);
    for (arguments, words) in [
        (vec!["run"], "MODULE"),
        (vec!["run", &hello, "--inputs", "{"], "not valid JSON"),
        (vec!["run", &hello, "--inputs", "[1]"], "object"),
        (vec!["run", &hello, "--max-duration", "soon"], "soon"),
        (vec!["run", &hello, "--unknown"], "--unknown"),
        (vec!["walk"], "walk"),
        (vec!["job", "show", "not-an-id"], "not-an-id"),
    ] {
        let refused = Program::run(&arguments).expect(2);
        assert!(refused.stderr.contains(words) && refused.stdout.is_empty(), "{arguments:?}: {}", refused.stderr);
    }
}

#[test]
fn what_cannot_run_ends_with_1_and_the_reason() {
    run(Guest::PrimeCount, &["--inputs", r#"{"limit": "many"}"#]).refused(1, "/inputs/limit");
    Program::run(&["run", "/nowhere/module.wasm"]).refused(2, "/nowhere/module.wasm");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text = folder.path().join("module.wasm");
    std::fs::write(&text, "hello").expect("a file");
    Program::run(&["run", &text.display().to_string()]).refused(1, "not WebAssembly");
}

#[test]
fn json_gives_each_result_as_the_api_does() {
    let ran = Program::of(hostile(&json!({"behaviour": "count", "to": 2}), &["--json"])).expect(0);
    let lines = ran.lines();
    assert_eq!(lines.len(), 2);
    assert_eq!((&lines[1]["seq"], &lines[1]["attempt"], &lines[1]["data"]["n"]), (&json!(2), &json!(1), &json!(2)));
}
