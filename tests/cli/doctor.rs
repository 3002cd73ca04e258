//! `cofferdam doctor` without flags: what it sees of an installation that is well, and of one that is not.

use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use super::Program;
use crate::harness::Host;

/// The verdict on one thing.
#[track_caller]
fn verdict<'l>(lines: &'l [Value], check: &str) -> &'l str {
    let line = lines.iter().find(|line| line["check"] == check);
    line.and_then(|line| line["verdict"].as_str()).unwrap_or_else(|| panic!("`{check}` is not in {lines:?}"))
}

#[test]
fn a_sound_installation_is_ok_and_a_folder_that_others_may_read_is_a_problem() {
    let host = Host::start();
    let folder = host.data_dir();
    let cache = format!("sandbox.cache_dir={}", folder.join("compiled").display());
    let data_dir = folder.display().to_string();
    let arguments = ["doctor", "--json", "--data-dir", &data_dir, "--set", &cache];
    let lines = Program::ask(&host, &arguments).expect(0).lines();
    for check in ["clock", "listening", "data folder", "server", "database", "nodes"] {
        assert_eq!(verdict(&lines, check), "ok", "{lines:?}");
    }
    assert!(lines.iter().all(|line| line["verdict"] != "problem"), "{lines:?}");

    set_permissions(&folder, Permissions::from_mode(0o755)).expect("the folder is ours");
    let lines = Program::ask(&host, &arguments).expect(1).lines();
    assert_eq!(verdict(&lines, "data folder"), "problem");
    set_permissions(&folder, Permissions::from_mode(0o700)).expect("the folder is ours");
}

#[test]
fn settings_with_which_no_host_starts_are_problems() {
    let host = Host::start();
    let slots = ["doctor", "--json", "--set", "node.slots=100000", "--set", "node.guest_memory=60TiB"];
    let lines = Program::ask(&host, &slots).expect(1).lines();
    assert_eq!(verdict(&lines, "memory"), "problem");
    let listen = ["doctor", "--json", "--set", "listen=0.0.0.0:7171"];
    let lines = Program::ask(&host, &listen).expect(0).lines();
    assert_eq!(verdict(&lines, "listening"), "warning");
    Program::ask(&host, &["doctor", "--set", "job.memory=lots"]).refused(2, "job.memory");
}

#[test]
fn a_server_that_was_named_and_does_not_answer_is_a_problem() {
    let lines = Program::run(&["doctor", "--json", "--server", "http://127.0.0.1:1"]).expect(1).lines();
    assert_eq!(verdict(&lines, "server"), "problem");
    let text = Program::run(&["doctor", "--server", "http://127.0.0.1:1"]).expect(1).stdout;
    assert!(text.contains("✗ problem  server: no server answers at http://127.0.0.1:1"), "{text}");
}
