//! `cargo xtask torture`: hosts and their database die at random moments under load; nothing may be lost, doubled or
//! changed.

mod faults;
mod ledger;
mod load;
mod nodes;
mod races;
mod run;
mod verify;

pub(crate) use run::run;
