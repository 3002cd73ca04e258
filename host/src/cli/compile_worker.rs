//! `cofferdam compile-worker`: what a host starts for each component that it compiles. Not for people.

use clap::Args;

use crate::sandbox::{CompileOrder, work};

/// Compile one component, for a host that started this
#[derive(Debug, Args)]
pub struct CompileWorker {
    /// What to do, as the host writes it
    #[arg(value_parser = CompileOrder::read)]
    order: CompileOrder,
}

impl CompileWorker {
    /// Ends the process at once: what the compiler holds need not be given back piece by piece.
    pub(super) fn execute(self) -> ! {
        std::process::exit(work(&self.order).code().into())
    }
}
