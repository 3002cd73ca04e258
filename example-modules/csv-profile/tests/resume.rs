//! A profile that is stopped and resumed, however often, says the very same as one that runs through.

use std::fmt::Write;

use cofferdam_sdk::testing::{Attempt, Recording};
use csv_profile::{Inputs, Settings, run};
use serde_json::Value;

const ROWS: u32 = 20_000;

/// A table with a column that is sketched from the start, one that is counted exactly throughout, one with gaps, and
/// cells with quotes and line breaks.
fn table() -> String {
    let mut csv = String::from("id,group,reading,note\n");
    let mut random = 1_u32;
    for id in 0..ROWS {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let reading = if random.is_multiple_of(11) { "NA".into() } else { (f64::from(random) / 1e6).to_string() };
        writeln!(csv, "{id},g{},{reading},\"a \"\"note\"\"\n{}\"", random % 7, random % 3).expect("a string grows");
    }
    csv
}

fn settings() -> Settings {
    Settings { checkpoint_every: 1_000, exact_up_to: 500, ..Settings::default() }
}

fn attempt(attempt: Attempt, csv: &str) -> Recording {
    attempt.run(|job| run(&job, &Inputs { csv: csv.into() }, &settings()))
}

#[test]
fn resuming_leads_to_the_very_same_answer() {
    let csv = table();
    let through = attempt(Attempt::first(), &csv);
    assert_eq!(through.results.len(), 4);
    assert_eq!(through.results[0]["distinct"]["exact"], false);
    assert_eq!(through.results[1]["distinct"]["count"], 7);
    assert_eq!(through.results[3]["rows"], ROWS);

    let mut checkpoint: Option<Value> = None;
    let mut attempts = 0;
    let results = loop {
        let start = checkpoint.clone().map_or_else(Attempt::first, |saved| Attempt::second(Some(saved)));
        let recording = attempt(start.cancel_after(1_700), &csv);
        assert_eq!(recording.outcome, Ok(()));
        attempts += 1;
        if !recording.results.is_empty() {
            break recording.results;
        }
        checkpoint = recording.checkpoints.last().cloned().or(checkpoint);
    };
    assert!(attempts > 10, "the profile was stopped only {attempts} times");
    assert_eq!(results, through.results);
}

#[test]
fn a_checkpoint_stays_small_however_long_the_table_is() {
    let recording = attempt(Attempt::first(), &table());

    let bytes: Vec<_> = recording.checkpoints.iter().map(|checkpoint| checkpoint.to_string().len()).collect();
    assert_eq!(bytes.len(), 20);
    assert!(bytes.iter().all(|&bytes| bytes < 24 * 1024), "checkpoints of {bytes:?} bytes");
}

#[test]
fn a_checkpoint_of_another_table_is_refused() {
    let saved = attempt(Attempt::first(), &table()).checkpoints.remove(0);
    let failure = attempt(Attempt::second(Some(saved)), "a,b\n1,2\n").outcome.expect_err("it is another table");
    assert!(failure.message().contains("another table"), "{failure}");
}
