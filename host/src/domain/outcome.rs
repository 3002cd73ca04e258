//! How an attempt can end, and what that makes of its job.

use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Why a running job was told to stop. The first cause is kept, but a request or the limit wins over a shutdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopCause {
    /// Somebody asked for it.
    Requested,
    /// The job used up its run time.
    DurationLimit,
    /// The host goes down; the job goes on later.
    Shutdown,
}

/// Why a job is `stopped`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StopReason {
    /// Somebody asked for it.
    Requested,
    /// It used up its run time.
    DurationLimit,
}

impl StopReason {
    /// The word that the API and the databases use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::DurationLimit => "duration-limit",
        }
    }
}

/// What a `stopped` job says about its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stopped {
    /// Who or what ended it.
    pub reason: StopReason,
    /// Whether the module had to be interrupted because it did not return within its grace period.
    pub forced: bool,
}

/// What became of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptOutcome {
    /// The module did what it was to do.
    Completed,
    /// It failed, for good or to be tried again.
    Failed,
    /// It was stopped.
    Stopped,
    /// It gave the job back, to go on here or elsewhere.
    Released,
    /// Its host died.
    Crashed,
}

/// The text names no outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an outcome of an attempt")]
pub struct InvalidOutcome;

impl AttemptOutcome {
    /// All there are.
    pub const ALL: [Self; 5] = [Self::Completed, Self::Failed, Self::Stopped, Self::Released, Self::Crashed];

    /// The word that the API and the databases use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
            Self::Released => "released",
            Self::Crashed => "crashed",
        }
    }
}

impl FromStr for AttemptOutcome {
    type Err = InvalidOutcome;

    fn from_str(text: &str) -> Result<Self, InvalidOutcome> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == text).ok_or(InvalidOutcome)
    }
}

/// What kind of failure a `failed` job had; for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorCode {
    /// The module returned a failure.
    GuestFailed,
    /// The module trapped or left by `exit`.
    Trap,
    /// The module trapped after it was refused memory.
    MemoryLimit,
    /// The module used up its time on a processor.
    CpuLimit,
    /// What the module was granted is not allowed, or not there, on this host.
    GrantRefused,
    /// A secret that the module was granted is not there, or cannot be opened.
    SecretUnavailable,
    /// Its hosts died again and again while it ran, and nothing else can be to blame.
    CrashLoop,
    /// The bytes of the module are not there any more.
    ModuleMissing,
    /// It is not signed by a key that the host trusts, or not any more.
    ModuleUntrusted,
    /// The host is at fault; its own log says more.
    HostError,
}

impl ErrorCode {
    /// All codes.
    pub const ALL: [Self; 10] = [
        Self::GuestFailed,
        Self::Trap,
        Self::MemoryLimit,
        Self::CpuLimit,
        Self::GrantRefused,
        Self::SecretUnavailable,
        Self::CrashLoop,
        Self::ModuleMissing,
        Self::HostError,
        Self::ModuleUntrusted,
    ];

    /// The word that the API and the databases use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GuestFailed => "guest-failed",
            Self::Trap => "trap",
            Self::MemoryLimit => "memory-limit",
            Self::CpuLimit => "cpu-limit",
            Self::GrantRefused => "grant-refused",
            Self::SecretUnavailable => "secret-unavailable",
            Self::CrashLoop => "crash-loop",
            Self::ModuleMissing => "module-missing",
            Self::ModuleUntrusted => "module-untrusted",
            Self::HostError => "host-error",
        }
    }
}

/// Why a job is `failed`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobError {
    /// For programs.
    pub code: ErrorCode,
    /// For people.
    pub message: String,
    /// The guest's stack, innermost frame first, one line a frame; only for traps.
    pub backtrace: Option<String>,
}

