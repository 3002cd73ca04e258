//! Saving too much: results and checkpoints at and past their limits.

use serde_json::{Value, json};

use super::bounds::{HOST, complete, run};
use crate::harness::{Host, Status};

const RESULT_BYTES: u64 = 4 << 20;
const CHECKPOINT_BYTES: u64 = 16 << 20;

#[test]
pub(super) fn save_huge_result() {
    let host = HOST.host();
    let job = complete(&host, json!({ "behaviour": "save_huge_result" }));
    assert_eq!(job.data(), [json!({ "tried": "huge result", "answer": "too-large: 4194304" })]);

    let job = complete(&host, json!({ "behaviour": "save_huge_result", "bytes": RESULT_BYTES }));
    let data = job.data();
    assert_eq!((data.len(), data[0].to_string().len() as u64), (2, RESULT_BYTES));
    assert_eq!(data[1]["answer"], "ok");
    assert_eq!(job.show().usage.result_bytes, RESULT_BYTES + data[1].to_string().len() as u64);
}

#[test]
fn a_result_that_no_call_can_copy_is_a_trap() {
    let host = HOST.host();
    let (job, view) = run(&host, json!({ "behaviour": "save_huge_result", "bytes": 18 << 20 }));
    let error = view.error.expect("a failed job has an error");
    assert_eq!((view.status, error.code.as_str()), (Status::Failed, "trap"));
    assert_eq!(error.message, "one call between the module and the host would have copied more than 17 MiB");
    assert_eq!(job.data(), [Value::Null; 0]);
}

#[test]
pub(super) fn save_results_without_end() {
    let host = Host::with(&["job.results=4MiB"]);
    let job = complete(&host, json!({ "behaviour": "save_results_without_end", "bytes": 100_000 }));
    let rows = job.results();
    // 41 times 100,000 fit into 4,194,304.
    assert_eq!(rows.len(), 41);
    assert!(rows.iter().zip(1..).all(|(row, seq)| row.seq == seq && !row.provisional));
    let answer = "limit-reached: the results of this job may have 4194304 bytes together";
    let saved: Value = job.get("/checkpoint").read(200);
    assert_eq!(saved["checkpoint"], json!({ "saved": 41, "answer": answer }));
    assert_eq!(job.show().results, 41);
}

#[test]
pub(super) fn save_huge_checkpoint() {
    let host = HOST.host();
    let job = complete(&host, json!({ "behaviour": "save_huge_checkpoint" }));
    assert_eq!(job.data(), [json!({ "tried": "huge checkpoint", "answer": "too-large: 16777216" })]);
    job.get("/checkpoint").problem(404, "no_checkpoint");

    let job = complete(&host, json!({ "behaviour": "save_huge_checkpoint", "bytes": CHECKPOINT_BYTES }));
    assert_eq!(job.data()[0]["answer"], "ok");
    let saved: Value = job.get("/checkpoint").read(200);
    assert_eq!(saved["checkpoint"].to_string().len() as u64, CHECKPOINT_BYTES);
    assert_eq!(job.show().usage.checkpoint_bytes, CHECKPOINT_BYTES);
}

#[test]
pub(super) fn save_many_checkpoints() {
    let host = HOST.host();
    let job = complete(&host, json!({ "behaviour": "save_many_checkpoints", "count": 1_000 }));
    let saved: Value = job.get("/checkpoint").read(200);
    assert_eq!((&saved["checkpoint"], &saved["attempt"]), (&json!({ "number": 1_000 }), &json!(1)));
    let view = job.show();
    assert_eq!(view.usage.checkpoint_bytes, saved["checkpoint"].to_string().len() as u64);
    assert_eq!(view.checkpoint_saved_at.as_deref(), saved["saved_at"].as_str());
}
