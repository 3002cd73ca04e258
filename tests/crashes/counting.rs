//! Jobs whose host is killed go on by themselves from their last checkpoint, and everything counts once.

use std::time::Duration;

use serde_json::{Value, json};

use super::ledger::{assert_each_once, dense_log, host_lines, restarted};
use crate::harness::{Guest, Host, Job, Level, Status};

/// The number in the last checkpoint that is stored.
#[track_caller]
fn checkpoint(job: &Job, number: &str) -> u64 {
    let saved: Value = job.get("/checkpoint").read(200);
    saved["checkpoint"][number].as_u64().expect("a checkpoint has its number")
}

#[test]
fn prime_count_goes_on_after_a_kill() {
    let mut host = Host::start();
    host.has(Guest::PrimeCount);
    let job = host.start_job(&json!({
        "module_id": "prime-count",
        "inputs": { "limit": 100_000_000 },
        // About a hundred blocks, each with a durable checkpoint.
        "settings": { "segment_size": 62_500, "checkpoint_every": 16 },
    }));
    let before = job.until("some blocks are done", |job| job.results >= 5 && job.usage.cpu_time_ms > 0).usage;
    assert!(before.peak_memory_bytes > 0, "what it used is kept with its checkpoints: {before:?}");
    let saved = checkpoint(&job, "blocks");
    host.kill();
    host.start_again();

    let view = job.ended();
    assert_eq!((view.status, view.attempt, &view.error), (Status::Completed, 2, &None));
    assert!(view.usage.cpu_time_ms > before.cpu_time_ms, "of both attempts: {before:?}, {:?}", view.usage);
    assert_each_once(&job, "block", 101);
    let rows = job.results();
    assert_eq!(rows[100].data["primes_so_far"], 5_761_455, "the count of the primes up to 10^8");
    let blocks = rows.windows(2).all(|two| two[0].data["to"].as_u64().map(|to| to + 1) == two[1].data["from"].as_u64());
    assert!(blocks, "no number was left out or counted twice");

    let log = dense_log(&job);
    assert_eq!(host_lines(&log), [(2, Level::Warn, restarted(2).as_str())]);
    let goes_on = log.iter().find(|line| line.message.starts_with("attempt 2 goes on at")).expect("it says so");
    let block: u64 = goes_on.message.rsplit(' ').next().and_then(|n| n.parse().ok()).expect("a number");
    assert!(block >= saved, "it goes on after block {block}, and {saved} was acknowledged before the kill");
}

#[test]
fn run_time_is_that_of_all_attempts() {
    let mut host = Host::start();
    let job = host.hostile(json!({ "behaviour": "count", "to": 70, "pause_ms": 50 }));
    // More than two heartbeats.
    job.until("it has run for a while", |job| job.results >= 50);
    let saved = checkpoint(&job, "n");
    host.kill();
    host.start_again();

    let view = job.ended();
    assert_eq!((view.status, view.attempt), (Status::Completed, 2));
    assert_each_once(&job, "n", 70);
    let again = job.results().iter().filter(|row| row.attempt == 2).count() as u64;
    assert!(again <= 70 - saved, "checkpoint {saved} was acknowledged, and {again} numbers were counted after it");
    let run_time = Duration::from_millis(view.usage.run_time_ms);
    // The first attempt counts up to its last heartbeat: at least one second of its two and a half.
    assert!(
        run_time >= Duration::from_millis(again * 50 + 1_000),
        "{run_time:?}, {again} of them in the second attempt"
    );
}

#[test]
fn ten_kills_lose_nothing_and_double_nothing() {
    let mut host = Host::start();
    let job = host.hostile(json!({ "behaviour": "count", "to": 400, "pause_ms": 5 }));
    let mut acknowledged = 0;
    let mut attempts = Vec::new();
    for kill in 1..=10_u64 {
        let seen = job.show().results;
        job.until("it counts on", |job| job.results >= seen + 3 && job.status == Status::Running);
        // Not always at the same moment of a commit.
        std::thread::sleep(Duration::from_millis(kill * 7 % 23));
        let now = checkpoint(&job, "n");
        assert!(now >= acknowledged, "checkpoint {now} follows {acknowledged}");
        acknowledged = now;
        attempts.push(job.show().attempt);
        host.kill();
        host.start_again();
    }
    assert!(attempts.windows(2).all(|two| two[0] < two[1]), "attempts only grow: {attempts:?}");

    let view = job.ended();
    assert_eq!(view.status, Status::Completed);
    assert_each_once(&job, "n", 400);
    let log = dense_log(&job);
    let expected: Vec<_> = (2..=view.attempt).map(restarted).collect();
    let expected: Vec<_> = (2..).zip(&expected).map(|(attempt, line)| (attempt, Level::Warn, line.as_str())).collect();
    assert_eq!(host_lines(&log), expected);
    assert_numbers_were_not_given_back(&job);
}

/// A result that was superseded was produced again under another number; numbers are never used twice.
#[track_caller]
fn assert_numbers_were_not_given_back(job: &Job) {
    let all = job.results_with_superseded();
    assert!(all.windows(2).all(|two| two[0].seq < two[1].seq));
    for lost in all.iter().filter(|row| row.superseded) {
        let again = all.iter().find(|row| !row.superseded && row.data["n"] == lost.data["n"]).expect("produced again");
        assert!(again.attempt > lost.attempt && again.seq > lost.seq, "{lost:?} and then {again:?}");
    }
}
