//! How a behaviour really ended, and whether that is how it should.

use std::fmt::{self, Display, Formatter};

use super::row::{Expected, Way};
use crate::cli::output::escape;

/// What of a message is told.
const SHOWN_CHARACTERS: usize = 160;

/// An end that was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Seen {
    /// The upload was refused.
    Refused { code: String, detail: String },
    /// The job completed.
    Completed { answers: Vec<i64>, log: Vec<String> },
    /// The job failed.
    Failed { code: String, message: String },
    /// The job was stopped.
    Stopped { reason: String, way: Way },
    /// It did not end, or nobody could find out.
    Unknown(String),
}

impl Seen {
    /// Whether it is as the table says.
    pub(super) fn fits(&self, expected: &Expected) -> bool {
        match (self, expected) {
            (Self::Refused { code, detail }, Expected::Refused(right, words)) => {
                code == right && detail.contains(words)
            }
            (Self::Completed { answers, .. }, Expected::Answers(right)) => answers == right,
            (Self::Completed { log, .. }, Expected::Says(words)) => log.iter().any(|line| line.contains(words)),
            (Self::Failed { code, message }, Expected::Fails(right, words)) => code == right && message.contains(words),
            (Self::Stopped { reason, way }, Expected::Stopped(right, right_way)) => reason == right && way == right_way,
            (
                Self::Refused { .. }
                | Self::Completed { .. }
                | Self::Failed { .. }
                | Self::Stopped { .. }
                | Self::Unknown(_),
                _,
            ) => false,
        }
    }
}

impl Display for Seen {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { code, detail } => write!(f, "refused at upload with `{code}`: “{}”", short(detail)),
            Self::Completed { answers, log } => {
                let answers: Vec<_> = answers.iter().map(ToString::to_string).collect();
                f.write_str("completed")?;
                if !answers.is_empty() {
                    write!(f, " with {}", answers.join(", "))?;
                }
                log.last().map_or(Ok(()), |line| write!(f, ", its log ends with “{}”", short(line)))
            }
            Self::Failed { code, message } => write!(f, "failed with `{code}`: “{}”", short(message)),
            Self::Stopped { reason, way: Way::Willing } => write!(f, "stopped for `{reason}`, by itself"),
            Self::Stopped { reason, way: Way::Forced } => write!(f, "stopped for `{reason}`, by force"),
            Self::Unknown(why) => f.write_str(why),
        }
    }
}

/// A guest's text, harmless and in one line.
fn short(text: &str) -> String {
    let shown: String = text.chars().take(SHOWN_CHARACTERS).collect();
    let ellipsis = if shown.len() < text.len() { "…" } else { "" };
    format!("{}{ellipsis}", escape::one_line(&shown))
}

#[cfg(test)]
mod tests {
    use super::super::row::FORCED_AT_LIMIT;
    use super::*;

    #[test]
    fn only_the_end_of_the_table_fits() {
        let forced = Seen::Stopped { reason: "duration-limit".to_owned(), way: Way::Forced };
        let willing = Seen::Stopped { reason: "duration-limit".to_owned(), way: Way::Willing };
        assert!(forced.fits(&FORCED_AT_LIMIT) && !willing.fits(&FORCED_AT_LIMIT));
        let told = |answers: &[i64]| Seen::Completed { answers: answers.to_vec(), log: Vec::new() };
        assert!(told(&[3, -1]).fits(&Expected::Answers(&[3, -1])));
        assert!(!told(&[3]).fits(&Expected::Answers(&[3, -1])) && !told(&[3, -1]).fits(&FORCED_AT_LIMIT));
        let failed = Seen::Failed { code: "trap".to_owned(), message: "the module executed `unreachable`".to_owned() };
        assert!(failed.fits(&Expected::Fails("trap", "unreachable")));
        assert!(!failed.fits(&Expected::Fails("memory-limit", "unreachable")));
        assert!(!failed.fits(&Expected::Fails("trap", "divide by zero")));
        assert!(!Seen::Unknown("it did not end".to_owned()).fits(&Expected::Answers(&[])));
    }

    #[test]
    fn what_a_guest_says_is_harmless_and_short() {
        let failed = Seen::Failed { code: "trap".to_owned(), message: format!("\u{1b}[2J{}", "x".repeat(1000)) };
        let text = failed.to_string();
        assert!(!text.contains('\u{1b}') && text.len() < 300, "{text}");
    }
}
