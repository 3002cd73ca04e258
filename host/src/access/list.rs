//! All tokens, as they were when they were last read.

use std::collections::HashMap;
use std::sync::Arc;

use subtle::ConstantTimeEq as _;
use tokio::time::Instant;

use super::caller::Held;
use super::error::Denied;
use crate::domain::{StoredToken, Timestamp, TokenHash, TokenId};

/// The tokens at one moment.
#[derive(Debug)]
pub(super) struct TokenList {
    by_hash: HashMap<TokenHash, Arc<Held>>,
    /// Tells a change from none: how many there are, and how many of them are revoked.
    pub(super) counts: (u64, u64),
    /// When they were read or found unchanged.
    pub(super) read_at: Instant,
}

impl TokenList {
    pub(super) fn of(tokens: Vec<StoredToken>) -> Self {
        let revoked = tokens.iter().filter(|stored| stored.token.revoked_at.is_some()).count();
        let counts = (tokens.len() as u64, revoked as u64);
        let by_hash = tokens.into_iter().map(|stored| (stored.hash, Arc::new(Held::new(stored.token)))).collect();
        Self { by_hash, counts, read_at: Instant::now() }
    }

    /// The same tokens, seen again now.
    pub(super) fn seen_again(&self) -> Self {
        Self { by_hash: self.by_hash.clone(), counts: self.counts, read_at: Instant::now() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_hash.is_empty()
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Arc<Held>> {
        self.by_hash.values()
    }

    pub(super) fn find(&self, id: TokenId) -> Option<&Arc<Held>> {
        self.all().find(|held| held.token.id == id)
    }

    /// The token with this hash, if it holds now.
    pub(super) fn holder_of(&self, hash: &TokenHash, now: Timestamp) -> Result<Arc<Held>, Denied> {
        let (kept, held) = self.by_hash.get_key_value(hash).ok_or(Denied::Unknown)?;
        if !bool::from(kept.0.ct_eq(&hash.0)) {
            return Err(Denied::Unknown);
        }
        holding(held, now)
    }
}

/// The token, if it holds now.
pub(super) fn holding(held: &Arc<Held>, now: Timestamp) -> Result<Arc<Held>, Denied> {
    match (held.token.revoked_at, held.token.expires_at) {
        (Some(at), _) => Err(Denied::Revoked(at)),
        (None, Some(at)) if now >= at => Err(Denied::Expired(at)),
        (None, _) => Ok(Arc::clone(held)),
    }
}
