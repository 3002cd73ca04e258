//! Results and checkpoints: provisional, final, superseded.

use serde_json::{Value, json};

use crate::harness::{Shared, Status};

static HOST: Shared = Shared::new();

#[test]
fn results_are_final_with_the_checkpoint_after_them() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "count", "to": 3}));
    job.reaches(Status::Completed);
    let results = job.results();
    assert!(results.iter().map(|row| row.seq).eq(1..=3));
    for row in &results {
        assert_eq!((row.attempt, row.provisional, row.superseded), (1, false, false));
        assert_eq!(row.data, json!({"n": row.seq, "attempt": 1}));
        assert!(row.time.ends_with('Z'), "{}", row.time);
    }
}

#[test]
fn a_result_is_visible_at_once_as_provisional_and_final_when_the_job_completes() {
    let host = HOST.host();
    // What it was refused it saves as results, and never a checkpoint.
    let job = host.hostile(json!({"behaviour": "save_invalid_checkpoints"}));
    let shown = job.reaches(Status::Completed);
    let results = job.results();
    assert!(results.len() > 10 && results.len() as u64 == shown.results);
    assert!(results.iter().all(|row| !row.provisional), "completed makes results final");
}

#[test]
fn results_without_a_checkpoint_stay_provisional_and_are_superseded_by_the_next_attempt() {
    let host = HOST.host();
    let request = json!({"stop_grace": "0s"});
    let job = host.hostile_with(json!({"behaviour": "save_results_without_end", "bytes": 100_000}), request);
    job.until("a result is visible", |job| job.results > 0);
    assert!(job.results()[0].provisional, "no checkpoint came after it");
    job.stop_and_wait();
    let stopped = job.results();
    assert!(stopped.iter().all(|row| row.provisional && !row.superseded), "a resume saves them again");

    job.resume(&json!({"inputs": {"behaviour": "count", "to": 2}})).expect(200);
    assert_eq!(job.reaches(Status::Completed).results, 2);
    let numbers: Vec<_> = job.data().iter().map(|data| data["n"].clone()).collect();
    assert_eq!(numbers, [1, 2]);
    let all = job.results_with_superseded();
    let (old, new) = all.split_at(stopped.len());
    assert!(old.iter().all(|row| row.superseded && row.attempt == 1));
    assert!(new.iter().all(|row| !row.superseded && !row.provisional && row.attempt == 2));
    assert!(all.iter().map(|row| row.seq).eq(1..=all.len() as u64), "results are numbered without a hole");
}

#[test]
fn results_come_in_pages_after_a_number() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "count", "to": 7}));
    job.reaches(Status::Completed);
    let page: Value = job.get("/results?limit=3").read(200);
    assert_eq!((page["results"].as_array().map(Vec::len), &page["next_after"]), (Some(3), &json!(3)));
    let page: Value = job.get("/results?after=6&limit=1000").read(200);
    assert_eq!((&page["results"][0]["seq"], &page["next_after"]), (&json!(7), &json!(7)));
    let page: Value = job.get("/results?after=7").read(200);
    assert_eq!(page, json!({"results": [], "next_after": 7}));
    let page: Value = job.get("/results?after=99").read(200);
    assert_eq!(page, json!({"results": [], "next_after": 99}));
    for query in ["after=-1", "after=x", "limit=0", "superseded=maybe", "offset=1"] {
        job.get(&format!("/results?{query}")).problem(400, "invalid_query");
    }
}

#[test]
fn a_page_of_large_results_stays_small_and_nothing_is_lost() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "count", "to": 8, "padding_bytes": 1_500_000}));
    job.reaches(Status::Completed);
    let (mut after, mut pages, mut seen) = (0, 0, Vec::new());
    loop {
        let answer = job.get(&format!("/results?after={after}&limit=1000")).expect(200);
        assert!(answer.body.len() < 5 << 20, "a page of {} bytes", answer.body.len());
        let page: Value = answer.read(200);
        let rows = page["results"].as_array().expect("a list");
        if rows.is_empty() {
            break;
        }
        seen.extend(rows.iter().map(|row| row["data"]["n"].as_u64().expect("a number")));
        after = page["next_after"].as_u64().expect("a number");
        pages += 1;
    }
    assert_eq!(seen, (1..=8).collect::<Vec<_>>());
    assert!(pages > 1, "one page held them all");
}

#[test]
fn a_checkpoint_is_404_before_the_first_and_shown_with_its_attempt_after() {
    let host = HOST.host();
    let none = host.hostile(json!({"behaviour": "sleep_for_ever"}));
    none.reaches(Status::Running);
    let problem = none.get("/checkpoint").problem(404, "no_checkpoint");
    assert!(problem.detail.contains(&none.id), "{}", problem.detail);
    none.stop_and_wait();

    let job = host.hostile(json!({"behaviour": "count", "to": 4}));
    let saved_at = job.reaches(Status::Completed).checkpoint_saved_at.expect("it saved some");
    let checkpoint: Value = job.get("/checkpoint").read(200);
    assert_eq!(checkpoint, json!({"checkpoint": {"n": 4, "attempt": 1}, "attempt": 1, "saved_at": saved_at}));
}

#[test]
fn a_checkpoint_given_at_the_start_is_shown_as_attempt_0() {
    let host = HOST.host();
    let job = host.hostile_with(json!({"behaviour": "sleep_for_ever"}), json!({"checkpoint": {"n": 8}}));
    let checkpoint: Value = job.get("/checkpoint").read(200);
    assert_eq!((&checkpoint["checkpoint"], &checkpoint["attempt"]), (&json!({"n": 8}), &json!(0)));
    job.stop_and_wait();
}
