//! A module from nothing to its first run, in each language: `cofferdam new`, `build` and `dev`.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;

use super::Program;
use crate::harness::{Language, Process, cofferdam};

fn in_folder(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = cofferdam(arguments);
    command.current_dir(folder);
    if let Some(tools) = std::env::var_os("COFFERDAM_TOOLS") {
        command.env("COFFERDAM_TOOLS", tools);
    }
    command
}

/// Tools may have to be installed, and compilers to be waited for.
const PATIENCE: Duration = Duration::from_mins(10);

#[track_caller]
fn run(folder: &Path, arguments: &[&str]) -> Program {
    let mut process = Process::spawn(&mut in_folder(folder, arguments));
    process.wait_within(PATIENCE);
    Program::of(process)
}

fn folder() -> TempDir {
    tempfile::Builder::new().prefix("cofferdam-test-").tempdir().expect("a temporary folder")
}

/// Says so when it cannot.
fn can_be_built(language: Language) -> bool {
    let Some(reason) = language.why_not_built() else { return true };
    println!("not run: {}: {reason}", language.name());
    false
}

/// With nothing edited. Where the tools of a language cannot be had, it says so.
fn begins_builds_and_runs(language: Language) {
    if !can_be_built(language) {
        return;
    }
    let language = language.name();
    let parent = folder();
    let begun = run(parent.path(), &["new", "word-count", "--language", language]).expect(0);
    assert!(begun.stdout.contains("cofferdam build"), "{}", begun.stdout);
    let project = parent.path().join("word-count");
    let built = run(&project, &["build"]).expect(0);
    let component = built.stdout.trim();
    assert!(component.ends_with("build/word-count.wasm"), "{component}");
    let inputs = json!({"texts": ["one two", "three"]}).to_string();
    let ran = run(&project, &["run", component, "--inputs", &inputs]).expect(0);
    assert_eq!(ran.lines().last(), Some(&json!({"total": 3})), "{}", ran.stdout);
    let tested = run(&project, &["test"]).expect(0);
    assert!(tested.stdout.contains("1 passed, 0 failed"), "{}", tested.stdout);
    // What is built already is not built again.
    let again = run(&project, &["dev", "--once"]).expect(0);
    assert_eq!(again.lines().len(), ran.lines().len(), "{}\n{}", again.stdout, again.stderr);
}

#[test]
fn a_new_module_in_rust_builds_and_runs() {
    begins_builds_and_runs(Language::Rust);
}

#[test]
fn a_new_module_in_python_builds_and_runs() {
    begins_builds_and_runs(Language::Python);
}

#[test]
fn a_new_module_in_javascript_builds_and_runs() {
    begins_builds_and_runs(Language::Javascript);
}

#[test]
fn a_new_module_in_go_builds_and_runs() {
    begins_builds_and_runs(Language::Go);
}

#[test]
fn a_new_module_in_c_builds_and_runs() {
    begins_builds_and_runs(Language::C);
}

#[test]
fn what_cannot_be_begun_or_built_says_what_would_be_right() {
    let parent = folder();
    run(parent.path(), &["new", "Word_Count", "-l", "go"]).refused(2, "lowercase words");
    run(parent.path(), &["new", "word-count", "-l", "cobol"]).refused(2, "there are rust, python, javascript");
    run(parent.path(), &["build"]).refused(1, "cofferdam new NAME");
    run(parent.path(), &["new", "word-count", "-l", "c"]).expect(0);
    run(parent.path(), &["new", "word-count", "-l", "c"]).refused(1, "is there already");
    let project = parent.path().join("word-count");
    std::fs::write(project.join("module.c"), "int main( {").expect("written");
    if !can_be_built(Language::C) {
        return;
    }
    let refused = run(&project, &["build"]).expect(1);
    assert!(refused.stderr.contains("module.c:1:") && refused.stderr.contains("error"), "{}", refused.stderr);
}

#[test]
fn a_change_of_a_source_is_built_and_run_again() {
    if !can_be_built(Language::C) {
        return;
    }
    let parent = folder();
    run(parent.path(), &["new", "word-count", "-l", "c"]).expect(0);
    run(parent.path(), &["build", "word-count", "--output", "elsewhere.wasm"]).expect(0);
    assert!(parent.path().join("elsewhere.wasm").is_file());
    let project = parent.path().join("word-count");
    let dev = Process::spawn(&mut in_folder(&project, &["dev"]));
    dev.stderr_line("it waits for a change", |line| line.contains("ended with completed"));
    let file = project.join("cofferdam.dev.json");
    std::fs::write(&file, r#"{"inputs": {"texts": ["a b c d e f g"]}}"#).expect("written");
    dev.stdout_line("it counts the new inputs", |line| line == r#"{"total":7}"#);
    std::fs::write(&file, r#"{"inputs": [}"#).expect("written");
    dev.stderr_line("it says what is wrong", |line| line.contains("cofferdam.dev.json is wrong at"));
    std::fs::write(&file, r#"{"inputs": {"texts": ["a b"]}}"#).expect("written");
    dev.stdout_line("it goes on", |line| line == r#"{"total":2}"#);
}
