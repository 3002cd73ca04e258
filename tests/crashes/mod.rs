//! What is left after the host died, was told to end, or was raced: the promises, each on a small scale.

mod ledger;

mod access;
mod brake;
mod compiled_code;
mod counting;
mod damage;
mod disk_full;
mod duration;
mod failpoints;
mod followers;
mod orderly;
mod stops;
mod submissions;
mod thousand;
mod versions;

pub(crate) use failpoints::OF_WEBHOOKS;
pub(crate) use ledger::assert_each_once;
