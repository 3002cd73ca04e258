//! Modules over HTTP: added, shown, listed, replaced, removed. What is refused at upload stands in `uploads`.

use cofferdam_text_guest::TextGuest;
use serde::Deserialize;
use serde_json::json;

use crate::harness::{Guest, Host, ModuleView, Request, Shared, Status};

static HOST: Shared = Shared::new();

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModulePage {
    modules: Vec<ModuleView>,
    next_cursor: Option<String>,
}

fn add(host: &Host, name: &str, version: &str) -> ModuleView {
    host.upload(&TextGuest::new(name, version).component()).read::<ModuleView>(201).without_report()
}

/// Other bytes with the same name and version.
fn other_bytes(name: &str, version: &str) -> Vec<u8> {
    TextGuest { description: "Other bytes.".to_owned(), ..TextGuest::new(name, version) }.component()
}

#[test]
fn a_new_component_is_answered_201_with_all_that_it_says_about_itself() {
    let host = HOST.host();
    let guest = TextGuest {
        description: "Says a lot about itself.".to_owned(),
        inputs_schema: json!({"type": "object", "required": ["rows"]}).to_string(),
        settings_schema: json!({"type": "object"}).to_string(),
        ..TextGuest::new("talkative", "1.2.3-beta.1")
    };
    let component = guest.component();
    let answer = host.upload(&component);
    assert_eq!(answer.header("location"), "/v1/modules/talkative@1.2.3-beta.1");
    let module = answer.read::<ModuleView>(201).without_report();
    assert_eq!((module.id.as_str(), module.name.as_str()), ("talkative@1.2.3-beta.1", "talkative"));
    assert_eq!((module.version.as_str(), module.description.as_str()), ("1.2.3-beta.1", "Says a lot about itself."));
    assert_eq!(module.inputs_schema, json!({"type": "object", "required": ["rows"]}));
    assert_eq!(module.settings_schema, json!({"type": "object"}));
    assert_eq!(module.size_bytes, component.len() as u64);
    assert_eq!(module.grants, json!({"http": [], "env": {}, "dirs": [], "secrets": [], "limits": {}}));
    assert_eq!(module.limits["memory"], json!(256 << 20));
    assert!(module.digest.starts_with("sha256:") && module.digest.len() == "sha256:".len() + 64, "{}", module.digest);
    assert!(module.created_at.ends_with('Z') && module.created_at.len() == "2026-01-01T00:00:00.000Z".len());
    let shown: ModuleView = host.get("/v1/modules/talkative@1.2.3-beta.1").read(200);
    assert_eq!(shown, module);
}

#[test]
fn the_imports_of_a_guest_are_listed() {
    let host = HOST.host();
    host.has(Guest::Hello);
    let module: ModuleView = host.get("/v1/modules/hello").read(200);
    assert!(module.imports.contains(&"cofferdam:module/job-context@0.1.0".to_owned()), "{:?}", module.imports);
    assert!(module.imports.is_sorted());
}

#[test]
fn the_same_bytes_again_are_answered_200_with_the_same_module() {
    let host = HOST.host();
    let first = add(&host, "twice", "1.0.0");
    let again: ModuleView = host.upload(&TextGuest::new("twice", "1.0.0").component()).read(200);
    let again = again.without_report();
    assert_eq!(again, first);
}

#[test]
fn other_bytes_of_a_version_that_exists_are_refused_unless_they_are_to_replace_it() {
    let host = HOST.host();
    let first = add(&host, "replaced", "1.0.0");
    let problem = host.upload(&other_bytes("replaced", "1.0.0")).problem(409, "version_exists");
    assert!(problem.detail.contains("replaced@1.0.0"), "{}", problem.detail);
    assert!(problem.detail.contains("?replace=true"), "{}", problem.detail);

    let request = Request::new("POST", "/v1/modules?replace=true");
    let replaced = host.send(request.body("application/wasm", other_bytes("replaced", "1.0.0")));
    assert!(matches!(replaced.status, 200 | 201), "{}", replaced.text());
    let now: ModuleView = host.get("/v1/modules/replaced@1.0.0").read(200);
    assert_ne!(now.digest, first.digest);
    assert_eq!(now.description, "Other bytes.");
}

#[test]
fn a_job_keeps_the_bytes_that_it_was_started_with_when_its_version_is_replaced() {
    let host = HOST.host();
    let first = add(&host, "kept", "1.0.0");
    let old = host.start_job(&json!({"module_id": "kept"}));
    let request = Request::new("POST", "/v1/modules?replace=true");
    host.send(request.body("application/wasm", other_bytes("kept", "1.0.0"))).expect(201);
    let new = host.start_job(&json!({"module_id": "kept"}));
    assert_eq!(old.reaches(Status::Completed).module.digest, first.digest);
    assert_ne!(new.reaches(Status::Completed).module.digest, first.digest);
    let by_digest = host.start_job(&json!({"module_id": first.digest}));
    assert_eq!(by_digest.reaches(Status::Completed).module.digest, first.digest);
}

