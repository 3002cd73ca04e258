//! The languages, each of which must pass the whole table.

use std::any::Any;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::failing;
use super::subject::Subject;
use super::table::TABLE;
use crate::harness::Language;

#[test]
fn a_rust_module_does_what_is_expected() {
    try_all(Language::Rust);
}

#[test]
fn a_python_module_does_what_is_expected() {
    try_all(Language::Python);
}

#[test]
fn a_javascript_module_does_what_is_expected() {
    try_all(Language::Javascript);
}

#[test]
fn a_go_module_does_what_is_expected() {
    try_all(Language::Go);
}

#[test]
fn a_c_module_does_what_is_expected() {
    try_all(Language::C);
}

#[test]
fn a_python_exception_in_the_middle_of_a_job_shows_its_traceback_in_the_log_and_its_message_in_the_error() {
    if is_built(Language::Python) {
        failing::exception_in_the_middle_of_a_python_job(&Subject::new(Language::Python));
    }
}

/// Tries every line of the table, also after one that failed, and then fails with all that went wrong.
fn try_all(language: Language) {
    if !is_built(language) {
        return;
    }
    let mut subject = Subject::new(language);
    let mut failures = Vec::new();
    for (expectation, check) in TABLE {
        // A check leaves nothing half-done but its own job, of which no other knows.
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| check(&mut subject))) {
            failures.push(format!("{}: {expectation}: {}", language.name(), message_of(panic.as_ref())));
        }
    }
    let untried = subject.untried();
    assert!(failures.is_empty(), "{} of {} fail:\n{}", failures.len(), TABLE.len(), failures.join("\n"));
    assert!(untried.is_empty(), "{}: the table tries all behaviours but {untried:?}", language.name());
}

/// Says so when it is not, also where the output of tests that pass is kept back.
fn is_built(language: Language) -> bool {
    let Some(reason) = language.why_not_built() else { return true };
    let said = writeln!(std::io::stderr(), "not run: {}: {reason}", language.name());
    said.expect("standard error takes a line");
    false
}

fn message_of(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or(panic.downcast_ref::<&str>().copied()).unwrap_or("a panic without a text")
}
