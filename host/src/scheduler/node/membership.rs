//! Under which id this process takes part, and whether it may run jobs now.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::domain::NodeId;

/// This process's place among the nodes. It may lose it, and come back under another id.
pub(in crate::scheduler) struct Membership {
    node: Mutex<NodeId>,
    fenced: AtomicBool,
    /// Whether other nodes share the database now.
    company: AtomicBool,
}

impl Membership {
    pub(in crate::scheduler) fn new(node: NodeId) -> Self {
        Self { node: Mutex::new(node), fenced: AtomicBool::new(false), company: AtomicBool::new(false) }
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
        self.fenced.store(false, Ordering::SeqCst);
    }

    /// Whether other nodes share the database, as this one saw it last.
    pub(in crate::scheduler) fn has_company(&self) -> bool {
        self.company.load(Ordering::Relaxed)
    }

    pub(super) fn set_company(&self, company: bool) {
        self.company.store(company, Ordering::Relaxed);
    }
}
