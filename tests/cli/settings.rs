//! `cofferdam serve`: what it prints, and where its settings come from.

use std::path::Path;

use rustix::process::Signal;
use serde_json::{Value, json};

use super::Program;
use crate::harness::{Guest, Host, Process, cofferdam, eventually};

/// A settings file in a folder of its own.
fn settings_file(folder: &Path, text: &str) -> String {
    let file = folder.join("settings.toml");
    std::fs::write(&file, text).expect("a file");
    file.display().to_string()
}

/// What `serve --print-config` shows of a key, with a file, a variable and a flag, where given.
fn shown(key: &str, file: Option<&str>, variable: Option<(&str, &str)>, flag: Option<&str>) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut command = cofferdam(["serve", "--print-config"]);
    if let Some(text) = file {
        command.args(["--config", &settings_file(folder.path(), text)]);
    }
    if let Some((name, value)) = variable {
        command.env(name, value);
    }
    if let Some(flag) = flag {
        command.args(["--set", flag]);
    }
    let printed = Program::of(Process::spawn(&mut command)).expect(0).stdout;
    let (_, name) = key.split_once('.').expect("a table's key");
    let line = printed.lines().find(|line| line.trim_start_matches("# ").starts_with(&format!("{name} =")));
    line.unwrap_or_else(|| panic!("no `{name}` in {printed}")).to_owned()
}

#[test]
fn serve_prints_where_it_listens_and_nothing_else_on_stdout() {
    let mut host = Host::start();
    let address = host.address();
    host.get("/healthz").expect(200);
    assert!(host.terminate().success());
    assert_eq!(host.process().stdout(), format!("listening on http://{address}\n"));
}

#[test]
fn a_flag_wins_over_the_environment_and_that_over_the_file_and_that_over_the_default() {
    let file = Some("[node]\nslots = 11\n");
    let variable = Some(("COFFERDAM_NODE_SLOTS", "12"));
    for (line, expected) in [
        (shown("node.slots", None, None, None), "512"),
        (shown("node.slots", file, None, None), "11"),
        (shown("node.slots", file, variable, None), "12"),
        (shown("node.slots", file, variable, Some("node.slots=13")), "13"),
    ] {
        assert!(line.contains(expected), "not {expected}: {line}");
    }
}

#[test]
fn what_is_set_is_what_the_host_does() {
    let host = Host::with(&["node.slots=7", "job.memory=32 MiB"]);
    assert_eq!(host.status().nodes[0]["slots"], 7);
    host.has(crate::harness::Guest::Hello);
    let module: crate::harness::ModuleView = host.get("/v1/modules/hello").read(200);
    assert_eq!(module.limits["memory"], 32 << 20);
}

#[test]
fn an_unknown_key_is_an_error_wherever_it_stands() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = settings_file(folder.path(), "[job]\nmemroy = \"1 GiB\"\n");
    let wrong = Program::run(&["serve", "--config", &file]);
    assert!(wrong.stderr.contains(&file) && wrong.stderr.contains("did you mean `job.memory`"), "{}", wrong.stderr);
    wrong.refused(2, "job.memroy");
    Program::run(&["serve", "--set", "node.slot=1"]).refused(2, "did you mean `node.slots`");
    let mut command = cofferdam(["serve"]);
    let wrong = Process::spawn(command.env("COFFERDAM_JOB_MEMROY", "1 GiB"));
    Program::of(wrong).refused(2, "COFFERDAM_JOB_MEMORY");
}

#[test]
fn a_value_that_does_not_fit_is_an_error_with_its_place_and_what_would_be_right() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = settings_file(folder.path(), "[job]\nmemory = \"lots\"\n");
    let wrong = Program::run(&["serve", "--config", &file]);
    assert!(wrong.stderr.contains(&file) && wrong.stderr.contains("256 MiB"), "{}", wrong.stderr);
    wrong.refused(2, "`lots`");
    Program::run(&["serve", "--set", "node.slots=0"]).refused(2, "node.slots");
    Program::run(&["serve", "--listen", "nowhere"]).refused(2, "127.0.0.1:7171");
    Program::run(&["serve", "--database", "mysql://db/jobs"]).refused(2, "postgres://user@host/database");
    Program::run(&["serve", "--config", "/nowhere/settings.toml"]).refused(2, "/nowhere/settings.toml");
}

