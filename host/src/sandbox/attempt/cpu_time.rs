//! Time on a processor.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Runs a future and adds to `spent` what its polls took of their thread's processor time; waiting costs nothing. `None`
/// when it was dropped because it had spent its limit. A guest is polled for one tick at most.
pub(super) async fn measured<F: Future>(future: F, spent: &mut Duration, limit: Option<Duration>) -> Option<F::Output> {
    let mut future = pin!(future);
    poll_fn(|cx| {
        let before = thread_time();
        let polled = future.as_mut().poll(cx);
        *spent += thread_time().saturating_sub(before);
        match polled {
            Poll::Pending if limit.is_some_and(|limit| *spent >= limit) => Poll::Ready(None),
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
    use super::*;

    #[tokio::test]
    async fn waiting_is_free_and_work_is_not() {
        let mut waited = Duration::ZERO;
        measured(tokio::time::sleep(Duration::from_millis(50)), &mut waited, None).await;
        assert!(waited < Duration::from_millis(20), "{waited:?}");

        let mut worked = Duration::ZERO;
        let work = async {
            let before = thread_time();
            while thread_time() < before + Duration::from_millis(20) {}
        };
        measured(work, &mut worked, None).await;
        assert!(worked >= Duration::from_millis(20), "{worked:?}");
    }

    #[tokio::test]
    async fn what_has_spent_its_limit_is_dropped() {
        let for_ever = async {
            loop {
                tokio::task::yield_now().await;
            }
        };
        let mut spent = Duration::ZERO;
        let ended: Option<()> = measured(for_ever, &mut spent, Some(Duration::from_millis(20))).await;
        assert!(ended.is_none() && spent >= Duration::from_millis(20), "{spent:?}");
    }
}
