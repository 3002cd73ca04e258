//! Who did what: one entry for each request that changes something, and for each that was not let in.

use std::time::Duration;

use uuid::Uuid;

use crate::domain::{Timestamp, TokenId};

/// Who asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// The holder of a token: its id and its name.
    Token(TokenId, String),
    /// Somebody on this machine, before there was a token.
    Local,
    /// Somebody who was not let in.
    Unknown,
}

impl Actor {
    /// As it is shown: a token's name, or a word.
    pub fn name(&self) -> &str {
        match self {
            Self::Token(_, name) => name,
            Self::Local => "local",
            Self::Unknown => "unknown",
        }
    }

    /// The token's id.
    pub fn token(&self) -> Option<TokenId> {
        match self {
            Self::Token(id, _) => Some(*id),
            Self::Local | Self::Unknown => None,
        }
    }
}

/// One entry of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When the request was answered.
    pub time: Timestamp,
    /// Who asked.
    pub actor: Actor,
    /// From which address.
    pub peer: String,
    /// What was asked for, such as `job.start`.
    pub action: String,
    /// Of what, where it is known.
    pub object: Option<String>,
    /// The status of the answer.
    pub status: u16,
    /// The request's name, as its answer carried it.
    pub request: Uuid,
}

/// An entry with its number, which only grows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberedEntry {
    /// Its number.
    pub seq: u64,
    /// All the rest.
    pub entry: AuditEntry,
}

/// Entries in the order of their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditPage {
    /// The entries.
    pub entries: Vec<NumberedEntry>,
    /// The last number on this page, or where the reader already was.
    pub next_after: u64,
    /// The number of the newest entry there is.
    pub last_seq: u64,
}

/// How much of the audit log is kept; what is over either goes, oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditLimits {
    /// Entries: some 20 MB.
    pub entries: u64,
    /// The oldest entry's age.
    pub age: Duration,
}

impl Default for AuditLimits {
    fn default() -> Self {
        Self { entries: 100_000, age: Duration::from_hours(90 * 24) }
    }
}
