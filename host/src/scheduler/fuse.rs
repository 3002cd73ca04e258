//! Kills a job right after a chosen checkpoint, for those who want to see whether its module goes on well from there.

use std::num::NonZeroU64;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};

/// Counts the checkpoints that a job saves, and interrupts the job by force right after a chosen one.
///
/// To the module it is as if its host had died at that moment: it is not asked, and it never returns from that
/// `save-checkpoint`. The checkpoint is committed, with everything before it; the job is then `stopped` (`requested`,
/// forced), and a resume goes on from that checkpoint.
///
/// A fuse is given with [`StartJob`](super::StartJob) or [`ResumeJob`](super::ResumeJob) and holds until the job is
/// resumed, with another one or without; and only for as long as the caller keeps it. It lives in the memory of this
/// process: nothing of it is stored, no other node sees it, and no HTTP request leads to it.
#[derive(Debug, Clone)]
pub struct CheckpointFuse(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    saved: AtomicU64,
    blows_after: Option<NonZeroU64>,
}

impl CheckpointFuse {
    /// Interrupts the job after so many checkpoints: 1 is the next that it saves.
    pub fn after(checkpoints: NonZeroU64) -> Self {
        Self(Arc::new(Inner { saved: AtomicU64::new(0), blows_after: Some(checkpoints) }))
    }

    /// Only counts.
    pub fn counting() -> Self {
        Self(Arc::new(Inner { saved: AtomicU64::new(0), blows_after: None }))
    }

    /// How many checkpoints were committed under it.
    pub fn saved(&self) -> u64 {
        self.0.saved.load(Ordering::Acquire)
    }

    /// Whether it has interrupted the job.
    pub fn has_blown(&self) -> bool {
        self.0.blows_after.is_some_and(|after| self.saved() >= after.get())
    }

    /// A checkpoint was committed; answers whether the attempt ends with it.
    pub(super) fn burn(&self) -> bool {
        self.0.saved.fetch_add(1, Ordering::AcqRel);
        self.has_blown()
    }

    pub(super) fn held(&self) -> HeldFuse {
        HeldFuse(Arc::downgrade(&self.0))
    }
}

/// A fuse that somebody else keeps.
#[derive(Debug)]
pub(super) struct HeldFuse(Weak<Inner>);

impl HeldFuse {
    /// The fuse, if it is still kept.
    pub(super) fn get(&self) -> Option<CheckpointFuse> {
        self.0.upgrade().map(CheckpointFuse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_blows_at_its_checkpoint_and_is_gone_with_its_keeper() {
        let fuse = CheckpointFuse::after(NonZeroU64::new(2).expect("not zero"));
        let held = fuse.held();
        assert!(!fuse.burn() && !fuse.has_blown());
        assert!(held.get().is_some_and(|same| same.burn()) && fuse.has_blown());
        assert_eq!(fuse.saved(), 2);
        drop(fuse);
        assert!(held.get().is_none());
        let counting = CheckpointFuse::counting();
        assert!(!counting.burn() && counting.saved() == 1 && !counting.has_blown());
    }
}
