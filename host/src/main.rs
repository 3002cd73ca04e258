//! The program: arguments, then settings, then whatever was asked for, then an exit code.

use std::process::ExitCode;

use clap::Parser;
use cofferdam::cli::Cli;
use cofferdam::config::Environment;

fn main() -> ExitCode {
    #[cfg(feature = "failpoints")]
    let _failpoints = fail::FailScenario::setup();
    // Wrong usage ends here with 2, `--help` and `--version` with 0.
    let cli = Cli::parse();
    cli.execute(&Environment::of_process()).into()
}
