//! One thing that was looked at, and what was seen.

use serde::Serialize;

use crate::cli::output::{Look, escape, style};

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Check {
    /// What was looked at.
    #[serde(rename = "check")]
    pub(super) what: &'static str,
    pub(super) verdict: Verdict,
    /// What was seen.
    pub(super) saw: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) advice: Option<String>,
}

/// How good that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Verdict {
    Ok,
    /// It works, and might not always, or not for everybody.
    Warning,
    /// It does not work.
    Problem,
}

impl Check {
    pub(super) fn ok(what: &'static str, saw: impl Into<String>) -> Self {
        Self { what, verdict: Verdict::Ok, saw: saw.into(), advice: None }
    }

    pub(super) fn warning(what: &'static str, saw: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { what, verdict: Verdict::Warning, saw: saw.into(), advice: Some(advice.into()) }
    }

    pub(super) fn problem(what: &'static str, saw: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { what, verdict: Verdict::Problem, saw: saw.into(), advice: Some(advice.into()) }
    }

    /// As people read it: a line, and the advice below.
    pub(super) fn render(&self, look: Look) -> String {
        let (word, style) = match self.verdict {
            Verdict::Ok => ("✓ ok     ", style::GREEN),
            Verdict::Warning => ("! warning", style::AMBER),
            Verdict::Problem => ("✗ problem", style::RED),
        };
        let advice = self.advice.iter().map(|advice| format!("\n             {}", escape::one_line(advice)));
        let line = format!("{}  {}: {}", look.paint(style, word), self.what, escape::one_line(&self.saw));
        line + &advice.collect::<String>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_stands_below_what_was_seen() {
        let check = Check::problem("server", "nobody \u{1b}[2J answers", "start one");
        let text = check.render(Look::Plain);
        assert_eq!(text, "✗ problem  server: nobody \\x1b[2J answers\n             start one");
    }
}
