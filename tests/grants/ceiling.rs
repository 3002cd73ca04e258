//! The operator's ceiling: at the grant, and again at each attempt.

use std::fs;
use std::os::unix::fs::symlink;

use serde_json::{Value, json};

use crate::harness::{Guest, Host, Shared, Status};

static HOST: Shared = Shared::new();

#[test]
fn what_the_operator_does_not_allow_is_refused_with_the_ceiling() {
    let host = HOST.host();
    host.has(Guest::Hello);
    for (grants, pointer, words) in [
        (json!({ "http": ["http://api.example.com"] }), "/http/0", "this host lets be granted: *:*"),
        (json!({ "http": [{ "host": "a.example", "private": true }] }), "/http/0", "grants.private_networks"),
        (json!({ "dirs": [{ "host": "/srv", "guest": "/data" }] }), "/dirs/0", "grants.dirs"),
        (json!({ "limits": { "memory": 1_u64 << 40 } }), "/limits/memory", "at most 268435456"),
        (json!({ "limits": { "cpu_time": "0s" } }), "/limits/cpu_time", "no time at all"),
        (json!({ "env": { "A=B": "" } }), "/env/A=B", "no name of a variable"),
    ] {
        let problem = host.put("/v1/modules/hello/grants", &grants).problem(422, "grants_not_allowed");
        let found = problem.errors.iter().any(|error| error.pointer == pointer && error.detail.contains(words));
        assert!(found, "{grants}: {:?}", problem.errors);
    }
    let shown: Value = host.get("/v1/modules/hello/grants").read(200);
    assert_eq!(shown["http"], json!([]), "nothing of it was taken");
}

#[test]
fn the_settings_widen_and_narrow_what_may_be_granted() {
    let host = Host::with(&[
        "grants.http=*.example.org, http://127.0.0.1:*",
        "grants.private_networks=127.0.0.0/8",
        "grants.env=APP_*",
    ]);
    let allowed = json!({
        "http": ["a.example.org", { "host": "http://127.0.0.1:8080", "private": true }],
        "env": { "APP_MODE": "fast" },
    });
    host.grant(Guest::Hello, &allowed);
    for grants in [
        json!({ "http": ["example.com"] }),
        json!({ "http": ["a.example.org:8443"] }),
        json!({ "http": [{ "host": "http://127.0.0.1:*", "private": true }] }),
        json!({ "env": { "MODE": "fast" } }),
    ] {
        host.put("/v1/modules/hello/grants", &grants).problem(422, "grants_not_allowed");
    }
}

#[test]
fn a_folder_is_granted_only_below_a_root_wherever_links_lead() {
    let base = tempfile::tempdir().expect("a folder");
    let base = base.path().canonicalize().expect("it is there");
    for name in ["root/data", "outside"] {
        fs::create_dir_all(base.join(name)).expect("a folder");
    }
    symlink(base.join("outside"), base.join("root/link")).expect("a link");
    symlink("data", base.join("root/alias")).expect("a link");
    fs::write(base.join("root/file"), "").expect("a file");
    let host = Host::with(&[&format!("grants.dirs={}", base.join("root").display())]);
    host.has(Guest::Hello);
    let grant = |folder: &str, write: bool| {
        let dir = json!({ "host": base.join(folder), "guest": "/data", "write": write });
        host.put("/v1/modules/hello/grants", &json!({ "dirs": [dir] }))
    };
    grant("root/data", false).expect(200);
    let alias: Value = grant("root/alias", false).read(200);
    assert_eq!(alias["dirs"][0]["host"], json!(base.join("root/data")), "the real path is what is kept");
    for (folder, write, words) in [
        ("root/data", true, "reading alone"),
        ("root/link", false, "outside of the folders"),
        ("outside", false, "outside of the folders"),
        ("root/../outside", false, "without `.` and `..`"),
        ("root/file", false, "not a directory"),
        ("root/nowhere", false, "not found"),
    ] {
        let problem = grant(folder, write).problem(422, "grants_not_allowed");
        let error = &problem.errors[0];
        assert!(error.pointer == "/dirs/0/host" && error.detail.contains(words), "{folder}: {:?}", problem.errors);
    }
    let twice =
        [json!({ "host": base.join("root"), "guest": "/d" }), json!({ "host": base.join("root"), "guest": "/d" })];
    let problem = host.put("/v1/modules/hello/grants", &json!({ "dirs": twice })).problem(422, "grants_not_allowed");
    assert_eq!(problem.errors[0].pointer, "/dirs/1/guest");
}

#[test]
fn a_ceiling_lowered_later_holds_at_the_next_attempt() {
    let mut host = Host::with(&["grants.env=APP_*"]);
    host.grant(Guest::Hostile, &json!({ "env": { "APP_MODE": "fast" } }));
    host.terminate();
    host.set("grants.env=");
    host.start_again();
    let job = host.hostile(json!({ "behaviour": "count", "to": 1 }));
    let view = job.ended();
    let error = view.error.expect("a failed job has an error");
    assert_eq!((view.status, error.code.as_str(), view.attempt), (Status::Failed, "grant-refused", 0));
    assert!(error.message.contains("`/env/APP_MODE` is not among the variables"), "{}", error.message);
    assert_eq!(job.messages(), [error.message.as_str()]);
    host.grant(Guest::Hostile, &json!({}));
    job.go_on();
    job.reaches(Status::Completed);
}

#[test]
fn a_folder_that_was_swapped_since_is_not_opened() {
    let base = tempfile::tempdir().expect("a folder");
    let base = base.path().canonicalize().expect("it is there");
    for name in ["root/data", "root/other", "outside"] {
        fs::create_dir_all(base.join(name)).expect("a folder");
    }
    let host = Host::with(&[&format!("grants.dirs={}:rw", base.join("root").display())]);
    let dir = json!({ "host": base.join("root/data"), "guest": "/data", "write": true });
    host.grant(Guest::Hostile, &json!({ "dirs": [dir] }));
    for target in ["outside", "root/other", "nowhere"] {
        let _ = fs::remove_dir(base.join("root/data"));
        let _ = fs::remove_file(base.join("root/data"));
        symlink(base.join(target), base.join("root/data")).expect("a link");
        let view = host.hostile(json!({ "behaviour": "count", "to": 1 })).ended();
        let error = view.error.expect("a failed job has an error");
        assert_eq!(error.code, "grant-refused", "{target}: {}", error.message);
        assert!(!error.message.contains(&base.display().to_string()), "no paths of the host: {}", error.message);
    }
}
