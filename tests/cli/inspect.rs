//! `cofferdam inspect`: what a file is, and everything for which a host would refuse it, in the words of an upload.

use std::path::PathBuf;

use cofferdam_text_guest::{TextGuest, component_of_text};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::Program;
use crate::harness::{Guest, Host};

/// A file in a folder of its own.
fn file(bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("module.wasm");
    std::fs::write(&path, bytes).expect("a file");
    (folder, path)
}

fn inspect(bytes: &[u8], arguments: &[&str]) -> Program {
    let (_folder, path) = file(bytes);
    Program::run(&[&["inspect", &path.display().to_string()], arguments].concat())
}

/// Codes and sentences, in their order.
fn refusals(bytes: &[u8], arguments: &[&str]) -> Vec<(String, String)> {
    let inspected = inspect(bytes, &[&["--json"], arguments].concat()).expect(1).lines().remove(0);
    assert_eq!(inspected["accepted"], false);
    let refusals = inspected["refusals"].as_array().expect("a list").iter();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    refusals.map(|refusal| (text(&refusal["code"]), text(&refusal["detail"]))).collect()
}

fn codes(bytes: &[u8]) -> Vec<String> {
    refusals(bytes, &[]).into_iter().map(|(code, _)| code).collect()
}

/// An interface `runner` whose functions take and give nothing, beside some imports.
fn runner(imports: &str) -> Vec<u8> {
    component_of_text(&format!(
        r#"(component {imports} (core module $m (func (export "f"))) (core instance $i (instantiate $m))
        (func $f (canon lift (core func $i "f")))
        (instance $r (export "describe" (func $f)) (export "run" (func $f)))
        (export "cofferdam:module/runner@0.1.0" (instance $r)))"#
    ))
}

#[test]
fn a_module_is_told_with_what_it_imports_and_takes() {
    let told = Program::run(&["inspect", &Guest::PrimeCount.path().display().to_string()]).expect(0).stdout;
    for words in [
        "prime-count@",
        "sha256:",
        "compiled in",
        "once it is instantiated",
        "cofferdam:module/runner@0.1.0",
        "job context",
        "standard streams",
        "not granted",
        "Nothing is granted unless the operator does",
        "accepted: a host with these settings takes this module",
    ] {
        assert!(told.contains(words), "not `{words}`: {told}");
    }
    let limit = told.lines().find(|line| line.starts_with("limit ")).unwrap_or_else(|| panic!("{told}"));
    assert!(limit.contains("integer") && limit.contains("yes"), "{limit}");
}

#[test]
fn programs_get_one_object_with_the_schemas_of_an_upload() {
    let told = Program::run(&["inspect", "--json", &Guest::Hello.path().display().to_string()]).expect(0).lines();
    let [told] = &told[..] else { panic!("{told:?}") };
    let host = Host::start();
    let uploaded: Value = host.upload(&Guest::Hello.bytes()).read(201);
    for field in ["name", "version", "description", "digest", "size_bytes", "inputs_schema", "settings_schema"] {
        assert_eq!(told[field], uploaded[field], "{field}");
    }
    let interfaces = told["imports"].as_array().expect("groups").iter().flat_map(|group| {
        let interfaces = group["interfaces"].as_array().expect("names");
        interfaces.iter().map(|name| name.as_str().expect("a name").to_owned())
    });
    let mut interfaces: Vec<_> = interfaces.collect();
    interfaces.sort();
    assert_eq!(json!(interfaces), uploaded["imports"]);
    assert_eq!((&told["accepted"], &told["refusals"]), (&json!(true), &json!([])));
    assert!(told["describe_memory_bytes"].as_u64() >= told["start_memory_bytes"].as_u64());
    assert!(told["start_memory_bytes"].as_u64() > Some(0) && told["compile_time_ms"].is_u64(), "{told}");
}

