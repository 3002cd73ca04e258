//! Tables with too much, too little, or something else in them.

use cofferdam_sdk::testing::{Attempt, Recording};
use cofferdam_sdk::{Failure, LogLevel};
use csv_profile::{Inputs, Settings, run};

fn profile(csv: &str, settings: &Settings) -> Recording {
    Attempt::first().run(|job| run(&job, &Inputs { csv: csv.into() }, settings))
}

fn failure(csv: &str, settings: &Settings) -> String {
    let outcome = profile(csv, settings).outcome;
    let Err(Failure::Permanent(message)) = outcome else { panic!("{csv:?} led to {outcome:?}") };
    message
}

#[test]
fn a_header_alone_has_empty_columns() {
    let results = profile("a,b", &Settings::default()).results;
    assert_eq!(results.len(), 2);
    assert_eq!((&results[0]["type"], &results[0]["rows"]), (&"empty".into(), &0.into()));
    assert!(results[0]["minimum"].is_null() && results[0]["numbers"].is_null());
}

#[test]
fn ragged_rows_are_counted_and_named_by_line() {
    let recording = profile("a,b\n1,2\n3\n4,5,6\n", &Settings::default());
    let warnings: Vec<_> = recording.log.iter().filter(|(level, _)| *level == LogLevel::Warn).collect();
    assert_eq!(warnings.len(), 2);
    assert_eq!(warnings[0].1, "row 2 (line 3) has 1 cells, not 2");
    assert_eq!(recording.results[1]["gaps"], 1);
}

#[test]
fn delimiter_and_gap_markers_are_the_settings() {
    let settings = Settings { delimiter: ';', gaps: vec!["-".into()], ..Settings::default() };
    let results = profile("a;b\n1,5;-\nNA;2\n", &settings).results;
    assert_eq!((&results[0]["gaps"], &results[0]["distinct"]["count"]), (&0.into(), &2.into()));
    assert_eq!((&results[1]["gaps"], &results[1]["type"]), (&1.into(), &"integer".into()));
}

#[test]
fn numbers_in_a_column_of_texts_are_still_summed_up() {
    let results = profile("a\n1\n3\nfive\n", &Settings::default()).results;
    assert_eq!(results[0]["type"], "text");
    assert_eq!((&results[0]["numbers"]["count"], &results[0]["numbers"]["mean"]), (&2.into(), &2.into()));
    assert_eq!((&results[0]["minimum"], &results[0]["maximum"]), (&"1".into(), &"five".into()));
}

#[test]
fn huge_numbers_do_not_break_a_checkpoint() {
    let settings = Settings { checkpoint_every: 1, ..Settings::default() };
    let recording = profile("a\n1e308\n-1e308\n1e308\n", &settings);
    assert_eq!(recording.outcome, Ok(()));
    assert!(recording.results[0]["numbers"]["standard_deviation"].is_null(), "its square is past what a double holds");
    assert_eq!(recording.results[0]["maximum"], 1e308);
}

#[test]
fn what_cannot_be_profiled_is_refused_in_plain_words() {
    let settings = Settings::default();
    assert!(failure("", &settings).contains("inputs.csv is empty"));
    assert!(failure(&",".repeat(1_000), &settings).contains("1001 columns"));
    assert!(failure("a", &Settings { delimiter: 'ä', ..settings.clone() }).contains("settings.delimiter"));
    assert!(failure("a", &Settings { quantiles: vec![1.5], ..settings.clone() }).contains("holds 1.5"));
    assert!(failure("a", &Settings { checkpoint_every: 0, ..settings }).contains("settings.checkpoint_every"));
}
