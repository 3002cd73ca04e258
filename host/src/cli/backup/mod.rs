//! `cofferdam backup` and `cofferdam restore`.

mod facts;
mod restore;
mod take;

pub(super) use restore::Restore;
pub(super) use take::Backup;