/// How one run of the module ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttemptEnd {
    /// `run` returned `ok`.
    Returned,
    /// `run` returned `permanent`.
    Permanent(String),
    /// `run` returned `retryable`.
    Retryable(String),
    /// The guest trapped by itself, or something else went wrong that is an error of its own.
    Trapped(JobError),
    /// The host interrupted it after the grace period.
    Forced,
}

/// What becomes of the job when its attempt has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conclusion {
    /// Done; its results are final.
    Completed,
    /// Failed.
    Failed(JobError),
    /// Failed in a way that may pass: it is tried again from its last checkpoint, after so long.
    Retry(Duration),
    /// Stopped.
    Stopped(Stopped),
    /// Goes on later from its last checkpoint, on this host or another.
    Pending,
}

impl AttemptEnd {
    /// Decides what becomes of the job: the table of the module contract ("Stopping").
    ///
    /// `seen` says whether the module knew that it was to stop: `is-cancelled` returned true or `sleep` was cut short.
    pub fn conclude(self, cause: Option<StopCause>, seen: bool) -> Conclusion {
        match (self, cause, seen) {
            (Self::Returned, _, false) | (Self::Returned, None, true) => Conclusion::Completed,
            (Self::Returned, Some(cause), true) => cause.ends(false),
            (Self::Forced, Some(cause), _) => cause.ends(true),
            (Self::Retryable(_), Some(cause), _) | (Self::Permanent(_) | Self::Trapped(_), Some(cause), true) => {
                cause.ends(false)
            }
            (Self::Permanent(message) | Self::Retryable(message), _, _) => {
                Conclusion::Failed(JobError { code: ErrorCode::GuestFailed, message, backtrace: None })
            }
            (Self::Trapped(error), _, _) => Conclusion::Failed(error),
            (Self::Forced, None, _) => Conclusion::Failed(JobError {
                code: ErrorCode::HostError,
                message: "interrupted although nothing asked the job to stop".to_owned(),
                backtrace: None,
            }),
        }
    }
}

impl StopCause {
    const fn ends(self, forced: bool) -> Conclusion {
        match self {
            Self::Requested => Conclusion::Stopped(Stopped { reason: StopReason::Requested, forced }),
            Self::DurationLimit => Conclusion::Stopped(Stopped { reason: StopReason::DurationLimit, forced }),
            Self::Shutdown => Conclusion::Pending,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trap() -> AttemptEnd {
        AttemptEnd::Trapped(JobError { code: ErrorCode::Trap, message: "unreachable".to_owned(), backtrace: None })
    }

    fn stopped(forced: bool) -> Conclusion {
        Conclusion::Stopped(Stopped { reason: StopReason::Requested, forced })
    }

    #[test]
    fn the_table_of_the_contract_holds() {
        let (request, shutdown) = (Some(StopCause::Requested), Some(StopCause::Shutdown));
        let permanent = || AttemptEnd::Permanent("no".to_owned());
        let retryable = || AttemptEnd::Retryable("later".to_owned());
        for cause in [None, request, shutdown] {
            assert_eq!(AttemptEnd::Returned.conclude(cause, false), Conclusion::Completed);
            assert!(matches!(permanent().conclude(cause, false), Conclusion::Failed(_)));
            assert!(matches!(trap().conclude(cause, false), Conclusion::Failed(_)));
        }
        assert!(matches!(retryable().conclude(None, false), Conclusion::Failed(_)));
        for seen in [false, true] {
            assert_eq!(retryable().conclude(request, seen), stopped(false));
            assert_eq!(retryable().conclude(shutdown, seen), Conclusion::Pending);
            assert_eq!(AttemptEnd::Forced.conclude(request, seen), stopped(true));
            assert_eq!(AttemptEnd::Forced.conclude(shutdown, seen), Conclusion::Pending);
        }
        for end in [AttemptEnd::Returned, permanent(), trap()] {
            assert_eq!(end.clone().conclude(request, true), stopped(false));
            assert_eq!(end.conclude(shutdown, true), Conclusion::Pending);
        }
    }
}
