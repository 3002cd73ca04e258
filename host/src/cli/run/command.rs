//! `cofferdam run`: its options, and what is read before anything starts.

use std::path::PathBuf;

use clap::Args;

use super::one_job::{Console, run};
use crate::cli::job::Given;
use crate::cli::local;
use crate::cli::output::Looks;
use crate::cli::session::Form;
use crate::cli::settings_arguments::SettingsArguments;
use crate::cli::{Exit, Failure, Global};
use crate::config::Environment;
use crate::domain::JsonObject;
use crate::scheduler::StartJob;

/// Run a module in this process, without a server
#[derive(Debug, Args)]
#[command(after_help = "\
The log goes to stderr as it comes, the results to stdout as JSON lines. Nothing is kept afterwards.
Ctrl-C asks the module to stop; a second one forces it.

Exit codes: 0 completed, 1 failed, 2 wrong usage, 3 stopped.

Examples:
  cofferdam run hello.wasm
  cofferdam run csv_profile.wasm --inputs @inputs.json > results.jsonl
  cofferdam run link_check.wasm --grants grants.json
  cofferdam run prime_count.wasm --inputs '{\"limit\": 1000000}' --max-duration 10s")]
pub struct Run {
    /// The component
    #[arg(value_name = "MODULE.wasm")]
    file: PathBuf,
    #[command(flatten)]
    given: Given,
    #[command(flatten)]
    grants: local::GrantsArgument,
    #[command(flatten)]
    settings: SettingsArguments,
}

impl Run {
    pub(in crate::cli) fn execute(
        self,
        global: &Global,
        environment: &Environment,
        looks: Looks,
    ) -> Result<Exit, Failure> {
        let settings = local::settings(&self.settings, environment, looks)?;
        let given = self.given.read()?;
        let grants = self.grants.read()?;
        let bytes = local::read_module(&self.file)?;
        let request = |module| StartJob {
            inputs: given.inputs.unwrap_or_else(JsonObject::empty),
            settings: given.settings.unwrap_or_else(JsonObject::empty),
            checkpoint: given.checkpoint,
            max_duration: self.given.max_duration,
            ..StartJob::of(module)
        };
        let console = Console { form: Form::of(global), looks };
        local::block_on(run(settings, (bytes, grants), request, console))?
    }
}
