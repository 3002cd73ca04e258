//! Saving what is not a JSON object.

use serde_json::{Value, json};

use super::bounds::{HOST, complete};
use crate::harness::Job;

/// Every text that the guest tried was refused as what it is.
#[track_caller]
fn assert_all_refused(job: &Job) {
    let rows = job.data();
    assert_eq!(rows.len(), 16);
    for row in rows {
        assert_eq!(row["answer"], "invalid-json", "{row}");
    }
}

#[test]
pub(super) fn save_invalid_results() {
    let host = HOST.host();
    assert_all_refused(&complete(&host, json!({ "behaviour": "save_invalid_results" })));
}

#[test]
pub(super) fn save_invalid_checkpoints() {
    let host = HOST.host();
    let job = complete(&host, json!({ "behaviour": "save_invalid_checkpoints" }));
    assert_all_refused(&job);
    job.get("/checkpoint").problem(404, "no_checkpoint");
}

#[test]
pub(super) fn save_deep_json() {
    let host = HOST.host();
    for depth in [127, 1_000_000] {
        let job = complete(&host, json!({ "behaviour": "save_deep_json", "depth": depth }));
        assert_eq!(job.data(), [json!({ "depth": depth, "answer": "invalid-json" })]);
    }
    // The object around it is a level too; what is taken can be read again by everyone.
    let job = complete(&host, json!({ "behaviour": "save_deep_json", "depth": 120 }));
    let data = job.data();
    assert_eq!((data.len(), &data[1]["answer"]), (2, &Value::from("ok")));
}
