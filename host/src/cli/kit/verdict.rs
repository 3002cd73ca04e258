//! What is told about a case: a line, and below it what was wrong.

use std::time::Duration;

use serde::Serialize;

use super::checkpoint_check::Checked;
use super::player::Outcome;
use crate::cli::output::{Look, count, escape, style};
use crate::config::{Span, show_size};
use crate::domain::Status;

/// A case that was tried.
#[derive(Debug, Serialize)]
pub(super) struct Verdict {
    pub(super) name: String,
    pub(super) file: String,
    pub(super) passed: bool,
    /// All of it, the checkpoint check included.
    pub(super) duration_ms: u64,
    /// How the undisturbed run went; null when there was none.
    pub(super) run: Option<Figures>,
    /// Null when it was left out.
    pub(super) checkpoint_check: Option<Checked>,
    /// The golden file that was written.
    pub(super) updated: Option<String>,
    pub(super) failures: Vec<String>,
}

/// What an undisturbed run used and made.
#[derive(Debug, Serialize)]
pub(super) struct Figures {
    status: Status,
    run_time_ms: u64,
    cpu_time_ms: u64,
    peak_memory_bytes: u64,
    results: u64,
    log_lines: u64,
    checkpoints: u64,
}

impl From<&Outcome> for Figures {
    fn from(outcome: &Outcome) -> Self {
        let job = &outcome.job;
        Self {
            status: outcome.status(),
            run_time_ms: job.usage.run_time_ms,
            cpu_time_ms: job.usage.cpu_time_ms,
            peak_memory_bytes: job.usage.peak_memory_bytes,
            results: job.results,
            log_lines: job.last_log_seq,
            checkpoints: outcome.checkpoints,
        }
    }
}

impl Verdict {
    /// For programs, as one line.
    pub(super) fn json(&self) -> String {
        serde_json::to_string(self).expect("texts and numbers")
    }

    /// For people.
    pub(super) fn render(&self, look: Look) -> String {
        let name = escape::for_look(look, &self.name);
        let figures = self.run.as_ref().map(Figures::sentence).unwrap_or_default();
        let kills = self.checkpoint_check.as_ref().map(killed).unwrap_or_default();
        let figures = look.paint(style::DIM, &format!("{}{figures}{kills}", span(self.duration_ms)));
        let mut lines = vec![format!("{} {name}  {figures}", self.word(look))];
        lines.extend(self.updated.as_ref().map(|file| format!("    updated {}", escape::for_look(look, file))));
        // Indented, so that no text of a module can pass for another case.
        let indented = |failure: &String| format!("    {}", escape::for_look(look, failure).replace('\n', "\n      "));
        lines.extend(self.failures.iter().map(indented));
        lines.join("\n")
    }

    fn word(&self, look: Look) -> String {
        let (icon, word, colour) =
            if self.passed { ("✓", "passed", style::GREEN) } else { ("✗", "failed", style::RED) };
        if look.is_terminal() { look.paint(colour, &format!("{icon} {word}")) } else { word.to_owned() }
    }
}

impl Figures {
    fn sentence(&self) -> String {
        format!(
            ": {}, ran {}, {} on a processor, {} at most; {}, {}, {}",
            self.status,
            span(self.run_time_ms),
            span(self.cpu_time_ms),
            show_size(self.peak_memory_bytes),
            several(self.results, "result"),
            several(self.log_lines, "log line"),
            several(self.checkpoints, "checkpoint"),
        )
    }
}

fn killed(check: &Checked) -> String {
    let Checked { kills, of, .. } = check;
    if kills == of {
        format!(", killed at all {}", count(*of))
    } else {
        format!(", killed at {} of {}", count(*kills), count(*of))
    }
}

fn several(number: u64, what: &str) -> String {
    format!("{} {what}{}", count(number), if number == 1 { "" } else { "s" })
}

fn span(ms: u64) -> Span {
    Span(Duration::from_millis(ms))
}
