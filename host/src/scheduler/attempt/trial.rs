//! The first moment of a suspect: a job that was on board when its hosts died, twice in a row without a checkpoint.
//!
//! Until it has saved a checkpoint or has run for a moment, no other suspect starts: if the host dies meanwhile, it was
//! this one.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OwnedSemaphorePermit;

use super::stop_signal::StopSignal;
use crate::domain::Claim;
use crate::scheduler::shared::Shared;
use crate::store::Write;

/// How long a suspect runs before the next one may start.
const TRIAL: Duration = Duration::from_secs(2);

/// Waits until the suspect is believed, and lets the next one start.
pub(super) async fn stand(shared: Arc<Shared>, claim: Claim, signal: Arc<StopSignal>, permit: OwnedSemaphorePermit) {
    tokio::select! {
        () = signal.settled() => {}
        () = tokio::time::sleep(TRIAL) => {
            if let Err(error) = shared.store.write(Write::EndTrial(claim)).await {
                tracing::warn!(job = %claim.job(), %error, "the end of a trial was not stored");
            }
        }
    }
    drop(permit);
    shared.bell.notify_one();
}
