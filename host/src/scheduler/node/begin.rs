//! What a member does beside running jobs, alone and in company.

use std::sync::Arc;

use super::{heartbeat, lease, others, recovery, requests};
use crate::scheduler::shared::Shared;
use crate::store::{Company, StoreError};

/// Starts what a member does beside running jobs.
pub(in crate::scheduler) fn begin(shared: &Arc<Shared>) -> Result<(), StoreError> {
    let Some(Company { lease: link, others: changes }) = shared.store.take_company() else {
        shared.tasks.spawn(heartbeat::run(Arc::clone(shared)));
        return Ok(());
    };
    shared.tasks.spawn(recovery::run(Arc::clone(shared)));
    shared.tasks.spawn(requests::run(Arc::clone(shared)));
    shared.tasks.spawn(others::run(Arc::clone(shared), changes));
    lease::start(Arc::clone(shared), link)
}
