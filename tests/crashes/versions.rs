//! Versions of modules and of their jobs do not mix: a job always runs the bytes that it was started with.

use cofferdam_text_guest::TextGuest;
use serde_json::{Value, json};

use crate::harness::{Host, Job, ModuleView, Request, Status};

/// A module that logs one word.
fn saying(word: &str, version: &str) -> Vec<u8> {
    let component = TextGuest {
        version: version.to_owned(),
        fields: format!("(data (i32.const 4096) \"{word}\")"),
        run: format!("(call $log (i32.const 4096) (i32.const {}) (i32.const 2))", word.len()),
        ..TextGuest::named("parrot")
    };
    component.component()
}

#[track_caller]
fn upload(host: &Host, query: &str, component: &[u8]) -> String {
    let request = Request::new("POST", &format!("/v1/modules{query}")).body("application/wasm", component);
    host.send(request).read::<ModuleView>(201).digest
}

#[test]
fn jobs_that_wait_keep_their_bytes_whatever_is_uploaded_meanwhile() {
    let mut host = Host::with(&["node.slots=1"]);
    let blocker = host.hostile(json!({ "behaviour": "sleep_for_ever" }));
    blocker.reaches(Status::Running);
    let first = upload(&host, "", &saying("one", "1.0.0"));
    let old = host.start_job(&json!({ "module_id": "parrot" }));
    let second = upload(&host, "", &saying("two", "2.0.0"));
    let new = host.start_job(&json!({ "module_id": "parrot" }));
    let other = saying("other", "1.0.0");
    let request = Request::new("POST", "/v1/modules").body("application/wasm", other.as_slice());
    host.send(request).problem(409, "version_exists");
    let replaced = upload(&host, "?replace=true", &other);
    let moved = host.start_job(&json!({ "module_id": "parrot@1.0.0" }));
    let by_digest = host.start_job(&json!({ "module_id": first }));

    host.kill();
    host.start_again();
    blocker.stop_and_wait();
    let expected =
        [(&old, "one", &first), (&new, "two", &second), (&moved, "other", &replaced), (&by_digest, "one", &first)];
    for (job, word, digest) in expected {
        assert_ran(job, word, digest);
    }
}

#[track_caller]
fn assert_ran(job: &Job, word: &str, digest: &str) {
    let view = job.ended();
    assert_eq!((view.status, view.module.digest.as_str()), (Status::Completed, digest));
    assert_eq!(job.messages(), [word]);
}

#[test]
fn a_resume_stays_on_its_own_bytes_unless_it_names_others() {
    let host = Host::start();
    let failing = |version: &str, word: &str| {
        let component = TextGuest {
            version: version.to_owned(),
            fields: format!("(data (i32.const 4096) \"{word}\")"),
            run: format!("(call $log (i32.const 4096) (i32.const {}) (i32.const 2)) (unreachable)", word.len()),
            ..TextGuest::named("parrot")
        };
        component.component()
    };
    upload(&host, "", &failing("1.0.0", "one"));
    let job = host.start_job(&json!({ "module_id": "parrot" }));
    assert_eq!(job.ended().status, Status::Failed);
    upload(&host, "", &failing("1.1.0", "two"));
    job.go_on();
    assert_eq!(job.ended().module.version, "1.0.0");
    let resumed: Value = job.resume(&json!({ "module_id": "parrot@1.1.0" })).read(200);
    assert_eq!(resumed["module"]["version"], "1.1.0");
    job.ended();
    let said: Vec<_> = job.messages().into_iter().filter(|line| line.len() == 3).collect();
    assert_eq!(said, ["one", "one", "two"]);
}
