//! Who asks, for as long as one request or stream lasts.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::domain::{Reach, Scope, Timestamp, Token};

/// A token in memory.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) token: Token,
    /// When it last let somebody in here, in milliseconds; 0 for not since the last note in the database.
    used: AtomicI64,
}

impl Held {
    pub(super) const fn new(token: Token) -> Self {
        Self { token, used: AtomicI64::new(0) }
    }

    pub(super) fn touch(&self, now: Timestamp) {
        self.used.store(now.millis(), Ordering::Relaxed);
    }

    /// When it was used since this was asked before.
    pub(super) fn take_used(&self) -> Option<Timestamp> {
        match self.used.swap(0, Ordering::Relaxed) {
            0 => None,
            millis => Some(Timestamp::from_millis(millis)),
        }
    }
}

/// Who asks, and what that allows.
#[derive(Debug, Clone)]
pub struct Caller(pub(super) Option<Arc<Held>>);

impl Caller {
    /// Whoever comes, where no token is asked for.
    pub const fn anybody() -> Self {
        Self(None)
    }

    /// Whether the caller may do this.
    pub fn may(&self, scope: Scope) -> bool {
        self.token().is_none_or(|token| token.scopes.allow(scope))
    }

    /// With which modules' jobs.
    pub fn reach(&self) -> Reach {
        self.token().map_or(Reach::All, |token| token.reach.clone())
    }

    /// Whether the caller sees the jobs of a module.
    pub fn reaches(&self, module_name: &str) -> bool {
        self.token().is_none_or(|token| token.reach.includes(module_name))
    }

    /// The name of the token that let the caller in; none where none is asked for.
    pub fn name(&self) -> Option<String> {
        self.token().map(|token| token.name.to_string())
    }

    /// The token that let the caller in; none where none is asked for.
    pub fn token(&self) -> Option<&Token> {
        self.0.as_ref().map(|held| &held.token)
    }
}