#[test]
fn a_name_alone_means_its_highest_version_and_a_pre_release_only_without_another() {
    let host = HOST.host();
    for version in ["1.9.0", "1.10.0", "2.0.0-rc.1"] {
        add(&host, "versions", version);
    }
    let shown = |id: &str| host.get(&format!("/v1/modules/{id}")).read::<ModuleView>(200).version;
    assert_eq!(shown("versions"), "1.10.0");
    assert_eq!(shown("versions@1.9.0"), "1.9.0");
    assert_eq!(shown("versions@2.0.0-rc.1"), "2.0.0-rc.1");
    let job = host.start_job(&json!({"module_id": "versions"}));
    assert_eq!(job.show().module.version, "1.10.0");

    add(&host, "only-early", "0.1.0-alpha.2");
    add(&host, "only-early", "0.1.0-alpha.10");
    assert_eq!(shown("only-early"), "0.1.0-alpha.10");
}

#[test]
fn a_digest_shows_the_module_too() {
    let host = HOST.host();
    let module = add(&host, "by-digest", "1.0.0");
    let shown: ModuleView = host.get(&format!("/v1/modules/{}", module.digest)).read(200);
    assert_eq!(shown, module);
}

#[test]
fn the_bytes_come_back_as_they_were_added() {
    let host = HOST.host();
    host.has(Guest::Hello);
    let answer = host.get("/v1/modules/hello/component").expect(200);
    assert_eq!(answer.header("content-type"), "application/wasm");
    assert!(answer.body == Guest::Hello.bytes(), "the bytes differ");
}

#[test]
fn an_unknown_module_is_404_and_a_wrong_name_400() {
    let host = HOST.host();
    let digest = format!("sha256:{}", "0".repeat(64));
    for id in ["nobody", "nobody@1.0.0", &digest] {
        for path in [format!("/v1/modules/{id}"), format!("/v1/modules/{id}/component")] {
            let problem = host.get(&path).problem(404, "unknown_module");
            assert!(problem.detail.contains(id), "{}", problem.detail);
        }
    }
    for id in ["No-Name", "a--b", "a@", "a@1", "sha256:xyz", "%00", "a%2Fb"] {
        host.get(&format!("/v1/modules/{id}")).problem(400, "invalid_module_id");
    }
    host.delete("/v1/modules/nobody@1.0.0").problem(404, "unknown_module");
}

#[test]
fn the_list_has_every_module_once_page_by_page() {
    let host = Host::start();
    let empty: ModulePage = host.get("/v1/modules").read(200);
    assert!(empty.modules.is_empty() && empty.next_cursor.is_none());
    let mut added = Vec::new();
    for (name, version) in [("b", "1.0.0"), ("a", "1.0.0"), ("a", "1.1.0"), ("c", "0.1.0"), ("d", "1.0.0")] {
        added.push(add(&host, name, version).id);
    }
    let (mut listed, mut query) = (Vec::new(), String::new());
    loop {
        let page: ModulePage = host.get(&format!("/v1/modules?limit=2{query}")).read(200);
        assert!(page.modules.len() <= 2);
        listed.extend(page.modules.into_iter().map(|module| module.id));
        let Some(cursor) = page.next_cursor else { break };
        query = format!("&cursor={cursor}");
    }
    added.sort();
    listed.sort();
    assert_eq!(listed, added);
    host.get("/v1/modules?cursor=bm9uc2Vuc2U").problem(400, "bad_cursor");
}

#[test]
fn a_module_is_removed_by_version_or_digest_but_not_by_its_bare_name() {
    let host = HOST.host();
    let by_digest = add(&host, "removed", "1.0.0");
    add(&host, "removed", "1.1.0");
    let problem = host.delete("/v1/modules/removed").problem(400, "version_needed");
    assert!(problem.detail.contains("removed@1.0.0") && problem.detail.contains("sha256:"), "{}", problem.detail);
    host.delete("/v1/modules/removed@1.1.0").expect(204);
    host.get("/v1/modules/removed@1.1.0").problem(404, "unknown_module");
    host.delete(&format!("/v1/modules/{}", by_digest.digest)).expect(204);
    host.get("/v1/modules/removed").problem(404, "unknown_module");
    host.post("/v1/jobs", &json!({"module_id": "removed"})).problem(404, "unknown_module");
}

#[test]
fn a_module_that_a_job_needs_cannot_be_removed_until_the_job_has_ended() {
    let host = Host::start();
    let job = host.hostile(json!({"behaviour": "sleep_for_ever"}));
    job.reaches(Status::Running);
    let id = format!("hostile@{}", job.show().module.version);
    let problem = host.delete(&format!("/v1/modules/{id}")).problem(409, "module_in_use");
    assert!(problem.detail.contains(&id), "{}", problem.detail);
    job.stop_and_wait();
    host.delete(&format!("/v1/modules/{id}")).expect(204);
    let problem = job.resume(&json!({})).problem(409, "module_missing");
    assert!(problem.detail.contains(&id), "{}", problem.detail);
    host.upload(&Guest::Hostile.bytes()).expect(201);
    job.go_on();
    job.reaches(Status::Running);
}
