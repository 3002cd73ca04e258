//! Time on a processor.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// What a guest has spent.
#[derive(Debug, Default)]
pub(in crate::sandbox) struct CpuTime(AtomicU64);

impl CpuTime {
    /// Up to when it was last off its processor.
    pub(in crate::sandbox) fn spent(&self) -> Duration {
        Duration::from_nanos(self.0.load(Ordering::Relaxed))
    }

    fn add(&self, time: Duration) {
        self.0.fetch_add(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

/// Runs a future and adds to `spent` what its polls took of their thread's processor time; waiting costs nothing. `None`
/// when it was dropped because it had spent its limit. A guest is polled for one tick at most.
pub(super) async fn measured<T>(
    mut future: Pin<&mut impl Future<Output = T>>,
    spent: &CpuTime,
    limit: Option<Duration>,
) -> Option<T> {
    poll_fn(|cx| {
        let before = thread_time();
        let polled = future.as_mut().poll(cx);
        spent.add(thread_time().saturating_sub(before));
        match polled {
            Poll::Pending if limit.is_some_and(|limit| spent.spent() >= limit) => Poll::Ready(None),
            polled => polled.map(Some),
        }
    })
    .await
}

fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::*;

    #[tokio::test]
    async fn waiting_is_free_and_work_is_not() {
        let waited = CpuTime::default();
        measured(pin!(tokio::time::sleep(Duration::from_millis(50))), &waited, None).await;
        assert!(waited.spent() < Duration::from_millis(20), "{waited:?}");

        let worked = CpuTime::default();
        let work = async {
            let before = thread_time();
            while thread_time() < before + Duration::from_millis(20) {}
        };
        measured(pin!(work), &worked, None).await;
        assert!(worked.spent() >= Duration::from_millis(20), "{worked:?}");
    }

    #[tokio::test]
    async fn what_has_spent_its_limit_is_dropped() {
        let for_ever = async {
            loop {
                tokio::task::yield_now().await;
            }
        };
        let spent = CpuTime::default();
        let ended: Option<()> = measured(pin!(for_ever), &spent, Some(Duration::from_millis(20))).await;
        assert!(ended.is_none() && spent.spent() >= Duration::from_millis(20), "{spent:?}");
    }
}
