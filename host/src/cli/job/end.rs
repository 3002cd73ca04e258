//! Says how a job that was waited for ended.

use crate::cli::Exit;
use crate::cli::client::JobEnd;
use crate::cli::output::{Look, escape, status_word, style};

/// Says it on stderr and gives the exit code that goes with it.
pub(in crate::cli) fn announce(end: &JobEnd, look: Look) -> Exit {
    eprintln!("{}", sentence(end, look));
    Exit::of_job(end.status)
}

fn sentence(end: &JobEnd, look: Look) -> String {
    let word = status_word(end.status, look);
    let mut text = match &end.reason {
        Some(reason) => format!("{word}: {}", escape::for_look(look, reason)),
        None => word,
    };
    if let Some(backtrace) = &end.backtrace {
        let backtrace = escape::for_look(look, backtrace.trim_end()).replace('\n', "\n    ");
        text.push_str(&look.paint(style::DIM, &format!("\n    {backtrace}")));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Status;

    #[test]
    fn a_failure_says_why_and_where() {
        let end = JobEnd {
            status: Status::Failed,
            reason: Some("trap: unreachable \u{1b}[2J".to_owned()),
            backtrace: Some("0: count\n1: run\n".to_owned()),
        };
        assert_eq!(sentence(&end, Look::Mono), "✗ failed: trap: unreachable \\x1b[2J\n    0: count\n    1: run");
        assert_eq!(
            sentence(&JobEnd { reason: None, backtrace: None, status: Status::Completed }, Look::Plain),
            "completed"
        );
    }
}
