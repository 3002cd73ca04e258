//! What a module says about itself, and what the host makes of it before a job starts.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::subject::{BEHAVIOURS, Subject};

pub(super) fn name_and_version(subject: &mut Subject) {
    let module = subject.view();
    let name = format!("conformance-{}", subject.language.name());
    assert_eq!((module.name, module.version.as_str()), (name, "0.1.0"));
    assert!(!module.description.is_empty());
    let contract = ["cofferdam:module/job-context@0.1.0", "cofferdam:module/types@0.1.0"];
    let foreign = |import: &&String| !contract.contains(&import.as_str()) && !import.starts_with("wasi:");
    assert_eq!(module.imports.iter().find(foreign), None, "only the contract and WASI are imported");
    assert!(module.imports.iter().any(|import| import == contract[0]), "{:?}", module.imports);
}

pub(super) fn schemas(subject: &mut Subject) {
    let module = subject.view();
    let number = json!({ "type": "integer", "minimum": 0, "default": 0 });
    let text = json!({ "type": "string", "default": "" });
    let inputs = json!({
        "type": "object",
        "properties": { "behaviour": { "enum": BEHAVIOURS }, "count": number, "size": number, "text": text },
        "required": ["behaviour"],
        "additionalProperties": false,
    });
    assert_eq!(essence(&module.inputs_schema), inputs);
    let settings =
        json!({ "type": "object", "properties": { "prefix": text }, "required": [], "additionalProperties": false });
    assert_eq!(essence(&module.settings_schema), settings);
    for schema in [&module.inputs_schema, &module.settings_schema] {
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    }
}

/// A schema without what may differ: descriptions, titles, formats, the order of fields, the place of definitions.
fn essence(schema: &Value) -> Value {
    let properties = schema["properties"].as_object().expect("a schema with properties");
    let properties: Value =
        properties.iter().map(|(name, field)| (name.clone(), essence_of_field(schema, field))).collect();
    json!({
        "type": schema["type"],
        "properties": properties,
        "required": schema.get("required").cloned().unwrap_or_else(|| json!([])),
        "additionalProperties": schema["additionalProperties"],
    })
}

fn essence_of_field(schema: &Value, field: &Value) -> Value {
    let place = field["$ref"].as_str().map(|reference| reference.trim_start_matches('#'));
    let field = place.map_or(field, |place| schema.pointer(place).expect("a reference into the schema"));
    if let Some(words) = field.get("enum") {
        return json!({ "enum": words });
    }
    let kept =
        ["type", "minimum", "default"].into_iter().filter_map(|key| Some((key.to_owned(), field.get(key)?.clone())));
    kept.collect()
}

pub(super) fn refused_inputs(subject: &mut Subject) {
    let refused = [
        (json!({}), "/inputs"),
        (json!({ "behaviour": "dance" }), "/inputs/behaviour"),
        (json!({ "behaviour": 7 }), "/inputs/behaviour"),
        (json!({ "behaviour": null }), "/inputs/behaviour"),
        (json!({ "behaviour": "echo", "count": "3" }), "/inputs/count"),
        (json!({ "behaviour": "echo", "count": 1.5 }), "/inputs/count"),
        (json!({ "behaviour": "echo", "count": null }), "/inputs/count"),
        (json!({ "behaviour": "echo", "size": -1 }), "/inputs/size"),
        (json!({ "behaviour": "echo", "text": ["a"] }), "/inputs/text"),
        (json!({ "behaviour": "echo", "more": 1 }), "/inputs"),
    ];
    for (inputs, pointer) in refused {
        assert_refused(subject, &subject.request(&inputs), pointer);
    }
    for (settings, pointer) in [(json!({ "prefix": 1 }), "/settings/prefix"), (json!({ "suffix": "" }), "/settings")] {
        let mut request = subject.request(&json!({ "behaviour": "echo" }));
        request["settings"] = settings;
        assert_refused(subject, &request, pointer);
    }
}

#[track_caller]
fn assert_refused(subject: &Subject, request: &Value, pointer: &str) {
    let problem = subject.post("/v1/jobs", request).problem(422, "schema_violation");
    // A word that is no text breaks two rules where the schema says both `type` and `enum`.
    let pointers: BTreeSet<_> = problem.errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(pointers, BTreeSet::from([pointer]), "for {request}: {problem:?}");
}

pub(super) fn defaults(subject: &mut Subject) {
    let echo = json!({ "behaviour": "echo" });
    for further in [json!({}), json!({ "settings": {} }), json!({ "settings": { "prefix": "" } })] {
        let job = subject.complete_with(&echo, further);
        let [result] = job.data().try_into().expect("one result");
        let expected = json!({
            "text": "", "prefix": "", "count": 0, "attempt": 1, "job_id": job.id, "same_id": true,
        });
        assert_eq!(result, expected);
        assert_eq!(job.messages(), [""]);
    }
}
