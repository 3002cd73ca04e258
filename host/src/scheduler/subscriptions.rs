//! Which followers of logs this node serves.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use tokio_util::sync::CancellationToken;

/// Names one subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SubscriptionId(u64);

/// The subscriptions of a node.
#[derive(Default)]
pub(super) struct Subscriptions {
    next: AtomicU64,
    open: Mutex<HashMap<SubscriptionId, CancellationToken>>,
}

impl Subscriptions {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<SubscriptionId, CancellationToken>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens one more, unless there are `max` already.
    pub(super) fn open(&self, max: u32) -> Option<(SubscriptionId, CancellationToken)> {
        let mut open = self.lock();
        if open.len() >= max as usize {
            return None;
        }
        let (id, token) = (SubscriptionId(self.next.fetch_add(1, Ordering::Relaxed)), CancellationToken::new());
        open.insert(id, token.clone());
        Some((id, token))
    }

    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        self.lock().len() as u64
    }

    /// Ends one; false when there is none of this name.
    pub(super) fn end(&self, id: SubscriptionId) -> bool {
        self.lock().remove(&id).inspect(CancellationToken::cancel).is_some()
    }
}
