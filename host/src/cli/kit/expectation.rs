//! Whether a run came to what its case expects.

use serde_json::Value;

use super::case::{Case, Expected};
use super::difference::{results_differ, values_differ};
use super::player::Outcome;
use crate::cli::local::end_of;
use crate::domain::JobState;

/// Lines of the log that are shown where a run ended otherwise than expected.
const LAST_LINES: usize = 5;
const LINE_CHARACTERS: usize = 300;

/// Whether the job ended as expected, its error included; what it was instead.
pub(super) fn wrong_end(expected: &Expected, outcome: &Outcome) -> Vec<String> {
    let end = end_of(&outcome.job);
    let found = match end.reason {
        Some(reason) => format!("{}: {reason}", end.status),
        None => end.status.to_string(),
    };
    let mut lines = Vec::new();
    if !expected.status.is(end.status) {
        lines.push(format!("status: expected {}, found {found}", expected.status));
        lines.extend(last_lines(&outcome.log));
    } else if let Some(words) = &expected.error {
        let is_said = matches!(&outcome.job.state, JobState::Failed { error, .. } if error.message.contains(words));
        if !is_said {
            lines.push(format!("error: expected a message with `{words}`, found {found}"));
        }
    }
    lines
}

/// What the run saved and said instead of what was expected.
pub(super) fn wrong_output(case: &Case, results: Option<&[Value]>, outcome: &Outcome) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(expected) = results {
        let expected: Vec<Value> = expected.iter().map(|result| case.compared(result)).collect();
        lines.extend(results_differ(&expected, &outcome.compared(case)));
    }
    for words in &case.expect.log {
        if !outcome.log.iter().any(|line| line.contains(words)) {
            lines.push(format!("log: no line contains `{words}`"));
        }
    }
    if let Some(expected) = &case.expect.checkpoint {
        let expected = case.compared(&expected.value());
        match &outcome.checkpoint {
            Some(found) => lines.extend(values_differ("checkpoint", &expected, &case.compared(&found.value()))),
            None => lines.push("checkpoint: none was saved".to_owned()),
        }
    }
    lines
}

fn last_lines(log: &[String]) -> Vec<String> {
    let start = log.len().saturating_sub(LAST_LINES);
    let cut = |line: &String| match line.char_indices().nth(LINE_CHARACTERS) {
        Some((at, _)) => format!("log: {} …", &line[..at]),
        None => format!("log: {line}"),
    };
    log[start..].iter().map(cut).collect()
}
