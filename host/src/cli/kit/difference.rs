//! Where JSON values differ, in lines for people, and never more than they read.

use serde_json::Value;

/// Characters of a value that are shown.
const VALUE_CHARACTERS: usize = 160;
/// Results of which differences are shown, and fields of each.
const RESULTS: usize = 5;
const FIELDS: usize = 3;

/// One place that differs; a side that has nothing there is `None`.
#[derive(Debug, PartialEq)]
struct Place<'v> {
    pointer: String,
    expected: Option<&'v Value>,
    found: Option<&'v Value>,
}

/// The index of the first result that differs or that only one side has.
pub(super) fn first_difference(expected: &[Value], found: &[Value]) -> Option<usize> {
    (0..expected.len().max(found.len())).find(|at| expected.get(*at) != found.get(*at))
}

/// What differs between two lists of results; empty when nothing does.
pub(super) fn results_differ(expected: &[Value], found: &[Value]) -> Vec<String> {
    let mut lines = Vec::new();
    if expected.len() != found.len() {
        lines.push(format!("results: expected {}, found {}", expected.len(), found.len()));
    }
    let numbers = (0..expected.len().max(found.len())).filter(|at| expected.get(*at) != found.get(*at));
    let differing: Vec<usize> = numbers.collect();
    for at in differing.iter().take(RESULTS) {
        let what = format!("result {}", at + 1);
        match (expected.get(*at), found.get(*at)) {
            (Some(expected), Some(found)) => lines.extend(values_differ(&what, expected, found)),
            (Some(expected), None) => lines.push(format!("{what} is missing: expected {}", shown(expected))),
            (None, Some(found)) => lines.push(format!("{what} was not expected: {}", shown(found))),
            (None, None) => {}
        }
    }
    if differing.len() > RESULTS {
        lines.push(format!("and {} more results differ", differing.len() - RESULTS));
    }
    lines
}

/// What differs between two values; empty when nothing does.
pub(super) fn values_differ(what: &str, expected: &Value, found: &Value) -> Vec<String> {
    let places = places(expected, found);
    let side = |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), shown);
    let line = |place: &Place<'_>| {
        let at = if place.pointer.is_empty() { String::new() } else { format!(" at {}", place.pointer) };
        format!("{what}{at}: expected {}, found {}", side(place.expected), side(place.found))
    };
    let mut lines: Vec<String> = places.iter().take(FIELDS).map(line).collect();
    if places.len() > FIELDS {
        lines.push(format!("{what}: and {} more places differ", places.len() - FIELDS));
    }
    lines
}

/// Both sides of a result in one sentence, and where they part; `when` says which run the other side is of.
pub(super) fn result_was(at: usize, when: &str, other: &[Value], found: &[Value]) -> String {
    let number = at + 1;
    match (other.get(at), found.get(at)) {
        (Some(other), Some(found)) => {
            let places = places(other, found);
            let at = match places.first() {
                Some(place) if !place.pointer.is_empty() => format!(" (they differ at {})", place.pointer),
                _ => String::new(),
            };
            format!("result {number} was {}, {when} {}{at}", shown(found), shown(other))
        }
        (Some(other), None) => format!("result {number} was missing, {when} {}", shown(other)),
        (None, Some(found)) => format!("result {number} was {}, {when} missing", shown(found)),
        (None, None) => format!("result {number} was missing"),
    }
}

/// A value as one line, cut where it gets long.
pub(super) fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(VALUE_CHARACTERS) {
        Some((at, _)) => format!("{} …", &text[..at]),
        None => text,
    }
}

fn places<'v>(expected: &'v Value, found: &'v Value) -> Vec<Place<'v>> {
    let mut places = Vec::new();
    collect(String::new(), Some(expected), Some(found), &mut places);
    places
}

fn collect<'v>(pointer: String, expected: Option<&'v Value>, found: Option<&'v Value>, places: &mut Vec<Place<'v>>) {
    if expected == found {
        return;
    }
    match (expected, found) {
        (Some(Value::Object(expected)), Some(Value::Object(found))) => {
            let names = expected.keys().chain(found.keys().filter(|name| !expected.contains_key(*name)));
            for name in names {
                let inside = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
                collect(inside, expected.get(name), found.get(name), places);
            }
        }
        (Some(Value::Array(expected)), Some(Value::Array(found))) => {
            for at in 0..expected.len().max(found.len()) {
                collect(format!("{pointer}/{at}"), expected.get(at), found.get(at), places);
            }
        }
        (expected, found) => places.push(Place { pointer, expected, found }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_result_the_field_and_both_values_are_named() {
        let expected = [json!({"n": 1}), json!({"n": 2, "of": {"a/b": [1, 2]}}), json!({"n": 3})];
        let found = [json!({"n": 1}), json!({"n": 2, "of": {"a/b": [1, 5]}, "x": true})];
        assert_eq!(
            results_differ(&expected, &found),
            [
                "results: expected 3, found 2",
                "result 2 at /of/a~1b/1: expected 2, found 5",
                "result 2 at /x: expected nothing, found true",
                r#"result 3 is missing: expected {"n":3}"#,
            ]
        );
        assert_eq!(first_difference(&expected, &found), Some(1));
        assert_eq!(results_differ(&found, &found), Vec::<String>::new());
        assert_eq!(
            result_was(1, "undisturbed", &expected[..], &[json!({}), json!({"n": 4, "of": {"a/b": [1, 2]}})]),
            r#"result 2 was {"n":4,"of":{"a/b":[1,2]}}, undisturbed {"n":2,"of":{"a/b":[1,2]}} (they differ at /n)"#
        );
    }

    #[test]
    fn many_and_long_differences_are_cut() {
        let numbers = |from: u64| (from..from + 100).map(|n| json!({"n": n, "text": "x".repeat(1000)}));
        let (expected, found): (Vec<_>, Vec<_>) = (numbers(0).collect(), numbers(1).collect());
        let lines = results_differ(&expected, &found);
        assert_eq!((lines.len(), lines[5].as_str()), (6, "and 95 more results differ"));
        assert!(shown(&expected[0]).chars().count() < 170);
        let many =
            |value: u64| json!((0..50).map(|name| (name.to_string(), value.into())).collect::<serde_json::Map<_, _>>());
        assert_eq!(values_differ("checkpoint", &many(1), &many(2)).len(), 4);
    }
}
