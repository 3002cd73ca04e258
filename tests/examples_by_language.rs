//! The example modules of the other languages do on the host, with their real data, what their READMEs say.

use serde_json::{Value, json};

use crate::harness::{Guest, Job, Language, Shared, SharedHost, Status, cofferdam};

static HOST: Shared = Shared::new();

/// A host that has the example; nothing, and a word about it, where its language could not be built.
fn host_with(example: Guest, language: Language) -> Option<SharedHost> {
    if let Some(reason) = language.why_not_built() {
        println!("not run: {}: {reason}", language.name());
        return None;
    }
    let host = HOST.host();
    host.has(example);
    Some(host)
}

/// The results of a job that completes.
#[track_caller]
fn results(host: &SharedHost, module: &str, inputs: &Value, settings: &Value) -> (Job, Vec<Value>) {
    let job = host.start_job(&json!({ "module_id": module, "inputs": inputs, "settings": settings }));
    let view = job.ended();
    assert_eq!((view.status, &view.error), (Status::Completed, &None), "{:?}", job.messages());
    let data = job.data();
    (job, data)
}

#[test]
fn log_report_finds_in_a_real_log_what_its_readme_says() {
    let Some(host) = host_with(Guest::LogReport, Language::Python) else { return };
    let log = include_str!("../example-modules/log-report/data/access.log");
    let (_, results) = results(&host, "log-report", &json!({ "log": log }), &json!({ "top": 3 }));
    let summary = &results[0];
    assert_eq!(summary["lines"], log.lines().count());
    assert_eq!((&summary["unreadable"], &summary["clients"], &summary["paths"]), (&json!(0), &json!(9), &json!(18)));
    let counted: u64 = results[1]["counts"].as_object().expect("statuses").values().filter_map(Value::as_u64).sum();
    assert_eq!(counted, 332, "each line has one status");
    assert_eq!(results[3]["top"][0], json!({ "value": "/", "count": 77 }));
}

#[test]
fn link_report_finds_in_a_real_document_what_another_parser_finds() {
    let Some(host) = host_with(Guest::LinkReport, Language::Javascript) else { return };
    let text = include_str!("../example-modules/link-report/data/attributes.md");
    let inputs = json!({ "documents": { "attributes.md": text } });
    let (_, results) = results(&host, "link-report", &inputs, &json!({}));
    assert_eq!((&results[0]["links"], &results[0]["external"]), (&json!(87), &json!(47)));
    assert_eq!(results[0]["problems"].as_array().map(Vec::len), Some(1));
    assert_eq!(results[1]["problems"], 1);
}

#[test]
fn jsonl_aggregate_agrees_with_python_about_a_real_table() {
    let Some(host) = host_with(Guest::JsonlAggregate, Language::Go) else { return };
    let jsonl = include_str!("../example-modules/jsonl-aggregate/data/penguins.jsonl");
    let expected: Vec<Value> =
        serde_json::from_str(include_str!("../example-modules/jsonl-aggregate/data/expected.json")).expect("JSON");
    let inputs = json!({ "jsonl": jsonl, "group_by": ["species", "sex"], "values": ["body_mass_g", "bill_length_mm"] });
    let (_, results) = results(&host, "jsonl-aggregate", &inputs, &json!({}));
    assert_eq!(results.len(), expected.len());
    for (found, expected) in results.iter().zip(&expected) {
        assert_eq!((&found["group"], &found["lines"]), (&expected["group"], &expected["lines"]));
        for field in ["body_mass_g", "bill_length_mm"] {
            for figure in ["count", "sum", "mean", "min", "max"] {
                let number = |row: &Value| row["values"][field][figure].as_f64().expect("a number");
                // Sums of decimals depend on their order by their last digit.
                let (found, expected) = (number(found), number(expected));
                assert!((found - expected).abs() <= 1e-9 * expected.abs(), "{field} {figure}: {found}, {expected}");
            }
        }
    }
}

#[test]
fn checksums_agrees_with_python_and_goes_on_from_its_checkpoint() {
    let Some(host) = host_with(Guest::Checksums, Language::C) else { return };
    let text = include_str!("../example-modules/checksums/data/zen-of-python.txt");
    let expected = include_str!("../example-modules/checksums/data/expected.jsonl");
    let expected: Vec<Value> = expected.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let settings = json!({ "part_bytes": 256 });
    let (first, sums) = results(&host, "checksums", &json!({ "text": text }), &settings);
    assert_eq!(sums, expected);
    // From its last checkpoint, after the last whole part, it comes to the same end.
    let saved = first.get("/checkpoint").read::<Value>(200)["checkpoint"].take();
    let inputs = json!({ "text": text });
    let again = host
        .start_job(&json!({ "module_id": "checksums", "inputs": inputs, "settings": settings, "checkpoint": saved }));
    assert_eq!(again.ended().status, Status::Completed);
    assert_eq!(again.data(), expected[3..]);
}

/// Each example's own cases, with the module killed at each of its checkpoints.
#[test]
fn the_examples_pass_their_own_cases() {
    let cases =
        [("jsonl-aggregate", Guest::JsonlAggregate, Language::Go), ("checksums", Guest::Checksums, Language::C)];
    for (name, guest, language) in cases {
        if language.why_not_built().is_some() {
            continue;
        }
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../example-modules");
        let mut test = cofferdam(["test".as_ref(), guest.path().as_os_str(), "--cases".as_ref()]);
        let output = test.arg(format!("{folder}/{name}/tests/cases")).output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains(" passed, 0 failed"), "{name}: {said}");
    }
}
