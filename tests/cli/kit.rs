//! `cofferdam test`: cases, golden files, and modules that are killed at their checkpoints.

use std::fs;
use std::path::Path;

use rustix::process::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::Program;
use crate::harness::{Guest, Process, cofferdam};

/// A folder of cases.
struct Cases(TempDir);

impl Cases {
    fn of(cases: &[(&str, Value)]) -> Self {
        let this = Self(tempfile::tempdir().expect("a temporary folder"));
        for (name, case) in cases {
            this.write(&format!("{name}.json"), &case.to_string());
        }
        this
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).expect("a file");
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn test(&self, guest: Guest, arguments: &[&str]) -> Program {
        let (module, cases) = (guest.path().display().to_string(), self.path().display().to_string());
        Program::run(&[&["test", &module, "--cases", &cases], arguments].concat())
    }
}

fn count(to: u64) -> Value {
    // A result names its attempt, which is another one after a kill.
    json!({"inputs": {"behaviour": "count", "to": to}, "ignore": ["/attempt"], "expect": {"status": "completed"}})
}

fn forget(inputs: &Value) -> Value {
    let mut case = json!({"inputs": {"behaviour": "forget", "to": 6}, "expect": {"status": "completed"}});
    case["inputs"].as_object_mut().expect("an object").extend(inputs.as_object().expect("an object").clone());
    case
}

#[test]
fn cases_that_pass_have_a_line_each_with_what_they_used() {
    let cases = Cases::of(&[
        (
            "greets",
            json!({"inputs": {"name": "Ada"}, "settings": {"greeting": "Hi"},
                "expect": {"status": "completed", "results": [{"greeting": "Hi, Ada!"}], "log": ["Ada"]}}),
        ),
        ("world", json!({"name": "greets the world", "expect": {"status": "completed"}})),
    ]);
    let told = cases.test(Guest::Hello, &[]).expect(0).stdout;
    let lines: Vec<_> = told.lines().collect();
    assert!(lines[0].starts_with("passed greets  ") && lines[1].starts_with("passed greets the world  "), "{told}");
    for words in [": completed, ran ", " on a processor, ", "iB at most; 1 result, 1 log line, 0 checkpoints"] {
        assert!(lines[0].contains(words), "not `{words}`: {told}");
    }
    assert_eq!(lines[2], "2 passed, 0 failed");
}

#[test]
fn a_module_that_goes_on_well_from_each_checkpoint_passes() {
    let cases = Cases::of(&[("counts", count(10))]);
    // The settings' ceiling goes for the killed run, too.
    let arguments = ["--json", "--set", "job.max_duration=20s"];
    let verdict = cases.test(Guest::Hostile, &arguments).expect(0).lines().remove(0);
    assert_eq!(verdict["checkpoint_check"], json!({"kills": 10, "of": 10, "failure": null}));
    assert_eq!(
        (&verdict["name"], &verdict["passed"], &verdict["failures"]),
        (&json!("counts"), &json!(true), &json!([]))
    );
    let run = &verdict["run"];
    assert_eq!((&run["results"], &run["log_lines"], &run["checkpoints"]), (&json!(10), &json!(11), &json!(10)));
    assert_eq!(run["status"], "completed");
}

#[test]
fn a_checkpoint_that_forgets_is_found_and_named() {
    let cases = Cases::of(&[("forgets", forget(&json!({"remembers": 2})))]);
    let told = cases.test(Guest::Hostile, &[]).expect(1).stdout;
    assert!(told.starts_with("failed forgets") && told.ends_with("0 passed, 1 failed\n"), "{told}");
    let expected = r#"checkpoints: what follows from checkpoint 3, {"n":3}, differs: result 4 was {"n":4,"sum":4}, undisturbed {"n":4,"sum":10} (they differ at /sum): does the checkpoint hold everything that the rest of the run needs?"#;
    assert!(told.contains(expected), "{told}");
    cases.test(Guest::Hostile, &["--no-checkpoint-check"]).expect(0);
    let mut left_out = forget(&json!({}));
    left_out["interrupt"] = json!(false);
    let verdict = Cases::of(&[("left-out", left_out)]).test(Guest::Hostile, &["--json"]).expect(0).lines().remove(0);
    assert_eq!((&verdict["checkpoint_check"], &verdict["run"]["checkpoints"]), (&Value::Null, &json!(6)));
}

