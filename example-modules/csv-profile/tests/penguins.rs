//! The real table: what the module says agrees with what Python's standard library computed (`data/expected.py`).

use cofferdam_sdk::testing::{Attempt, Recording};
use csv_profile::{Inputs, Settings, run};
use serde_json::Value;

const CSV: &str = include_str!("../data/penguins.csv");
const EXPECTED: &str = include_str!("../data/expected.json");

fn profile(settings: &Settings) -> Recording {
    Attempt::first().run(|job| run(&job, &Inputs { csv: CSV.into() }, settings))
}

/// Equal but for the last digits of numbers, whose sums were taken in another order. `place` is for the message.
fn assert_agrees(found: &Value, expected: &Value, place: &str) {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            assert!(found.keys().eq(expected.keys()), "{place} has {:?}, not {:?}", found.keys(), expected.keys());
            expected.iter().for_each(|(key, value)| assert_agrees(&found[key], value, &format!("{place}.{key}")));
        }
        (Value::Array(found), Value::Array(expected)) => {
            assert_eq!(found.len(), expected.len(), "{place}");
            found.iter().zip(expected).zip(0..).for_each(|((f, e), i)| assert_agrees(f, e, &format!("{place}[{i}]")));
        }
        (Value::Number(found), Value::Number(expected)) => {
            let (found, expected) = (found.as_f64().expect("finite"), expected.as_f64().expect("finite"));
            assert!((found - expected).abs() <= 1e-12 * expected.abs(), "{place} is {found}, not {expected}");
        }
        _ => assert_eq!(found, expected, "{place}"),
    }
}

#[test]
fn agrees_with_pythons_statistics() {
    let recording = profile(&Settings::default());

    assert_eq!(recording.outcome, Ok(()));
    let expected: Value = serde_json::from_str(EXPECTED).expect("expected.json is JSON");
    assert_eq!(expected.as_array().map(Vec::len), Some(8));
    assert_agrees(&Value::Array(recording.results), &expected, "results");
    assert_eq!(recording.progress.last(), Some(&(15_241, Some(15_241))));
}

#[test]
fn a_checkpoint_every_fifty_rows_changes_nothing() {
    let recording = profile(&Settings { checkpoint_every: 50, ..Settings::default() });

    assert_eq!(recording.checkpoints.len(), 6);
    assert_eq!(recording.results, profile(&Settings::default()).results);
}

#[test]
fn estimates_are_near_the_exact_answers() {
    let exact = profile(&Settings::default()).results;
    let estimated = profile(&Settings { exact_up_to: 20, ..Settings::default() }).results;

    for (exact, estimated) in exact.iter().zip(&estimated).filter(|(exact, _)| exact["type"] == "number") {
        let column = &exact["column"];
        assert_eq!(estimated["distinct"]["exact"], false, "{column}");
        assert_eq!(estimated["numbers"]["quantiles"]["exact"], false, "{column}");
        assert_eq!(estimated["numbers"]["mean"], exact["numbers"]["mean"], "{column}");
        let range = exact["maximum"].as_f64().expect("a number") - exact["minimum"].as_f64().expect("a number");
        for place in 0..5 {
            let value = |profile: &Value| profile["numbers"]["quantiles"]["values"][place]["value"].as_f64();
            let difference = value(exact).expect("a number") - value(estimated).expect("a number");
            assert!(difference.abs() < 0.02 * range, "{column}, quantile {place}: off by {difference}");
        }
    }
}
