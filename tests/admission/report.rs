//! What an operator is told of a module before it runs: what it asks for, and what is new in it.

use cofferdam_text_guest::TextGuest;
use serde_json::{Value, json};

use crate::harness::{Guest, Host, ModuleView, Request, Shared};

static HOST: Shared = Shared::new();

/// Looks at a component and adds nothing.
fn dry_run(host: &Host, query: &str, component: &[u8]) -> ModuleView {
    let request = Request::new("POST", &format!("/v1/modules?dry_run=true{query}"));
    host.send(request.body("application/wasm", component)).read(200)
}

#[test]
fn a_dry_run_tells_what_adding_would_come_to_and_adds_nothing() {
    let host = HOST.host();
    let first = TextGuest::new("rehearsed", "1.0.0");
    let other = TextGuest { description: "Other bytes.".to_owned(), ..first.clone() };
    let prospect = |query: &str, guest: &TextGuest| dry_run(&host, query, &guest.component()).prospect;
    assert_eq!(prospect("", &first).as_deref(), Some("new"));
    host.get("/v1/modules/rehearsed").problem(404, "unknown_module");
    let added: ModuleView = host.upload(&first.component()).read(201);
    assert_eq!(added.prospect, None);
    assert_eq!(prospect("", &first).as_deref(), Some("known"));
    assert_eq!(prospect("", &other).as_deref(), Some("version_exists"));
    assert_eq!(prospect("&replace=true", &other).as_deref(), Some("replaced"));
    let now: ModuleView = host.get("/v1/modules/rehearsed").read(200);
    assert_eq!(now.digest, added.digest);
    // What an upload is refused for, a dry run is refused for.
    let request = Request::new("POST", "/v1/modules?dry_run=true").body("application/wasm", b"PK\x03\x04".to_vec());
    host.send(request).problem(422, "not_wasm");
}

#[test]
fn a_report_says_in_plain_words_what_a_module_imports_and_which_grants_that_needs() {
    let host = HOST.host();
    let added: Value = host.upload(&Guest::Hostile.bytes()).read(201);
    let report = &added["report"];
    let group = |name: &str| {
        let groups = report["imports"].as_array().expect("groups");
        groups.iter().find(|group| group["capability"] == name).unwrap_or_else(|| panic!("{name} in {report}"))
    };
    assert_eq!(
        (&group("job context")["access"], &group("file system")["access"]),
        (&json!("always"), &json!("denied"))
    );
    assert!(group("standard streams")["meaning"].as_str().is_some_and(|words| words.contains("log lines")), "{report}");
    assert!(group("clocks")["interfaces"][0].as_str().is_some_and(|name| name.starts_with("wasi:clocks/")), "{report}");
    assert_eq!(report["grants_needed"], json!(["env", "dirs", "http"]));
    assert_eq!(report["difference"], Value::Null);
    let path = format!("/v1/modules/{}/report", added["id"].as_str().expect("an id"));
    assert_eq!(&host.get(&path).read::<Value>(200), report);
    host.get("/v1/modules/nobody/report").problem(404, "unknown_module");
}

#[test]
fn a_new_version_is_compared_with_the_one_before() {
    let host = HOST.host();
    let first = TextGuest::new("compared", "1.0.0");
    host.upload(&first.component()).expect(201);
    host.upload(&TextGuest::new("compared", "3.0.0").component()).expect(201);
    let second = TextGuest {
        inputs_schema: json!({"type": "object", "required": ["rows"]}).to_string(),
        ..TextGuest::new("compared", "2.0.0")
    };
    let report = dry_run(&host, "", &second.component()).report.expect("a report");
    let difference = &report["difference"];
    assert_eq!((&difference["before"], &difference["inputs_schema_changed"]), (&json!("compared@1.0.0"), &json!(true)));
    assert_eq!((&difference["settings_schema_changed"], &difference["imports_added"]), (&json!(false), &json!([])));
    assert_eq!(difference["before_size_bytes"], json!(first.component().len()));
    host.upload(&second.component()).expect(201);
    assert_eq!(&host.get("/v1/modules/compared@2.0.0/report").read::<Value>(200), &report);
}
