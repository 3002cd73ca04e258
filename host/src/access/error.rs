//! Why somebody is not let in, and why a token is not made or not revoked.

use crate::domain::{Timestamp, TokenId};
use crate::store::StoreError;

/// Why a caller is not let in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Nothing was shown.
    #[error("a token is needed: send it in the header `Authorization: Bearer TOKEN`")]
    NoToken,
    /// What was shown is no token.
    #[error("what came as a token is none, or only a part of one")]
    Malformed,
    /// No token of this host.
    #[error("the token is not one of this host")]
    Unknown,
    /// It was revoked.
    #[error("the token was revoked at {0}")]
    Revoked(Timestamp),
    /// Its time is over.
    #[error("the token expired at {0}")]
    Expired(Timestamp),
    /// The ticket opens nothing.
    #[error(
        "the ticket was used already, has expired, or is none: each opens one stream within 30 s; get another from `POST /v1/stream-tickets`"
    )]
    NoTicket,
    /// The database has not said for a while which tokens hold.
    #[error("whether the token still holds cannot be found out now")]
    Stale,
}

/// Why a token was not made.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CreateError {
    /// It would let its holder do nothing.
    #[error("a token needs at least one scope")]
    NoScope,
    /// Nobody could make or revoke another.
    #[error("the first token must have the scope admin: without one nobody could make or revoke another")]
    FirstIsNotAdmin,
    /// These scopes reach every module whatever the filter says.
    #[error("a token for some modules alone cannot have the scopes admin or modules:write, which reach all modules")]
    ReachesFurther,
    /// It would never let anybody in.
    #[error("a token that lets nobody in for any time is of no use; give it a longer one, such as 30d")]
    NoTime,
    /// There are as many as there may be.
    #[error("there are {0} tokens already, revoked ones included, which is the most that are kept")]
    TooMany(u64),
    /// The operating system has no random numbers.
    #[error("no random numbers could be had: {0}")]
    Random(String),
    /// The database did not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a token was not revoked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum RevokeError {
    /// There is none.
    #[error("there is no token {0}")]
    Unknown(TokenId),
    /// The database did not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a ticket was not made.
#[derive(Debug, Clone, thiserror::Error)]
pub enum TicketError {
    /// So many wait to be used.
    #[error("{0} tickets wait to be used, which is the most there may be; they expire within 30 s")]
    TooMany(u64),
    /// The operating system has no random numbers.
    #[error("no random numbers could be had: {0}")]
    Random(String),
    /// The database did not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a ticket lets nobody in.
#[derive(Debug, Clone, thiserror::Error)]
pub enum RedeemError {
    /// It does not hold, or its token does not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}
