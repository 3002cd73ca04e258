//! JSON on the command line: as it is, from a file (`@file`) or from standard input (`-`).

use std::fs;
use std::io::{self, Read};

use serde::de::IgnoredAny;

use super::Failure;
use super::output::escape;
use crate::domain::JsonObject;

/// Reads an option's JSON object; `None` when the option was not given.
pub(super) fn object(option: &'static str, argument: Option<&str>) -> Result<Option<JsonObject>, Failure> {
    argument.map(|argument| read(option, argument, &mut io::stdin().lock())).transpose()
}

fn read(option: &'static str, argument: &str, stdin: &mut impl Read) -> Result<JsonObject, Failure> {
    let (origin, text) = match argument.strip_prefix('@') {
        Some(path) => {
            let text = fs::read_to_string(path);
            let refuse =
                |error| Failure::usage(format!("{option} names the file `{path}`, which cannot be read: {error}"));
            (format!("{option} (file `{path}`)"), text.map_err(refuse)?)
        }
        None if argument == "-" => {
            let mut text = String::new();
            let refuse = |error| {
                Failure::usage(format!("{option} is to come from standard input, which cannot be read: {error}"))
            };
            stdin.read_to_string(&mut text).map_err(refuse)?;
            (format!("{option} (standard input)"), text)
        }
        None => (option.to_owned(), argument.to_owned()),
    };
    // Some editors put a byte order mark in front of a file.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
        let failure = Failure::usage(format!("{origin} is not valid JSON: {error}{}", excerpt(text, &error)));
        return Err(match hint(argument, text) {
            Some(hint) => failure.next(hint),
            None => failure,
        });
    }
    JsonObject::parse(text).map_err(|error| Failure::usage(format!("{origin}: {error}")))
}

/// The place of the error, with a mark below it.
fn excerpt(text: &str, error: &serde_json::Error) -> String {
    const AROUND: usize = 30;
    let Some(line) = text.lines().nth(error.line().saturating_sub(1)) else { return String::new() };
    // serde_json counts columns in bytes, from 1.
    let column = line.floor_char_boundary(error.column().saturating_sub(1).min(line.len()));
    let (before, after) = line.split_at(column);
    let start = before.char_indices().rev().nth(AROUND).map_or(0, |(at, _)| at);
    let before = escape::one_line(&before[start..]);
    let after: String = after.chars().take(AROUND).collect();
    let mark = " ".repeat(before.chars().count());
    format!("\n    {before}{}\n    {mark}^", escape::one_line(&after))
}

/// What people usually meant.
fn hint(argument: &str, text: &str) -> Option<String> {
    if argument.starts_with('{') && !argument.contains('"') {
        return Some("in a shell, put single quotes around it: '{\"name\": 1}'".to_owned());
    }
    let is_path = !text.contains(['{', '[', '"']) && fs::metadata(argument).is_ok_and(|file| file.is_file());
    is_path.then(|| format!("to read that file, write @{argument}"))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::cli::Exit;
    use crate::cli::failure::Verbosity;
    use crate::cli::output::Look;

    fn refusal(argument: &str) -> String {
        let failure = read("--inputs", argument, &mut io::empty()).expect_err("this is no JSON object");
        assert_eq!(failure.exit(), Exit::Usage);
        failure.render(Look::Plain, Verbosity::Brief)
    }

    #[test]
    fn an_object_comes_as_it_is_from_a_file_or_from_standard_input() {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.write_all("\u{feff}{\"a\": 1}\n".as_bytes()).expect("room");
        for argument in ["{\"a\": 1}".to_owned(), format!("@{}", file.path().display()), "-".to_owned()] {
            let object = read("--inputs", &argument, &mut "{\"a\":1}".as_bytes()).expect("an object");
            assert_eq!(object.value(), serde_json::json!({"a": 1}), "{argument}");
        }
    }

    #[test]
    fn bad_json_is_shown_with_a_mark() {
        let refusal = refusal("{\"limit\": 1 \"x\": 2}");
        assert!(refusal.contains("--inputs is not valid JSON") && refusal.contains("line 1 column 13"), "{refusal}");
        assert!(refusal.ends_with("\n    {\"limit\": 1 \"x\": 2}\n                ^"), "{refusal}");
    }

    #[test]
    fn common_slips_get_a_hint() {
        assert!(refusal("{limit:1}").contains("single quotes"));
        assert!(refusal("@no/such/file").contains("no/such/file"));
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        let path = file.path().display().to_string();
        assert!(refusal(&path).contains(&format!("write @{path}")));
        assert!(refusal("[1]").contains("a JSON object is needed, found an array"));
    }
}
