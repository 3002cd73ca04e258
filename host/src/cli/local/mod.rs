//! What the commands share that need no server: settings, the module's file, a host in this process, signals, and the
//! sentences for what the host says.

mod grants_file;
mod host;
mod interrupts;
mod module_file;
mod sentences;

pub(super) use grants_file::{GrantsArgument, read_grants};
pub(super) use host::{block_on, block_on_these, settings, threads, with_host};
pub(super) use interrupts::{Interrupt, Interrupts};
pub(super) use module_file::read_module;
pub(super) use sentences::{end_of, lost, not_granted, not_started, refused, why_not_started};
