//! Every way in which an upload can be wrong, each with a sentence of its own.

use std::collections::BTreeSet;

use cofferdam_text_guest::{TextGuest, component_of_text};

use crate::harness::{Guest, Host, Request, Shared};

static HOST: Shared = Shared::new();

fn guest(change: impl FnOnce(&mut TextGuest)) -> Vec<u8> {
    let mut guest = TextGuest::new("wrong", "1.0.0");
    change(&mut guest);
    guest.component()
}

/// Uploads each of these and makes sure of its sentence; no two sentences are the same.
fn refuse_each(host: &Host, cases: Vec<(Vec<u8>, &str, &str)>) {
    let mut sentences = BTreeSet::new();
    for (component, code, words) in cases {
        let problem = host.upload(&component).problem(422, code);
        assert!(problem.detail.contains(words), "not `{words}`: {}", problem.detail);
        assert!(sentences.insert(problem.detail), "two faults share a sentence: {words}");
    }
    let modules: serde_json::Value = host.get("/v1/modules").read(200);
    assert_eq!(modules["modules"], serde_json::json!([]), "nothing of it was taken");
}

#[test]
fn what_is_no_component_is_told_what_it_looks_like() {
    let host = HOST.host();
    let hello = Guest::Hello.bytes();
    refuse_each(
        &host,
        vec![
            (Vec::new(), "empty_component", "the file is empty"),
            (b"PK\x03\x04 and so on".to_vec(), "not_wasm", "a zip archive"),
            (b"<!doctype html>".to_vec(), "not_wasm", "HTML"),
            (b"{\"module\": 1}".to_vec(), "not_wasm", "JSON"),
            (b"(component)".to_vec(), "not_wasm", "WebAssembly text"),
            (b"hello world".to_vec(), "not_wasm", "text; a WebAssembly component is needed"),
            (component_of_text("(module)"), "core_module", "a core WebAssembly module, not a component"),
            (b"\0asm\x0a\0\x01\0".to_vec(), "unknown_binary_version", "unknown binary version"),
            (hello[..hello.len() / 2].to_vec(), "truncated", "the component was cut off"),
            (hello[..6].to_vec(), "truncated", "ends too early, at byte 6"),
            ([&hello[..], b"\xff\xff\xff"].concat(), "malformed_component", "no valid component"),
        ],
    );
}

#[test]
fn a_component_that_does_not_fit_the_contract_is_told_what_is_missing() {
    let runner = |version: &str, exports: &str| {
        component_of_text(&format!(
            r#"(component (core module $m (func (export "f"))) (core instance $i (instantiate $m))
            (func $f (canon lift (core func $i "f")))
            (instance $r {exports}) (export "cofferdam:module/runner@{version}" (instance $r)))"#
        ))
    };
    let both = r#"(export "describe" (func $f)) (export "run" (func $f))"#;
    refuse_each(
        &HOST.host(),
        vec![
            (component_of_text("(component)"), "no_runner", "it exports nothing"),
            (runner("0.2.0", both), "runner_version", "exports cofferdam:module/runner@0.2.0"),
            (runner("0.1.0", r#"(export "run" (func $f))"#), "runner_incomplete", "lacks describe"),
            (runner("0.1.0", both), "export_type", "`describe` of cofferdam:module/runner is a "),
            (
                component_of_text(
                    r#"(component (import "acme:b/c@1.0.0" (instance (export "f" (func)))) (import "lonely" (func)))"#,
                ),
                "unknown_imports",
                "does not offer: acme:b/c@1.0.0, lonely",
            ),
            (component_of_text("(component (core module (memory i64 1)))"), "features_off", "64-bit memories"),
            (
                component_of_text("(component (type (func async (result (stream u8)))))"),
                "async_component",
                "async functions",
            ),
        ],
    );
}

#[test]
fn a_module_that_describes_itself_wrongly_is_told_where() {
    let host = Host::with(&["node.describe_time=300ms", "node.describe_memory=1 MiB"]);
    let grow = "(loop $more (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) (unreachable)";
    refuse_each(
        &host,
        vec![
            (guest(|guest| guest.name = "No Name".to_owned()), "describe_invalid", "its name `No Name`"),
            (guest(|guest| guest.name = String::new()), "describe_invalid", "its name ``"),
            (
                guest(|guest| guest.version = "1.0".to_owned()),
                "describe_invalid",
                "its version `1.0` is not a semantic version",
            ),
            (guest(|guest| guest.inputs_schema = "{".to_owned()), "describe_invalid", "its inputs-schema"),
            (guest(|guest| guest.settings_schema = "[]".to_owned()), "describe_invalid", "its settings-schema"),
            (guest(|guest| guest.inputs_schema = r#"{"type": 5}"#.to_owned()), "describe_invalid", "its inputs-schema"),
            (
                guest(|guest| guest.description = "x".repeat(17_000)),
                "describe_invalid",
                "its description has 17000 bytes",
            ),
            (guest(|guest| guest.describe = "(unreachable)".to_owned()), "describe_failed", "`describe` failed"),
            (
                guest(|guest| guest.describe = "(loop $more (br $more))".to_owned()),
                "describe_time",
                "did not return within 0.3 s",
            ),
            (guest(|guest| guest.describe = grow.to_owned()), "describe_memory", "more memory than it may have"),
        ],
    );
}

#[test]
fn a_component_larger_than_the_host_takes_is_413() {
    let host = Host::with(&["node.module=4 KiB"]);
    let problem = host.upload(&Guest::Hello.bytes()).problem(413, "too_large");
    assert!(problem.detail.contains("4096"), "{}", problem.detail);
    host.upload(&TextGuest::new("small", "1.0.0").component()).expect(201);
}

#[test]
fn another_media_type_is_415_and_names_the_right_one() {
    let host = HOST.host();
    for media_type in ["application/octet-stream", "multipart/form-data", "application/json"] {
        let request = Request::new("POST", "/v1/modules").body(media_type, Guest::Hello.bytes());
        let problem = host.send(request).problem(415, "wrong_media_type");
        assert!(
            problem.detail.contains("application/wasm") && problem.detail.contains(media_type),
            "{}",
            problem.detail
        );
    }
    let problem = host.send(Request::new("POST", "/v1/modules")).problem(415, "wrong_media_type");
    assert!(problem.detail.contains("application/wasm"), "{}", problem.detail);
}
