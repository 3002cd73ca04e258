//! Compares results with figures that were computed elsewhere.

use serde_json::Value;

/// Sums taken in another order differ in their last digits.
const RELATIVE_ERROR: f64 = 1e-12;

/// What came out.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Comparison {
    /// How many single values were compared.
    pub(super) compared: usize,
    /// One sentence for each that is not the same.
    pub(super) differences: Vec<String>,
}

/// Compares value by value.
pub(super) fn compare(found: &Value, expected: &Value) -> Comparison {
    let mut comparison = Comparison::default();
    comparison.add(found, expected, "results");
    comparison
}

impl Comparison {
    fn add(&mut self, found: &Value, expected: &Value, place: &str) {
        match (found, expected) {
            (Value::Object(found), Value::Object(expected)) if found.keys().eq(expected.keys()) => {
                for (key, expected) in expected {
                    self.add(&found[key], expected, &format!("{place}.{key}"));
                }
            }
            (Value::Array(found), Value::Array(expected)) if found.len() == expected.len() => {
                for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
                    self.add(found, expected, &format!("{place}[{index}]"));
                }
            }
            _ => {
                self.compared += 1;
                if !same(found, expected) {
                    self.differences.push(format!("{place} is {found}, not {expected}"));
                }
            }
        }
    }
}

fn same(found: &Value, expected: &Value) -> bool {
    match (found.as_f64(), expected.as_f64()) {
        (Some(found), Some(expected)) => (found - expected).abs() <= RELATIVE_ERROR * expected.abs(),
        _ => found == expected,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_last_digits_of_a_sum_are_no_difference() {
        let comparison = compare(&json!([{"mean": 43.921_929_824_561_36}]), &json!([{"mean": 43.921_929_824_561_37}]));
        assert_eq!(comparison, Comparison { compared: 1, differences: vec![] });
    }

    #[test]
    fn everything_else_is_a_difference() {
        let expected = json!([{"mean": 43.9, "type": "number"}, {"mean": null}]);
        for (found, message) in [
            (json!([{"mean": 43.8, "type": "number"}, {"mean": null}]), "results[0].mean is 43.8, not 43.9"),
            (json!([{"mean": 43.9, "type": "text"}, {"mean": null}]), "results[0].type is \"text\", not \"number\""),
            (json!([{"mean": 43.9, "type": "number"}, {"mean": 0}]), "results[1].mean is 0, not null"),
            (json!([{"mean": 43.9, "type": "number"}]), "results is [{"),
            (json!([{"mean": 43.9}, {"mean": null}]), "results[0] is {"),
        ] {
            let differences = compare(&found, &expected).differences;
            assert!(matches!(&differences[..], [only] if only.starts_with(message)), "{found}: {differences:?}");
        }
    }
}
