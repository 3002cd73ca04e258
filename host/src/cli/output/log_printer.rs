//! Writes log lines for people, and for pipes that people read.

use anstyle::Style;

use super::{LogView, Look, escape, style};
use crate::domain::{LogLevel, LogSource};

/// Renders lines one after the other and marks where another attempt begins.
#[derive(Debug)]
pub(in crate::cli) struct LogPrinter {
    look: Look,
    attempt: Option<u32>,
}

impl LogPrinter {
    /// For a stream of that look.
    pub(in crate::cli) const fn new(look: Look) -> Self {
        Self { look, attempt: None }
    }

    /// The line, without a line break at its end; more than one line when its message has several or another attempt
    /// begins with it.
    pub(in crate::cli) fn render(&mut self, line: &LogView) -> String {
        let separator = self.attempt.replace(line.attempt).is_some_and(|attempt| attempt != line.attempt);
        let rendered = match self.look {
            Look::Plain => format!("{} {:<5} {}{}", line.time, line.level, source(line), line.message),
            Look::Mono | Look::Colour => self.for_terminal(line),
        };
        if separator {
            let text = format!("── attempt {} ──", line.attempt);
            return format!("{}\n{rendered}", self.look.paint(style::DIM, &text));
        }
        rendered
    }

    /// A gap in the log, where lines were removed.
    pub(in crate::cli) fn gap(&self, from: u64, to: u64, reason: &str) -> String {
        let text = format!("── lines {from} to {to} are gone: {} ──", escape::one_line(reason));
        self.look.paint(style::DIM, &text)
    }

    fn for_terminal(&self, line: &LogView) -> String {
        // The date is the same on most lines; `Z` says that the time is not the local one.
        let time = line.time.split_once('T').map_or(line.time.as_str(), |(_, time)| time);
        let head = format!("{} {} ", escape::one_line(time), format_args!("{:<5}", line.level));
        let indent = " ".repeat(head.chars().count());
        let message = line.message.replace("\r\n", "\n");
        let message = escape::text(message.trim_end_matches('\n'));
        // Indented, so that no message can pass for a line of its own.
        let body = message.replace('\n', &format!("\n{indent}"));
        let (time, level) = head.split_at(time.len().min(head.len()));
        let level = self.look.paint(colour(line.level), level);
        format!("{}{level}{}{body}", self.look.paint(style::DIM, time), source(line))
    }
}

fn source(line: &LogView) -> &'static str {
    match (line.continued, line.source) {
        (true, _) => "… ",
        (false, LogSource::Guest) => "",
        (false, LogSource::Stdout) => "[stdout] ",
        (false, LogSource::Stderr) => "[stderr] ",
        (false, LogSource::Host) => "[host] ",
    }
}

const fn colour(level: LogLevel) -> Style {
    match level {
        LogLevel::Trace | LogLevel::Debug => style::DIM,
        LogLevel::Info => style::BLUE,
        LogLevel::Warn => style::AMBER,
        LogLevel::Error => style::RED,
        LogLevel::Critical => style::ERROR,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(message: &str) -> LogView {
        LogView {
            seq: 1,
            time: "2026-01-02T03:04:05.006Z".to_owned(),
            attempt: 1,
            level: LogLevel::Warn,
            source: LogSource::Guest,
            message: message.to_owned(),
            continued: false,
        }
    }

    #[test]
    fn a_pipe_gets_the_message_as_it_is() {
        let rendered = LogPrinter::new(Look::Plain).render(&line("a\u{1b}[1mb"));
        assert_eq!(rendered, "2026-01-02T03:04:05.006Z warn  a\u{1b}[1mb");
    }

    #[test]
    fn on_a_terminal_no_message_can_pass_for_another_line() {
        let rendered = LogPrinter::new(Look::Mono).render(&line("first\r\n03:04:05.006Z error forged\u{1b}[A\n"));
        assert_eq!(rendered, "03:04:05.006Z warn  first\n                    03:04:05.006Z error forged\\x1b[A");
    }

    #[test]
    fn another_attempt_is_marked_but_the_first_line_is_not() {
        let mut printer = LogPrinter::new(Look::Mono);
        assert!(!printer.render(&line("one")).contains("attempt"));
        let second = printer.render(&LogView { attempt: 2, ..line("two") });
        assert!(second.starts_with("── attempt 2 ──\n"), "{second}");
    }
}
