//! This process among the nodes: it joins, says that it is alive, takes back what gone nodes ran, hears what others
//! ask of it, and leaves.

mod begin;
mod boot_clock;
mod heartbeat;
mod lease;
mod membership;
mod others;
mod recovery;
mod register;
mod requests;

pub(super) use begin::begin;
pub(super) use membership::Membership;
pub(super) use recovery::recover;
pub(super) use register::{VERSION, leave, register};
