//! What the commands share that need no server: settings, the module's file, a host in this process, and signals.

mod host;
mod interrupts;
mod module_file;

pub(super) use host::{block_on, settings, with_host};
pub(super) use interrupts::{Interrupt, Interrupts};
pub(super) use module_file::read_module;
