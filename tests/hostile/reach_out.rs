//! Reaching for what nobody granted.

use serde_json::json;

use super::bounds::{HOST, complete};

#[test]
pub(super) fn open_files() {
    let host = HOST.host();
    let job = complete(&host, json!({ "behaviour": "open_files" }));
    assert_eq!(job.data().len(), 10, "each attempt was answered with an error: {:?}", job.data());
}

#[test]
pub(super) fn read_environment() {
    let host = HOST.host();
    let job = complete(&host, json!({ "behaviour": "read_environment" }));
    assert_eq!(job.data(), [json!({ "tried": "environment and arguments", "answer": "empty" })]);
}
