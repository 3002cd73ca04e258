//! How an attempt is told to stop, and what it knew of it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use tokio_util::sync::CancellationToken;

use crate::domain::{JobError, StopCause};
use crate::scheduler::CheckpointFuse;

/// The stop flag of one attempt. Raised once, it stays raised.
#[derive(Default)]
pub(in crate::scheduler) struct StopSignal {
    raised: AtomicBool,
    seen: AtomicBool,
    cause: Mutex<Option<StopCause>>,
    wake: CancellationToken,
    force: CancellationToken,
    /// Nothing is to be feared of it any more: it has saved a checkpoint, or has ended.
    settled: CancellationToken,
    /// The claim was lost: nothing that this attempt still writes would count.
    lost: AtomicBool,
    /// The host could not keep what the attempt gave it.
    broken: Mutex<Option<JobError>>,
    /// Interrupts the attempt at one of its checkpoints.
    fuse: Option<CheckpointFuse>,
}

impl StopSignal {
    /// For an attempt that may be killed at one of its checkpoints.
    pub(super) fn with_fuse(fuse: Option<CheckpointFuse>) -> Self {
        Self { fuse, ..Self::default() }
    }

    /// Tells the attempt to stop. The first cause is kept, but a request or the limit wins over a shutdown.
    pub(in crate::scheduler) fn raise(&self, cause: StopCause) {
        {
            let mut kept = self.cause.lock().unwrap_or_else(PoisonError::into_inner);
            match *kept {
                None | Some(StopCause::Shutdown) => *kept = Some(cause),
                Some(StopCause::Requested | StopCause::DurationLimit) => {}
            }
        }
        self.raised.store(true, Ordering::Release);
        self.wake.cancel();
    }

    /// Why the attempt was told to stop.
    pub(super) fn cause(&self) -> Option<StopCause> {
        *self.cause.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it was told to stop; the asker is the module, which now knows.
    pub(super) fn look(&self) -> bool {
        let raised = self.raised.load(Ordering::Acquire);
        if raised {
            self.seen.store(true, Ordering::Release);
        }
        raised
    }

    /// Whether the module knew that it was to stop.
    pub(super) fn was_seen(&self) -> bool {
        self.seen.load(Ordering::Acquire)
    }

    /// Waits until it is told to stop.
    pub(super) async fn raised(&self) {
        self.wake.cancelled().await;
    }

    /// Interrupts the guest now.
    pub(in crate::scheduler) fn force(&self) {
        self.force.cancel();
    }

    /// What interrupts the guest.
    pub(super) fn force_token(&self) -> CancellationToken {
        self.force.clone()
    }

    /// The claim is gone: interrupt the guest and write nothing more.
    pub(in crate::scheduler) fn lose_claim(&self) {
        self.lost.store(true, Ordering::Release);
        self.force();
    }

    /// A checkpoint is committed. When that blows the fuse, the guest is interrupted before it hears of it.
    pub(super) fn checkpoint_saved(&self) {
        self.settle();
        if self.fuse.as_ref().is_some_and(CheckpointFuse::burn) {
            self.raise(StopCause::Requested);
            self.force();
        }
    }

    /// Waits for ever when the guest is being interrupted, so that it gets no further than this.
    pub(super) async fn hold_if_forced(&self) {
        if self.force.is_cancelled() {
            std::future::pending::<()>().await;
        }
    }

    /// A checkpoint is saved, or the attempt has ended.
    pub(super) fn settle(&self) {
        self.settled.cancel();
    }

    /// Waits until then.
    pub(super) async fn settled(&self) {
        self.settled.cancelled().await;
    }

    /// Whether the claim is gone.
    pub(super) fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Acquire)
    }

    /// The host failed the attempt: interrupt the guest, and fail the job.
    pub(super) fn fail(&self, error: JobError) {
        self.broken.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        self.force();
    }

    /// How the host failed the attempt.
    pub(super) fn take_failure(&self) -> Option<JobError> {
        self.broken.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_or_the_limit_wins_over_a_shutdown_and_else_the_first_stays() {
        for (first, second, kept) in [
            (StopCause::Shutdown, StopCause::Requested, StopCause::Requested),
            (StopCause::Shutdown, StopCause::DurationLimit, StopCause::DurationLimit),
            (StopCause::Requested, StopCause::Shutdown, StopCause::Requested),
            (StopCause::DurationLimit, StopCause::Requested, StopCause::DurationLimit),
        ] {
            let signal = StopSignal::default();
            signal.raise(first);
            signal.raise(second);
            assert_eq!(signal.cause(), Some(kept));
        }
    }

    #[test]
    fn only_the_modules_own_look_counts_as_seen() {
        let signal = StopSignal::default();
        assert!(!signal.look() && !signal.was_seen());
        signal.raise(StopCause::Requested);
        assert!(!signal.was_seen());
        assert!(signal.look() && signal.was_seen());
    }
}
