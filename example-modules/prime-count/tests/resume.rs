//! A count that is stopped and resumed, however often, says the same as one that runs through.

use cofferdam_sdk::testing::{Attempt, Recording};
use prime_count::{Block, Inputs, Settings, State, run};
use serde_json::{Value, json};

const LIMIT: u64 = 1_000_000;
const PRIMES: u64 = 78_498;

fn attempt(attempt: Attempt, checkpoint_every: u64) -> Recording {
    let settings = Settings { segment_size: 10_000, checkpoint_every };
    attempt.run(|job| run(&job, &Inputs { limit: LIMIT }, &settings))
}

fn blocks(results: &[Value]) -> Vec<Block> {
    results.iter().map(|result| serde_json::from_value(result.clone()).expect("every result is a block")).collect()
}

/// Checks that the blocks follow each other without a hole, and returns the number of primes in them.
fn primes_in(blocks: &[Block]) -> u64 {
    let mut primes = 0;
    let mut next = 0;
    for (block, number) in blocks.iter().zip(1..) {
        primes += block.primes;
        assert_eq!((block.block, block.from, block.primes_so_far), (number, next, primes));
        next = block.to + 1;
    }
    assert_eq!(next, LIMIT + 1);
    primes
}

#[test]
fn saves_one_result_before_each_checkpoint() {
    let recording = attempt(Attempt::first(), 10);

    assert_eq!(recording.outcome, Ok(()));
    // A hundred segments of 10,000 numbers, and one more for the number 1,000,000 itself.
    assert_eq!((recording.results.len(), recording.checkpoints.len(), recording.final_results), (11, 11, 11));
    assert_eq!(primes_in(&blocks(&recording.results)), PRIMES);
    assert_eq!(recording.progress.last(), Some(&(LIMIT + 1, Some(LIMIT + 1))));
}

#[test]
fn a_stopped_count_goes_on_from_its_checkpoint() {
    let mut results = Vec::new();
    let mut checkpoint = None;
    let mut attempts = 0;
    loop {
        let start = match checkpoint.take() {
            None => Attempt::first(),
            saved => Attempt::second(saved),
        };
        let recording = attempt(start.cancel_after(7), 3);
        attempts += 1;
        assert_eq!(recording.outcome, Ok(()));
        assert_eq!(recording.final_results, recording.results.len(), "a stop leaves no provisional result");
        results.extend(recording.results);
        let state: State = serde_json::from_value(recording.checkpoints.last().expect("saved").clone()).expect("state");
        if state.next > LIMIT {
            assert_eq!(state.primes, PRIMES);
            break;
        }
        checkpoint = recording.checkpoints.last().cloned();
    }
    assert!(attempts > 10, "the count was stopped only {attempts} times");
    assert_eq!(primes_in(&blocks(&results)), PRIMES);
}

#[test]
fn tiny_limits_are_counted_too() {
    for (limit, expected) in [(0, 0), (1, 0), (2, 1), (3, 2)] {
        let recording = Attempt::first().run(|job| run(&job, &Inputs { limit }, &Settings::default()));
        assert_eq!(blocks(&recording.results)[0].primes_so_far, expected, "primes up to {limit}");
    }
}

#[test]
fn a_checkpoint_of_another_job_is_refused() {
    let checkpoint = json!({ "blocks": 1, "next": LIMIT + 2, "primes": 5 });
    let failure = attempt(Attempt::second(Some(checkpoint)), 10).outcome.expect_err("the checkpoint is past the end");
    assert!(failure.message().contains("another job"), "{failure}");
}

#[test]
fn settings_out_of_bounds_are_refused_by_name() {
    let failure = attempt(Attempt::first(), 0).outcome.expect_err("a block has at least one segment");
    assert!(failure.message().starts_with("settings.checkpoint_every is 0"), "{failure}");
}
