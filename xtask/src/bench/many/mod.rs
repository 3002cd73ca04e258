//! What the host does with many jobs at once: asleep, interrupted, ended.

mod asleep;
pub(super) mod growth;
pub(super) mod recovery;
pub(super) mod sleepers;

pub(super) use asleep::{SLEEPING, start_sleepers};
