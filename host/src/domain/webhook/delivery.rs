//! What a webhook is told, and what became of it.

use std::fmt;
use std::str::FromStr;

use crate::domain::{EventId, JobId, Status, Timestamp};

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$of])* $variant,)*
        }

        impl $name {
            /// All there are.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// As the API and the databases have it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                let found = Self::ALL.iter().copied().find(|one| one.as_str() == text);
                found.ok_or_else(|| UnknownWord { text: text.chars().take(50).collect(), known: &[$($word),*] })
            }
        }
    };
}

words! {
    /// What happened.
    EventKind {
        /// A job completed.
        JobCompleted = "job.completed",
        /// A job failed.
        JobFailed = "job.failed",
        /// A job was stopped.
        JobStopped = "job.stopped",
        /// Nothing: somebody tries the webhook.
        Ping = "ping",
    }
}

words! {
    /// Where a delivery stands.
    DeliveryState {
        /// It waits for its next attempt, or one is under way.
        Waiting = "waiting",
        /// The receiver has it.
        Delivered = "delivered",
        /// It is not tried again by itself.
        Failed = "failed",
    }
}

/// The text is none of the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownWord {
    text: String,
    known: &'static [&'static str],
}

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is none of {}", self.text, self.known.join(", "))
    }
}

impl std::error::Error for UnknownWord {}

impl EventKind {
    /// What is told of a job that stands there; nothing unless it has ended.
    pub const fn of_end(status: Status) -> Option<Self> {
        match status {
            Status::Pending | Status::Running => None,
            Status::Completed => Some(Self::JobCompleted),
            Status::Failed => Some(Self::JobFailed),
            Status::Stopped => Some(Self::JobStopped),
        }
    }
}

/// One event on its way to one webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// What is told; the receiver tells repetitions by it.
    pub event: EventId,
    /// Of which kind.
    pub kind: EventKind,
    /// The job that ended, if that is what it tells.
    pub job: Option<JobId>,
    /// When it happened.
    pub created_at: Timestamp,
    /// Where it stands.
    pub state: DeliveryState,
    /// Attempts so far, the one under way included.
    pub attempts: u32,
    /// Whether an attempt is under way.
    pub is_under_way: bool,
    /// When the next attempt is due.
    pub next_attempt_at: Option<Timestamp>,
    /// When the last attempt ended.
    pub last_attempt_at: Option<Timestamp>,
    /// What the receiver answered to it, if it did.
    pub last_status: Option<u16>,
    /// The beginning of what it said.
    pub last_answer: Option<String>,
    /// Why the attempt failed.
    pub last_error: Option<String>,
}

/// Deliveries of a webhook, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryPage {
    /// The deliveries.
    pub deliveries: Vec<Delivery>,
    /// Where the next page begins, exclusive; `None` at the end.
    pub next: Option<EventId>,
}
