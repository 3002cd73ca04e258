//! From the host's JSON texts to a module's types, with errors that say where.

use serde::de::DeserializeOwned;
use serde_json::{Number, Value};

use crate::Failure;

/// Up to here, 2^53, a double holds every integer.
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

/// Reads `json` into `T`. `what` names the text in the message of the permanent failure.
///
/// To JSON Schema, and so to the host, `3.0` is an integer; to serde it is not. Where that is in the way, it is written as `3`.
pub(crate) fn parse<T: DeserializeOwned>(what: &str, json: &str) -> Result<T, Failure> {
    read(what, json).or_else(|failure| match without_empty_fractions(json) {
        Some(json) => read(what, &json),
        None => Err(failure),
    })
}

fn read<T: DeserializeOwned>(what: &str, json: &str) -> Result<T, Failure> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let place = if path == "." { what.to_owned() } else { format!("{what}.{path}") };
        Failure::Permanent(format!("{place} does not fit: {}", error.into_inner()))
    })
}

/// The same JSON with its whole numbers written as integers; nothing when they all are.
fn without_empty_fractions(json: &str) -> Option<String> {
    let mut value: Value = serde_json::from_str(json).ok()?;
    rewrite(&mut value).then(|| value.to_string())
}

/// Whether anything was changed.
fn rewrite(value: &mut Value) -> bool {
    match value {
        Value::Number(number) => match as_integer(number) {
            Some(integer) => {
                *number = integer;
                true
            }
            None => false,
        },
        Value::Array(items) => items.iter_mut().fold(false, |changed, item| rewrite(item) | changed),
        Value::Object(fields) => fields.values_mut().fold(false, |changed, field| rewrite(field) | changed),
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
}

fn as_integer(number: &Number) -> Option<Number> {
    let double = number.as_f64().filter(|_| number.is_f64())?;
    #[expect(clippy::cast_possible_truncation, reason = "it is whole, and small enough for an i64")]
    (double.fract() == 0.0 && double.abs() <= LARGEST_EXACT).then(|| Number::from(double as i64))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[derive(Debug, serde::Deserialize)]
    struct Inputs {
        #[expect(dead_code, reason = "only its reading is tested")]
        ranges: Vec<Range>,
    }

    #[derive(Debug, serde::Deserialize)]
    struct Range {
        #[expect(dead_code, reason = "only its reading is tested")]
        start: u64,
    }

    fn message(json: &str) -> String {
        parse::<Inputs>("inputs", json).expect_err("the text must not fit").message().to_owned()
    }

    #[test]
    fn a_wrong_type_is_named_with_field_and_place() {
        assert_eq!(
            message(r#"{"ranges": [{"start": 1}, {"start": "two"}]}"#),
            r#"inputs.ranges[1].start does not fit: invalid type: string "two", expected u64 at line 1 column 41"#
        );
    }

    #[test]
    fn a_missing_field_is_named() {
        assert_eq!(message("{}"), "inputs does not fit: missing field `ranges` at line 1 column 2");
    }

    #[test]
    fn a_whole_number_is_an_integer_however_it_is_written() {
        #[derive(Debug, PartialEq, serde::Deserialize)]
        struct Mixed {
            counts: Vec<i64>,
            share: f64,
        }
        let mixed: Mixed =
            parse("inputs", r#"{"counts": [3.0, -2e3, 4], "share": 2.0}"#).expect("all of them are whole");
        assert_eq!(mixed, Mixed { counts: vec![3, -2000, 4], share: 2.0 });
        let error = parse::<Mixed>("inputs", r#"{"counts": [3.0, 1.5], "share": 0}"#).expect_err("1.5 is not whole");
        assert!(error.message().starts_with("inputs.counts[1] does not fit: "), "{error}");
        assert!(parse::<Mixed>("inputs", r#"{"counts": [1e300], "share": 0}"#).is_err());
    }
}
