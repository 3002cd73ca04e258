//! `cofferdam doctor --hostile`: that every row of its table is as it should be on a sound host, that it can fail, that
//! nothing stays behind, and that the documentation has the same table.

use std::collections::BTreeMap;
use std::time::Duration;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::cli::Program;
use crate::harness::{Host, Process, cofferdam, eventually};

/// Alone it takes some 20 s; here other tests run beside it.
const PATIENCE: Duration = Duration::from_mins(4);

/// The rows by name, and the summary below them.
fn visited(program: &Program) -> (BTreeMap<String, Value>, Value) {
    let mut lines = program.lines();
    let summary = lines.pop().expect("a summary");
    let name = |row: &Value| row["behaviour"].as_str().unwrap_or_else(|| panic!("a row: {row}")).to_owned();
    (lines.into_iter().map(|row| (name(&row), row)).collect(), summary)
}

/// Nothing of the visit is there any more.
#[track_caller]
fn assert_clean(host: &Host) {
    assert_eq!(host.get("/v1/modules").read::<Value>(200)["modules"], json!([]));
    assert_eq!(host.get("/v1/jobs").read::<Value>(200)["jobs"], json!([]));
    assert_eq!(host.status().nodes[0]["guest_memory_bytes"], 0);
}

#[test]
fn every_hostile_module_ends_as_the_table_says() {
    let host = Host::start();
    let program = Program::ask_patiently(&host, PATIENCE, &["doctor", "--hostile", "--json"]);
    let (rows, summary) = visited(&program);
    let wrong: Vec<_> = rows.values().filter(|row| row["ok"] != true).collect();
    assert!(wrong.is_empty(), "{wrong:#?}\n{summary:#}");
    assert!(rows.len() >= 100, "{} rows", rows.len());
    assert_eq!((&summary["ok"], &summary["rows_ok"]), (&json!(true), &json!(rows.len())));
    assert!(summary["honest_jobs"]["completed"].as_u64() >= Some(20), "{summary:#}");
    assert_eq!(summary["honest_jobs"]["failed"], json!([]));
    program.expect(0);
    assert_clean(&host);
    let log = host.stderr();
    assert!(!log.contains("panicked") && !log.contains("ERROR"), "{log}");
}

#[test]
fn a_lifted_limit_is_a_row_that_is_not_as_it_should_be() {
    let host = Host::with(&["job.memory=512MiB", "job.result=8MiB", "node.describe_time=1s"]);
    let rows = ["memory-to-the-limit", "eat-memory", "result-past-its-limit", "describe-spins", "unreachable"];
    let only: Vec<&str> = rows.iter().flat_map(|row| ["--only", *row]).collect();
    let program = Program::ask_patiently(&host, PATIENCE, &[&["doctor", "--hostile", "--json"], &only[..]].concat());
    let (rows, summary) = visited(&program);
    for (row, ok) in &rows {
        assert_eq!(ok["ok"], json!(row == "unreachable"), "{row}: {ok}");
    }
    assert_eq!(rows["memory-to-the-limit"]["seen"], "completed with 3, 4096, 4096");
    assert_eq!((rows.len(), &summary["rows_ok"], &summary["ok"]), (5, &json!(1), &json!(false)));
    program.expect(1);
    assert_clean(&host);
}

#[test]
fn ctrl_c_takes_everything_back() {
    let host = Host::start();
    let mut command = cofferdam(["doctor", "--hostile", "--only", "describe-spins", "--only", "spin"]);
    let process = Process::spawn(command.env("COFFERDAM_SERVER", format!("http://{}", host.address())));
    eventually("a hostile job runs", || {
        let jobs: Value = host.get("/v1/jobs?status=running").read(200);
        jobs["jobs"].as_array().is_some_and(|jobs| !jobs.is_empty()).then_some(())
    });
    process.signal(Signal::INT);
    let program = Program::of(process).expect(1);
    assert!(program.stderr.contains("broken off; what was uploaded is taken back"), "{}", program.stderr);
    assert_clean(&host);
}

#[test]
fn a_row_that_there_is_not_is_named() {
    Program::run(&["doctor", "--hostile", "--only", "spinn"]).refused(2, "the table has no row `spinn`");
    Program::run(&["doctor", "--hostile", "--server", "http://127.0.0.1:1"]).refused(1, "no server answers");
}

#[test]
fn the_documentation_has_the_whole_table() {
    let text = include_str!("../../docs/hostile-guests.md");
    let rows = Program::run(&["doctor", "--hostile", "--list", "--json"]).expect(0).lines();
    let cell = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let lines: Vec<_> = rows
        .iter()
        .map(|row| {
            let [attacks, does, expected] = ["attacks", "does", "expected"].map(|key| cell(row, key));
            format!("| `{}` | {attacks} | {does} | {expected} |", cell(row, "behaviour"))
        })
        .collect();
    let shown: Vec<_> = text.lines().filter(|line| line.starts_with("| `")).collect();
    let expected = lines.join("\n");
    assert!(shown == lines, "docs/hostile-guests.md should have exactly these rows:\n{expected}");
}