#[test]
fn each_kind_of_file_that_is_no_module_has_a_sentence_of_its_own_as_in_an_upload() {
    let hello = Guest::Hello.bytes();
    let host = Host::start();
    let program = r#"(component (core module $m (func (export "f"))) (core instance $i (instantiate $m))
        (func $f (canon lift (core func $i "f")))
        (instance $r (export "run" (func $f))) (export "wasi:cli/run@0.2.0" (instance $r)))"#;
    let asynchronous = r#"(component (core module $m (func (export "f") (result i32) (i32.const 0)))
        (core instance $i (instantiate $m)) (type $t (func async (result u32)))
        (func $f (type $t) (canon lift (core func $i "f")))
        (instance $r (export "describe" (func $f)) (export "run" (func $f)))
        (export "cofferdam:module/runner@0.1.0" (instance $r)))"#;
    for (bytes, code, words) in [
        (component_of_text(asynchronous), "async_component", "the component model's async functions"),
        (component_of_text("(module)"), "core_module", "a core WebAssembly module, not a component"),
        (component_of_text(program), "no_runner", "it is a command-line program; it exports wasi:cli/run@0.2.0"),
        (hello[..hello.len() / 3].to_vec(), "truncated", "the component was cut off"),
        (b"(component)".to_vec(), "not_wasm", "WebAssembly text (`wasm-tools parse` makes a binary of it)"),
        (b"#!/bin/sh".to_vec(), "not_wasm", "it looks like text"),
    ] {
        let [(told_code, told)] = &refusals(&bytes, &[])[..] else { panic!("one reason for {words}") };
        let problem = host.upload(&bytes).problem(422, code);
        assert_eq!((told_code.as_str(), told), (code, &problem.detail));
        assert!(told.contains(words), "not `{words}`: {told}");
        let people = inspect(&bytes, &[]).expect(1).stdout;
        assert!(people.contains("refused: ") && people.contains(words), "{people}");
    }
}

#[test]
fn a_component_cut_anywhere_says_so_or_what_is_missing() {
    let whole = TextGuest::new("cut", "1.0.0").component();
    for at in (9..whole.len()).step_by(whole.len() / 12) {
        let codes = codes(&whole[..at]);
        // Where a section ends, nothing tells a cut from an end.
        assert!(matches!(&codes[..], [code] if ["truncated", "no_runner"].contains(&code.as_str())), "{at}: {codes:?}");
    }
}

#[test]
fn every_reason_is_told_and_an_upload_tells_the_first() {
    let unknown = r#"(import "acme:b/c@1.0.0" (instance (export "f" (func))))"#;
    let host = Host::start();
    for (bytes, expected) in [
        (runner(unknown), vec!["unknown_imports", "export_type", "export_type"]),
        (runner(""), vec!["export_type", "export_type"]),
        (
            component_of_text(&format!("(component {unknown} (core module (memory i64 1) (table 60000 funcref)))")),
            vec!["features_off", "over_component_limit", "unknown_imports", "no_runner"],
        ),
        (
            component_of_text("(component (type (func async)) (core module (memory i64 1)))"),
            vec!["async_component", "features_off", "no_runner"],
        ),
    ] {
        let told = refusals(&bytes, &[]);
        assert_eq!(told.iter().map(|(code, _)| code.as_str()).collect::<Vec<_>>(), expected, "{told:?}");
        assert_eq!(host.upload(&bytes).problem(422, expected[0]).detail, told[0].1);
    }
}

#[test]
fn everything_that_is_wrong_with_a_description_is_told() {
    let mut guest = TextGuest::new("No Name", "1.0");
    guest.inputs_schema = r#"{"type": 5}"#.to_owned();
    guest.settings_schema = "[".to_owned();
    let bytes = guest.component();
    let told = refusals(&bytes, &[]);
    assert!(told.iter().all(|(code, _)| code == "describe_invalid"), "{told:?}");
    let words = ["its name `No Name`", "its version `1.0`", "its settings-schema", "its inputs-schema"];
    assert_eq!(told.len(), words.len(), "{told:?}");
    assert!(told.iter().zip(words).all(|((_, detail), words)| detail.contains(words)), "{told:?}");
    assert_eq!(Host::start().upload(&bytes).problem(422, "describe_invalid").detail, told[0].1);
}

#[test]
fn the_limits_are_those_of_the_settings() {
    let bytes = Guest::Hello.bytes();
    let told = refusals(&bytes, &["--set", "node.module=4 KiB", "--set", "job.memory=1 MiB"]);
    assert_eq!((told[0].0.as_str(), told[1].0.as_str(), told.len()), ("too_large", "over_component_limit", 2));
    assert!(told[0].1.contains("at most 4096"), "{told:?}");
}

#[test]
fn a_file_that_is_not_there_is_wrong_usage() {
    Program::run(&["inspect", "/nowhere/module.wasm"]).refused(2, "/nowhere/module.wasm");
    Program::run(&["inspect"]).expect(2);
}