#[test]
fn a_module_whose_runs_differ_by_themselves_is_not_blamed_for_its_checkpoints() {
    let mut case = forget(&json!({"remembers": 100, "stamped": true}));
    let told = Cases::of(&[("stamped", case.clone())]).test(Guest::Hostile, &[]).expect(1).stdout;
    assert!(told.contains("two undisturbed runs differ") && told.contains(r#""ignore": ["#), "{told}");
    assert!(!told.contains("what follows from checkpoint"), "{told}");
    case["ignore"] = json!(["/stamp"]);
    Cases::of(&[("stamped", case)]).test(Guest::Hostile, &[]).expect(0);
}

#[test]
fn a_module_with_very_many_checkpoints_is_killed_at_some_of_them_and_it_says_at_how_many() {
    let many =
        json!({"inputs": {"behaviour": "save_many_checkpoints", "count": 500}, "expect": {"status": "completed"}});
    let cases = Cases::of(&[("many", many)]);
    let told = cases.test(Guest::Hostile, &["--kills", "7"]).expect(0).stdout;
    assert!(told.contains("500 checkpoints, killed at 7 of 500"), "{told}");
    let verdict = cases.test(Guest::Hostile, &["--json"]).expect(0).lines().remove(0);
    assert_eq!(verdict["checkpoint_check"], json!({"kills": 100, "of": 500, "failure": null}));
}

#[test]
fn the_example_modules_go_on_well_from_each_checkpoint() {
    let primes = json!({"inputs": {"limit": 3_000_000}, "settings": {"segment_size": 65536, "checkpoint_every": 4},
        "expect": {"status": "completed"}});
    let rows: Vec<_> = (0..100).map(|n| format!("{n},{}", n % 7)).collect();
    let table = json!({"inputs": {"csv": format!("a,b\n{}", rows.join("\n"))}, "settings": {"checkpoint_every": 10},
        "expect": {"status": "completed"}});
    for (guest, case) in [(Guest::PrimeCount, primes), (Guest::CsvProfile, table)] {
        let verdict = Cases::of(&[("example", case)]).test(guest, &["--json"]).expect(0).lines().remove(0);
        let check = &verdict["checkpoint_check"];
        assert!(check["kills"].as_u64() > Some(2) && check["kills"] == check["of"], "{verdict}");
    }
}

#[test]
fn golden_files_are_made_compared_and_made_again() {
    let mut case = count(3);
    case["expect"]["results"] = json!({"golden": "counts.results.jsonl"});
    let cases = Cases::of(&[("counts", case)]);
    let golden = cases.path().join("counts.results.jsonl");
    let told = cases.test(Guest::Hostile, &[]).expect(1).stdout;
    assert!(told.contains("counts.results.jsonl` is not there; --update makes it"), "{told}");
    let told = cases.test(Guest::Hostile, &["--update"]).expect(0).stdout;
    assert!(told.contains("updated ") && told.contains("counts.results.jsonl"), "{told}");
    let results = "{\"n\":1,\"attempt\":1}\n{\"n\":2,\"attempt\":1}\n{\"n\":3,\"attempt\":1}\n";
    assert_eq!(fs::read_to_string(&golden).expect("the file"), results);
    let told = cases.test(Guest::Hostile, &["--update"]).expect(0).stdout;
    assert!(!told.contains("updated "), "the same is not written again: {told}");
    cases.write("counts.results.jsonl", "{\"n\": 1}\n\n{\"n\": 5}\n{\"n\": 3}\n{\"n\": 4}\n");
    let told = cases.test(Guest::Hostile, &[]).expect(1).stdout;
    for words in ["results: expected 4, found 3", "result 2 at /n: expected 5, found 2", "result 4 is missing"] {
        assert!(told.contains(words), "not `{words}`: {told}");
    }
    cases.write("counts.results.jsonl", "{\"n\": 1}\n[2]\n");
    let told = cases.test(Guest::Hostile, &[]).expect(1).stdout;
    assert!(told.contains("golden: line 2 of ") && told.contains("a JSON object is needed"), "{told}");
}

#[test]
fn a_run_that_ends_otherwise_than_expected_writes_no_golden_file() {
    let golden = json!({"golden": "x.jsonl"});
    let case = json!({"inputs": {"behaviour": "panic"}, "expect": {"status": "completed", "results": golden}});
    let cases = Cases::of(&[("panics", case)]);
    let told = cases.test(Guest::Hostile, &["--update"]).expect(1).stdout;
    assert!(told.contains("status: expected completed, found failed: trap: ") && told.contains("log: "), "{told}");
    assert!(!cases.path().join("x.jsonl").exists());
}

#[test]
fn failures_stops_errors_logs_and_checkpoints_can_be_expected() {
    let fails = json!({"behaviour": "fail_permanently", "message": "no rows at all"});
    let stops = json!({"behaviour": "sleep_for_ever"});
    let counts = json!({"behaviour": "count", "to": 5});
    let right = [
        ("fails", json!({"inputs": fails, "expect": {"status": "failed", "error": "no rows", "results": []}})),
        (
            "stops",
            json!({"inputs": stops, "max_duration": "300ms", "expect": {"status": "stopped", "log": ["Duration limit"]}}),
        ),
        (
            "counts",
            json!({"inputs": counts, "checkpoint": {"n": 3, "attempt": 0}, "ignore": ["/attempt"],
                "expect": {"status": "completed", "results": [{"n": 4}, {"n": 5}], "checkpoint": {"n": 5}}}),
        ),
    ];
    let told = Cases::of(&right).test(Guest::Hostile, &[]).expect(0).stdout;
    assert!(told.ends_with("3 passed, 0 failed\n"), "{told}");
    let wrong = [
        ("fails", json!({"inputs": fails, "expect": {"status": "failed", "error": "no columns"}})),
        (
            "counts",
            json!({"inputs": counts, "interrupt": false,
                "expect": {"status": "completed", "log": ["six"], "checkpoint": {"n": 6, "attempt": 1}}}),
        ),
        ("saves nothing", json!({"inputs": fails, "expect": {"status": "failed", "checkpoint": {}}})),
        ("takes nothing", json!({"inputs": {"behaviour": "unheard of"}, "expect": {"status": "completed"}})),
    ];
    let told = Cases::of(&wrong).test(Guest::Hostile, &[]).expect(1).stdout;
    for words in [
        "error: expected a message with `no columns`, found failed: guest-failed: no rows at all",
        "log: no line contains `six`",
        "checkpoint at /n: expected 6, found 5",
        "checkpoint: none was saved",
        "the job was not started: ",
        "- /inputs: ",
        "0 passed, 4 failed",
    ] {
        assert!(told.contains(words), "not `{words}`: {told}");
    }
}

#[test]
fn every_case_that_cannot_be_read_is_told_before_anything_runs() {
    let cases = Cases::of(&[("right", count(1)), ("wrong", json!({"expect": {"status": "done"}}))]);
    cases.write("unknown.json", r#"{"expect": {"status": "completed", "resluts": []}}"#);
    cases.write("broken.json", "{\"inputs\": {},\n");
    let told = cases.test(Guest::Hostile, &[]).expect(2);
    assert!(told.stdout.is_empty() && told.stderr.starts_with("error: 3 cases cannot be read:"), "{}", told.stderr);
    for words in [
        "wrong.json: `expect.status`: unknown variant `done`, expected one of `completed`, `failed`, `stopped`",
        "unknown.json: `expect.resluts`: unknown field `resluts`, expected one of `status`, `error`, `results`",
        "broken.json: not valid JSON: EOF while parsing",
    ] {
        assert!(told.stderr.contains(words), "not `{words}`: {}", told.stderr);
    }
}

#[test]
fn cases_are_chosen_by_name_and_by_file() {
    let cases = Cases::of(&[("one", count(1)), ("two", count(2)), ("three", count(3))]);
    let names = |program: Program| program.lines().iter().map(|line| line["name"].clone()).collect::<Vec<_>>();
    assert_eq!(names(cases.test(Guest::Hostile, &["--json", "--filter", "t"]).expect(0)), ["three", "two"]);
    cases
        .test(Guest::Hostile, &["--filter", "four"])
        .refused(2, "no case has `four` in its name; there are: one, three, two");
    let file = |name: &str| cases.path().join(name).display().to_string();
    let (module, two, one) = (Guest::Hostile.path().display().to_string(), file("two.json"), file("one.json"));
    assert_eq!(names(Program::run(&["test", &module, "--json", "--cases", &two, &one]).expect(0)), ["two", "one"]);
    Program::run(&["test", &module, "--cases", "/nowhere"]).refused(2, "/nowhere");
    Program::run(&["test", "--cases", &one, &module]).refused(2, "the module stands before --cases");
    Cases::of(&[]).test(Guest::Hostile, &[]).refused(2, "there are no cases in");
    for arguments in [["--kills", "0"], ["--kills", "many"]] {
        cases.test(Guest::Hostile, &arguments).expect(2);
    }
}

#[test]
fn without_arguments_the_built_module_and_the_usual_folder_are_taken() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let test = || Program::of(Process::spawn(cofferdam(["test"]).current_dir(folder.path())));
    test().refused(2, "the cases `tests/cases` cannot be read");
    let cases = folder.path().join("tests/cases");
    fs::create_dir_all(&cases).expect("a folder");
    fs::write(cases.join("world.json"), r#"{"expect": {"status": "completed"}}"#).expect("a file");
    test().refused(2, "there is no module to test");
    let built = folder.path().join("target/wasm32-wasip2/release");
    fs::create_dir_all(&built).expect("a folder");
    fs::write(built.join("hello.wasm"), Guest::Hello.bytes()).expect("a file");
    let told = test().expect(0).stdout;
    assert!(told.starts_with("passed world") && told.ends_with("1 passed, 0 failed\n"), "{told}");
    fs::write(folder.path().join("other.wasm"), Guest::Hello.bytes()).expect("a file");
    test().refused(2, "there are several modules: ");
}

#[test]
fn a_module_that_no_host_takes_is_refused_with_the_reason() {
    let cases = Cases::of(&[("world", json!({"expect": {"status": "completed"}}))]);
    cases.write("module.wasm", "hello");
    let place = |name: &str| cases.path().join(name).display().to_string();
    let refused = Program::run(&["test", &place("module.wasm"), "--cases", &place("world.json")]);
    assert!(refused.stderr.contains("cofferdam inspect "), "{}", refused.stderr);
    refused.refused(1, "not WebAssembly");
}

#[test]
fn ctrl_c_ends_a_case_that_does_not_end_and_leaves_nothing_behind() {
    let spins = json!({"inputs": {"behaviour": "spin"}, "expect": {"status": "stopped"}});
    let cases = Cases::of(&[("a", count(1)), ("b", spins)]);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (module, place) = (Guest::Hostile.path().display().to_string(), cases.path().display().to_string());
    let mut command = cofferdam(["test", &module, "--cases", &place]);
    let process = Process::spawn(command.env("TMPDIR", folder.path()));
    process.stdout_line("the first case", |line| line.starts_with("passed a"));
    process.signal(Signal::INT);
    let told = Program::of(process).expect(1);
    assert!(told.stderr.contains("interrupted"), "{}", told.stderr);
    assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 0);
}
