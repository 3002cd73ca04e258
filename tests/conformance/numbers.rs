//! Integers at the edges of what languages hold.

use serde_json::json;

use super::subject::{Subject, error_of};
use crate::harness::{Request, Status};

/// 2^53 + 1 is the first that no `f64` holds.
pub(super) fn large_integers(subject: &mut Subject) {
    for count in [u64::from(u32::MAX) + 1, (1 << 53) - 1, (1 << 53) + 1, i64::MAX as u64, u64::MAX] {
        let job = subject.start(&json!({ "behaviour": "echo", "count": count }));
        let view = job.ended();
        if view.status == Status::Completed {
            assert_eq!(job.data()[0]["count"], json!(count));
        } else {
            assert!(count >= 1 << 53, "{count} is held by every language: {view:?}");
            let error = error_of(view);
            assert_eq!(error.code, "guest-failed");
            assert!(error.message.starts_with("inputs.count does not fit: "), "{error:?}");
        }
    }
}

/// To JSON Schema `3.0` and `3e0` are integers: a host that takes them must not start a job that does not.
pub(super) fn written_with_a_fraction(subject: &mut Subject) {
    for number in ["3.0", "3e0"] {
        let inputs = format!(r#"{{"behaviour": "echo", "count": {number}}}"#);
        let body = format!(r#"{{"module_id": "conformance-{}", "inputs": {inputs}}}"#, subject.language.name());
        let started = subject.send(Request::new("POST", "/v1/jobs").body("application/json", body));
        let started: serde_json::Value = started.read(201);
        let job = subject.job(started["id"].as_str().expect("a job has an id"));
        let view = job.ended();
        assert_eq!((view.status, view.error), (Status::Completed, None), "for {number}");
        assert_eq!(job.data()[0]["count"], json!(3), "for {number}");
    }
}
