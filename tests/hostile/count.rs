//! Counting, which is honest work, and reporting progress too often, which is not.

use serde_json::{Value, json};

use super::bounds::{HOST, complete, stop_of};
use crate::harness::{Job, Status};

#[test]
pub(super) fn count() {
    let host = HOST.host();
    let job = complete(&host, json!({ "behaviour": "count", "to": 20 }));
    let rows = job.results();
    assert!(rows.iter().zip(1..).all(|(row, n)| row.seq == n && row.data["n"] == n && !row.provisional), "{rows:?}");
    let saved: Value = job.get("/checkpoint").read(200);
    assert_eq!((rows.len(), &saved["checkpoint"]["n"]), (20, &json!(20)));
    let view = job.show();
    let progress = view.progress.expect("it reported");
    assert_eq!((progress.done, progress.total, view.last_log_seq), (20, Some(20), 21));
}

#[test]
fn a_count_that_was_stopped_goes_on_where_it_was() {
    let host = HOST.host();
    let job = host.hostile(json!({ "behaviour": "count", "to": 40, "pause_ms": 20 }));
    job.until("a few numbers are saved", |job| job.results >= 3);
    job.stop_and_wait();
    let stopped = job.show();
    assert_eq!(stop_of(&stopped), Some(("requested", false)));
    assert!((3..40).contains(&stopped.results));
    assert_eq!(job.go_on().status, Status::Pending);
    let ended = job.ended();
    assert_eq!((ended.status, ended.attempt, &ended.stop), (Status::Completed, 2, &None));
    let rows = job.results();
    assert_eq!(rows.len(), 40);
    assert!(rows.iter().zip(1..).all(|(row, n)| row.seq == n && row.data["n"] == n && !row.provisional), "{rows:?}");
    let first_of_second = rows.iter().find(|row| row.attempt == 2).expect("the second attempt saved some");
    assert_eq!(first_of_second.seq, stopped.results + 1);
    assert!(job.messages().contains(&format!("attempt 2 goes on after {}", stopped.results)));
}

#[test]
pub(super) fn forget() {
    let host = HOST.host();
    let sums = |job: &Job| job.data().iter().map(|data| data["sum"].as_u64()).collect::<Vec<_>>();
    let job = complete(&host, json!({ "behaviour": "forget", "to": 5 }));
    assert_eq!(sums(&job), [1, 3, 6, 10, 15].map(Some));
    // The host gives back what was saved, and no more: what was forgotten is missing after a resume.
    let saved: Value = job.get("/checkpoint").read(200);
    let inputs = json!({ "behaviour": "forget", "to": 7 });
    let more = host.hostile_with(inputs, json!({ "checkpoint": saved["checkpoint"] }));
    assert_eq!(more.ended().status, Status::Completed);
    assert_eq!(sums(&more), [6, 13].map(Some));
}

#[test]
pub(super) fn report_progress_often() {
    let host = HOST.host();
    let job = complete(&host, json!({ "behaviour": "report_progress_often", "times": 1_000_000 }));
    let progress = job.show().progress.expect("it reported");
    assert_eq!((progress.done, progress.total), (1_000_000, Some(1_000_000)), "the newest value wins");
}
