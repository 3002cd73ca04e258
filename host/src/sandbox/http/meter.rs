//! What a run sends and receives, and how much of it there may be.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::domain::{HttpUsage, JobLimits};

/// Counts the requests and bytes of one run, within what is left to its job.
#[derive(Debug)]
pub(in crate::sandbox) struct Meter {
    requests: AtomicU64,
    bytes: AtomicU64,
    requests_max: u64,
    bytes_max: u64,
    under_way: Arc<Semaphore>,
}

impl Meter {
    /// With what the limits still let the job send.
    pub(in crate::sandbox) fn new(limits: &JobLimits) -> Self {
        let concurrent = usize::try_from(limits.http_concurrent).unwrap_or(Semaphore::MAX_PERMITS);
        Self {
            requests: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            requests_max: limits.http_requests,
            bytes_max: limits.http_bytes,
            under_way: Arc::new(Semaphore::new(concurrent.clamp(1, Semaphore::MAX_PERMITS))),
        }
    }

    /// What was used so far.
    pub(in crate::sandbox) fn usage(&self) -> HttpUsage {
        HttpUsage { requests: self.requests.load(Ordering::Relaxed), bytes: self.bytes.load(Ordering::Relaxed) }
    }

    /// Counts a request, unless there were as many as there may be.
    pub(super) fn take_request(&self) -> bool {
        let next = |requests: u64| (requests < self.requests_max).then(|| requests + 1);
        self.requests.try_update(Ordering::Relaxed, Ordering::Relaxed, next).is_ok()
    }

    /// Counts bytes; answers whether there may be so many.
    pub(super) fn take_bytes(&self, bytes: usize) -> bool {
        let before = self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
        before.saturating_add(bytes as u64) <= self.bytes_max
    }

    /// Waits until one more request may be under way.
    pub(super) async fn turn(&self) -> OwnedSemaphorePermit {
        Arc::clone(&self.under_way).acquire_owned().await.expect("the semaphore is never closed")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_and_bytes_are_counted_up_to_their_limits() {
        let limits = JobLimits { http_requests: 2, http_bytes: 10, ..JobLimits::default() };
        let meter = Meter::new(&limits);
        assert!(meter.take_request() && meter.take_request() && !meter.take_request());
        assert!(meter.take_bytes(10) && !meter.take_bytes(1));
        assert_eq!(meter.usage(), HttpUsage { requests: 2, bytes: 11 });
    }
}