#[test]
fn help_shows_an_example_and_the_version_stands_alone() {
    for arguments in [&["--help"][..], &["serve", "--help"], &["run", "--help"], &["job", "start", "--help"]] {
        let help = Program::run(arguments).expect(0).stdout;
        assert!(help.contains("Example") && help.contains("cofferdam "), "{arguments:?}: {help}");
    }
    assert_eq!(Program::run(&["--version"]).expect(0).stdout, "cofferdam 0.1.0\n");
}

#[test]
fn a_check_tells_what_a_start_would_say_and_what_is_chosen() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = settings_file(folder.path(), "[job]\nmemory = \"64 MiB\"\n");
    let right = Program::run(&["config", "check", &file]).expect(0).stdout;
    assert!(right.contains("job.memory") && right.contains("64 MiB") && right.contains(&file), "{right}");
    let json = Program::run(&["config", "check", &file, "--json"]).expect(0).stdout;
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["changed"][0]["key"], "job.memory");

    let key = folder.path().join("secrets.key");
    std::fs::write(&key, "no key").expect("a file");
    let key_file = format!("secrets.key_file={}", key.display());
    for (set, sentence) in [
        ("job.memory=17 TiB", "job.memory"),
        ("listen=0.0.0.0:7171", "nothing encrypts"),
        (key_file.as_str(), "chmod 600"),
    ] {
        Program::run(&["config", "check", "--set", set]).refused(2, sentence);
    }
    Program::run(&["config", "check", "/nowhere/cofferdam.toml"]).refused(2, "cannot be read");
}

#[test]
fn the_example_is_a_settings_file_and_is_what_a_host_does_without_one() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let example = Program::run(&["config", "example"]).expect(0).stdout;
    let file = settings_file(folder.path(), &example);
    let shown = |arguments: &[&str]| {
        let mut command = cofferdam(arguments);
        // What the harness chose for every host.
        command.env_remove("COFFERDAM_SANDBOX_CACHE_DIR");
        Program::of(Process::spawn(&mut command)).expect(0).stdout
    };
    assert_eq!(shown(&["config", "check", &file]), "the settings are right; all have their defaults\n");
    let lines = shown(&["config", "show", "--config", &file]).replace(&format!("  # {file}"), "  # default");
    assert_eq!(lines, shown(&["serve", "--print-config"]));
}

#[test]
fn the_settings_that_are_handed_out_are_right() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../packaging/kubernetes/cofferdam.toml");
    Program::run(&["config", "check", file]).expect(0);
}

#[test]
fn a_hangup_takes_what_may_change_and_keeps_what_holds_when_the_file_is_wrong() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = settings_file(folder.path(), "[job]\nstop_grace_max = \"1m\"\n[node]\nslots = 3\n");
    let mut host = Host::configured_by(&file);
    host.has(Guest::Hello);
    let asks = |grace: &str| host.post("/v1/jobs", &json!({"module_id": "hello", "stop_grace": grace}));
    asks("2m").problem(422, "over_ceiling");

    settings_file(folder.path(), "[job]\nstop_grace_max = \"5m\"\n[node]\nslots = 4\n");
    host.signal(Signal::HUP);
    eventually("the new limit holds", || (asks("2m").status == 201).then_some(()));
    assert_eq!(host.status().nodes[0]["slots"], 3, "what is built in at the start stays");
    let told: Value = host.get("/v1/settings").read(200);
    let of =
        |key: &str| told["settings"].as_array()?.iter().find(|setting| setting["key"] == key)?.get("value").cloned();
    assert_eq!((of("job.stop_grace_max"), of("node.slots")), (Some(json!("5m")), Some(json!(3))));

    settings_file(folder.path(), "[job]\nstop_grace_max = \"never\"\n");
    host.signal(Signal::HUP);
    eventually("it says why not", || host.stderr().contains("were not read anew").then_some(()));
    asks("4m").expect(201);
    let said = host.stderr();
    assert!(said.contains("job.stop_grace_max") && said.contains("node.slots"), "{said}");
    assert!(host.terminate().success());
}

#[test]
fn there_is_a_manual_page_for_each_command() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let pages = folder.path().join("man1");
    Program::run(&["manual", &pages.display().to_string()]).expect(0);
    let page = std::fs::read_to_string(pages.join("cofferdam-job-start.1")).expect("a page");
    assert!(page.contains("cofferdam job start") && page.contains("Examples"), "{page}");
    let names: Vec<_> =
        std::fs::read_dir(&pages).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect();
    assert!(
        names.len() > 30 && !names.iter().any(|name| name.to_string_lossy().contains("compile-worker")),
        "{names:?}"
    );
}
