//! `cofferdam module grants`, `module grant`, and `run --grants`.

use std::fs;

use serde_json::{Value, json};

use crate::cli::program::Program;
use crate::harness::{Guest, Host};

#[test]
fn grants_are_added_shown_taken_from_a_file_and_taken_away() {
    let host = Host::start();
    host.has(Guest::Hello);
    let shown = Program::ask(&host, &["module", "grants", "hello"]).expect(0).stdout;
    assert_eq!(shown, "nothing is granted\n");
    let arguments = ["module", "grant", "hello", "--http", "api.example.com", "--env", "MODE=fast"];
    Program::ask(&host, &arguments).expect(0);
    let arguments = ["module", "grant", "hello", "--http", "*.example.org:8443", "--limit", "memory=64 MiB"];
    let shown = Program::ask(&host, &arguments).expect(0).stdout;
    for words in ["api.example.com", "*.example.org:8443", "MODE=fast", "memory=67108864"] {
        assert!(shown.contains(words), "not `{words}`: {shown}");
    }
    let kept: Value = host.get("/v1/modules/hello/grants").read(200);
    assert_eq!(kept["http"], json!(["api.example.com", "*.example.org:8443"]));
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("grants.json");
    fs::write(&file, r#"{"env": {"ONLY": "this"}}"#).expect("a file");
    let file = file.display().to_string();
    let lines = Program::ask(&host, &["module", "grant", "hello", "--file", &file, "--json"]).expect(0).lines();
    assert_eq!(lines, [json!({ "http": [], "env": { "ONLY": "this" }, "dirs": [], "secrets": [], "limits": {} })]);
    Program::ask(&host, &["module", "grant", "hello", "--clear"]).expect(0);
    let shown = Program::ask(&host, &["module", "grants", "hello"]).expect(0).stdout;
    assert_eq!(shown, "nothing is granted\n");
    Program::ask(&host, &["module", "grant", "hello"]).refused(2, "nothing to grant was named");
    Program::ask(&host, &["module", "grant", "hello", "--http-private", "http://10.0.0.1"]).refused(1, "grants.http");
    Program::ask(&host, &["module", "grant", "hello", "--http", "a b"]).expect(2);
}

#[test]
fn a_module_that_runs_without_a_server_gets_what_the_file_says() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("data")).expect("a folder");
    fs::write(folder.path().join("data/given"), "given").expect("a file");
    let grants = folder.path().join("grants.json");
    fs::write(&grants, r#"{"dirs": [{"host": "data", "guest": "/data", "write": true}]}"#).expect("a file");
    let (module, grants) = (Guest::Hostile.path().display().to_string(), grants.display().to_string());
    let run = |more: &[&str]| {
        let arguments = [&["run", &module, "--inputs", r#"{"behaviour": "use_folder"}"#][..], more].concat();
        Program::run(&arguments)
    };
    let lines = run(&["--grants", &grants]).expect(0).lines();
    assert_eq!(lines, [json!({ "tried": "use the folder", "answer": "given" })]);
    run(&[]).expect(1);
    run(&["--grants", "/nowhere.json"]).refused(2, "cannot be read");
}
