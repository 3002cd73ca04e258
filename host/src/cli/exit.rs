//! The exit codes, which scripts rely on: they never change.

use std::process::ExitCode;

use crate::domain::Status;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done; a job that was waited for completed.
    Done,
    /// Failed or refused.
    Failed,
    /// Wrong usage: arguments, settings, or JSON that is none.
    Usage,
    /// A job that was waited for was stopped.
    Stopped,
}

impl Exit {
    /// The number.
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Stopped => 3,
        }
    }

    /// How another process of this program ended; `None` when a signal ended it.
    pub(super) const fn of_code(code: Option<i32>) -> Self {
        match code {
            Some(0) => Self::Done,
            Some(2) => Self::Usage,
            Some(3) => Self::Stopped,
            _ => Self::Failed,
        }
    }

    /// What it means for a job that was waited for.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Done => "completed",
            Self::Failed => "failed",
            Self::Usage => "wrong usage",
            Self::Stopped => "stopped",
        }
    }

    /// What the end of a job that was waited for comes to.
    pub(super) const fn of_job(status: Status) -> Self {
        match status {
            Status::Completed => Self::Done,
            Status::Stopped => Self::Stopped,
            Status::Failed | Status::Pending | Status::Running => Self::Failed,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}
