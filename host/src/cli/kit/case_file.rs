//! Finding and reading the files of cases.

use std::fs;
use std::path::{Path, PathBuf};

use super::case::Case;
use crate::cli::Failure;
use crate::domain::JsonObject;

/// Where cases are when nobody says otherwise.
const FOLDER: &str = "tests/cases";
/// Golden files lie beside the cases, and are no cases.
const ENDING: &str = "json";
const EXAMPLE: &str = r#"a case is a file such as {"inputs": {"limit": 10}, "expect": {"status": "completed", "results": [{"primes": 4}]}}"#;

/// A case and where it was read.
#[derive(Debug, Clone)]
pub(super) struct CaseFile {
    pub(super) path: PathBuf,
    pub(super) name: String,
    pub(super) case: Case,
}

/// Reads the cases of files and folders, in the order of the arguments and, in a folder, of the names. All files that
/// are wrong are told at once.
pub(super) fn read_all(places: &[PathBuf]) -> Result<Vec<CaseFile>, Failure> {
    let default = [PathBuf::from(FOLDER)];
    let mut paths = Vec::new();
    for place in if places.is_empty() { &default } else { places } {
        paths.extend(files(place)?);
    }
    let (mut cases, mut wrong) = (Vec::new(), Vec::new());
    for path in paths {
        match read(&path) {
            Ok(case) => cases.push(case),
            Err(reason) => wrong.push(format!("\n  - {}: {reason}", path.display())),
        }
    }
    if wrong.is_empty() {
        return Ok(cases);
    }
    let which = if wrong.len() == 1 {
        "a case cannot be read:".to_owned()
    } else {
        format!("{} cases cannot be read:", wrong.len())
    };
    Err(Failure::usage(format!("{which}{}", wrong.concat())).next("`cofferdam test --help` shows what a case may hold"))
}

/// The file itself, or the cases directly in the folder.
fn files(place: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unreadable = |error: std::io::Error| {
        let hint = if place.extension().is_some_and(|ending| ending == "wasm") {
            "the module stands before --cases: cofferdam test MODULE.wasm --cases FOLDER"
        } else {
            EXAMPLE
        };
        Failure::usage(format!("the cases `{}` cannot be read: {error}", place.display())).next(hint)
    };
    if place.extension().is_some_and(|ending| ending == "wasm") {
        return Err(unreadable(std::io::Error::other("it is no case")));
    }
    if !fs::metadata(place).map_err(unreadable)?.is_dir() {
        return Ok(vec![place.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(place).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|ending| ending == ENDING) {
            files.push(path);
        }
    }
    if files.is_empty() {
        let nothing = format!("there are no cases in `{}`: no file ends in .{ENDING}", place.display());
        return Err(Failure::usage(nothing).next(EXAMPLE));
    }
    files.sort_unstable();
    Ok(files)
}

fn read(path: &Path) -> Result<CaseFile, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("the file cannot be read: {error}"))?;
    // Some editors put a byte order mark in front of a file.
    let case = parse(text.strip_prefix('\u{feff}').unwrap_or(&text))?;
    let stem = || path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(CaseFile { name: case.name.clone().unwrap_or_else(stem), path: path.to_owned(), case })
}

/// Reads a case, or says where it is wrong and what would be right.
pub(super) fn parse(text: &str) -> Result<Case, String> {
    let object = JsonObject::parse(text).map_err(|error| error.to_string())?;
    let mut deserializer = serde_json::Deserializer::from_str(object.as_str());
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        if path == "." { error.inner().to_string() } else { format!("`{path}`: {}", error.inner()) }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::cli::kit::case::{End, ExpectedResults};

    #[test]
    fn only_the_expected_status_must_be_given() {
        let case = parse(r#"{"expect": {"status": "failed"}}"#).expect("a case");
        assert_eq!((case.inputs.as_str(), case.interrupt, case.expect.status), ("{}", true, End::Failed));
        let golden = parse(r#"{"expect": {"status": "completed", "results": {"golden": "a.jsonl"}}}"#).expect("a case");
        assert_eq!(golden.expect.results, Some(ExpectedResults::Golden("a.jsonl".to_owned())));
    }

    #[test]
    fn what_is_wrong_is_named_by_its_place() {
        let expect = |field: &str| format!(r#"{{"expect": {{"status": "completed", {field}}}}}"#);
        for (text, words) in [
            ("{".to_owned(), "not valid JSON: EOF"),
            ("[]".to_owned(), "a JSON object is needed, found an array"),
            ("{} x".to_owned(), "not valid JSON: trailing characters"),
            ("{}".to_owned(), "missing field `expect`"),
            (r#"{"expect": {}}"#.to_owned(), "`expect`: missing field `status`"),
            (
                r#"{"expect": {"status": "done"}}"#.to_owned(),
                "`expect.status`: unknown variant `done`, expected one of `completed`",
            ),
            (r#"{"input": {}}"#.to_owned(), "`input`: unknown field `input`, expected one of `name`, `inputs`"),
            (r#"{"inputs": [1]}"#.to_owned(), "`inputs`: a JSON object is needed, found an array"),
            (r#"{"max_duration": "soon"}"#.to_owned(), "`max_duration`: `soon` is no duration"),
            (r#"{"ignore": ["time"]}"#.to_owned(), "`ignore[0]`: `time` is no JSON pointer"),
            (expect(r#""log": [1]"#), "`expect.log[0]`: invalid type: integer `1`, expected a string"),
            (
                expect(r#""results": 5"#),
                r#"`expect.results`: invalid type: integer `5`, expected an array of results, or {"golden""#,
            ),
            (expect(r#""results": [{}, 5]"#), "`expect.results[1]`: a JSON object is needed, found a number"),
            (expect(r#""results": {"file": "x"}"#), "unknown field `file`, expected `golden`"),
            (expect(r#""results": {"golden": "../x"}"#), "`../x` is no file beside the case"),
            (expect(r#""resluts": []"#), "`expect.resluts`: unknown field `resluts`, expected one of `status`"),
        ] {
            let refusal = parse(&text).expect_err(&text);
            assert!(refusal.contains(words), "{text}\n  gives {refusal}");
        }
    }

    #[test]
    fn ignored_places_are_left_out_and_the_others_keep_their_order() {
        let case = parse(r#"{"ignore": ["/time", "/run/a~1b", "/no/such"], "expect": {"status": "completed"}}"#);
        let value = json!({"time": 1, "n": 2, "run": {"a/b": 3, "c": 4}});
        assert_eq!(case.expect("a case").compared(&value), json!({"n": 2, "run": {"c": 4}}));
    }
}
