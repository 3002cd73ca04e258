//! `cofferdam serve`: what it prints, and where its settings come from.

use std::path::Path;

use super::Program;
use crate::harness::{Host, Process, cofferdam};

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
