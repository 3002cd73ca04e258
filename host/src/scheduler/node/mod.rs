//! This process among the nodes: it joins, says that it is alive, takes back what gone nodes ran, hears what others
//! ask of it, and leaves.

mod boot_clock;
mod heartbeat;
mod lease;
mod membership;
mod recovery;
mod register;
mod requests;

pub(super) use membership::Membership;
pub(super) use recovery::recover;
pub(super) use register::{VERSION, leave, register};

use std::sync::Arc;

use super::shared::Shared;
use crate::store::StoreError;

/// Starts what a member does beside running jobs.
pub(super) fn begin(shared: &Arc<Shared>) -> Result<(), StoreError> {
    let Some(link) = shared.store.take_lease() else {
        shared.tasks.spawn(heartbeat::run(Arc::clone(shared)));
        return Ok(());
    };
    shared.tasks.spawn(recovery::run(Arc::clone(shared)));
    shared.tasks.spawn(requests::run(Arc::clone(shared)));
    lease::start(Arc::clone(shared), link)
}
