//! What a member does beside running jobs, alone and in company.

use std::sync::Arc;

use super::{heartbeat, lease, others, recovery, requests};
use crate::scheduler::shared::Shared;
use crate::store::StoreError;

/// Starts what a member does beside running jobs.
pub(in crate::scheduler) fn begin(shared: &Arc<Shared>) -> Result<(), StoreError> {
    let Some(link) = shared.store.take_lease() else {
        shared.tasks.spawn(heartbeat::run(Arc::clone(shared)));
        return Ok(());
    };
    shared.tasks.spawn(recovery::run(Arc::clone(shared)));
    shared.tasks.spawn(requests::run(Arc::clone(shared)));
    if let Some(changes) = shared.store.take_others_changes() {
        shared.tasks.spawn(others::run(Arc::clone(shared), changes));
    }
    lease::start(Arc::clone(shared), link)
}
