//! Why a command did not do what it was asked: one sentence, what to do next, and more for `--verbose`.

use std::fmt::Display;
use std::io;

use super::Exit;
use super::output::{Look, escape, style};

/// A command's refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    exit: Exit,
    /// Empty when there is nobody left to tell.
    sentence: String,
    next: Option<String>,
    details: Vec<String>,
}

impl Failure {
    /// The command was tried and refused, or failed.
    pub(super) fn failed(sentence: impl Into<String>) -> Self {
        Self { exit: Exit::Failed, sentence: sentence.into(), next: None, details: Vec::new() }
    }

    /// The command was written wrongly.
    pub(super) fn usage(sentence: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, ..Self::failed(sentence) }
    }

    /// The same, with what to do next.
    #[must_use]
    pub(super) fn next(mut self, step: impl Into<String>) -> Self {
        self.next = Some(step.into());
        self
    }

    /// The same, with something that only `--verbose` shows.
    #[must_use]
    pub(super) fn detail(mut self, detail: impl Display) -> Self {
        self.details.push(detail.to_string());
        self
    }

    /// What went wrong, without anything around it.
    pub(super) fn sentence(&self) -> &str {
        &self.sentence
    }

    /// How the program ends.
    pub const fn exit(&self) -> Exit {
        self.exit
    }

    /// What is printed on stderr; empty when there is nothing to say.
    pub(super) fn render(&self, look: Look, verbosity: Verbosity) -> String {
        if self.sentence.is_empty() {
            return String::new();
        }
        let details = match verbosity {
            Verbosity::Brief => &[][..],
            Verbosity::Verbose => &self.details,
        };
        let mut lines =
            vec![format!("{} {}", look.paint(style::ERROR, "error:"), escape::for_look(look, &self.sentence))];
        lines.extend(self.next.iter().map(|next| format!("  {}", escape::for_look(look, next))));
        lines.extend(
            details.iter().map(|detail| look.paint(style::DIM, &format!("  {}", escape::for_look(look, detail)))),
        );
        lines.join("\n")
    }
}

/// How much is told about a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verbosity {
    /// The sentence and the next step.
    Brief,
    /// The request, the answer and the causes, too.
    Verbose,
}

impl From<io::Error> for Failure {
    /// Output that could not be written. A reader that went away (`| head`) wants no more and no error.
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self { exit: Exit::Done, ..Self::failed("") };
        }
        Self::failed(format!("the output could not be written: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_are_for_the_verbose_and_control_characters_for_nobody() {
        let failure = Failure::failed("no \u{1b}[31msuch\u{7} thing").next("try another").detail("GET /v1/thing: 404");
        let brief = failure.render(Look::Mono, Verbosity::Brief);
        assert_eq!(brief, "error: no \\x1b[31msuch\\x07 thing\n  try another");
        assert!(failure.render(Look::Mono, Verbosity::Verbose).ends_with("GET /v1/thing: 404"));
    }

    #[test]
    fn a_reader_that_went_away_is_no_error() {
        let failure = Failure::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!((failure.exit(), failure.render(Look::Plain, Verbosity::Verbose)), (Exit::Done, String::new()));
    }
}
