//! Under which id this process takes part, and whether it may run jobs now.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::boot_clock::since_boot;
use crate::domain::NodeId;

/// This process's place among the nodes. It may lose it, and come back under another id.
pub(in crate::scheduler) struct Membership {
    node: Mutex<NodeId>,
    fenced: AtomicBool,
    /// When it came back last, in milliseconds of the boot clock; 0 if it never was away.
    joined_again: AtomicU64,
    /// Whether other nodes share the database now.
    company: AtomicBool,
}

impl Membership {
    pub(in crate::scheduler) fn new(node: NodeId) -> Self {
        Self {
            node: Mutex::new(node),
            fenced: AtomicBool::new(false),
            joined_again: AtomicU64::new(0),
            company: AtomicBool::new(false),
        }
    }

    /// The id under which it takes part.
    pub(in crate::scheduler) fn node(&self) -> NodeId {
        *self.node.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether its word holds no more: it must not run anything until it has joined again.
    pub(in crate::scheduler) fn is_fenced(&self) -> bool {
        self.fenced.load(Ordering::SeqCst)
    }

    /// Whether what was claimed under this id may run.
    pub(in crate::scheduler) fn holds(&self, claimed_by: NodeId) -> bool {
        !self.is_fenced() && self.node() == claimed_by
    }

    /// Answers whether it was a member until now.
    pub(super) fn fence(&self) -> bool {
        !self.fenced.swap(true, Ordering::SeqCst)
    }

    pub(super) fn join_as(&self, node: NodeId) {
        *self.node.lock().unwrap_or_else(PoisonError::into_inner) = node;
        let now = u64::try_from(since_boot().as_millis()).unwrap_or(u64::MAX);
        self.joined_again.store(now, Ordering::Relaxed);
        self.fenced.store(false, Ordering::SeqCst);
    }

    /// When it came back last, by the boot clock.
    pub(super) fn joined_again(&self) -> Duration {
        Duration::from_millis(self.joined_again.load(Ordering::Relaxed))
    }

    /// Whether other nodes share the database, as this one saw it last.
    pub(in crate::scheduler) fn has_company(&self) -> bool {
        self.company.load(Ordering::Relaxed)
    }

    pub(super) fn set_company(&self, company: bool) {
        self.company.store(company, Ordering::Relaxed);
    }
}
