//! The program: arguments, then settings, then whatever was asked for, then an exit code.

use std::process::ExitCode;

use clap::Parser;
use cofferdam::cli::Cli;
use cofferdam::config::Environment;

/// A job's road is many small allocations that one thread makes and another gives back; the system's allocator spends a
/// fifth of the host's time on those.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    #[cfg(feature = "failpoints")]
    let _failpoints = fail::FailScenario::setup();
    // Wrong usage ends here with 2, `--help` and `--version` with 0.
    let cli = Cli::parse();
    cli.execute(&Environment::of_process()).into()
}
