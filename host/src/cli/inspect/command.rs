//! `cofferdam inspect`: its options, and what it looks at.

use std::path::PathBuf;

use clap::Args;

use super::report::Report;
use super::sentences::render;
use crate::cli::local;
use crate::cli::output::{Bar, Looks, shown_json};
use crate::cli::session::{Form, say};
use crate::cli::settings_arguments::SettingsArguments;
use crate::cli::{Exit, Failure, Global};
use crate::config::Environment;

/// Tell what a module is and whether a host takes it, without a server
#[derive(Debug, Args)]
#[command(after_help = "\
The component is checked and compiled, and its `describe` is called in a sandbox with nothing
granted. Nothing is kept. Everything for which a host would refuse it is told, not only the first
thing, in the words that an upload gets. The limits are those of the settings here; a server may
have others.

Exit codes: 0 a host would take it, 1 it would be refused, 2 wrong usage.

Examples:
  cofferdam inspect target/wasm32-wasip2/release/csv_profile.wasm
  cofferdam inspect module.wasm --json | jq .inputs_schema
  cofferdam inspect module.wasm --set job.memory='64 MiB'")]
pub struct Inspect {
    /// The component
    #[arg(value_name = "MODULE.wasm")]
    file: PathBuf,
    #[command(flatten)]
    settings: SettingsArguments,
}

impl Inspect {
    pub(in crate::cli) fn execute(
        self,
        global: &Global,
        environment: &Environment,
        looks: Looks,
    ) -> Result<Exit, Failure> {
        let settings = local::settings(&self.settings, environment, looks)?;
        let bytes = local::read_module(&self.file)?;
        let bar = Bar::start(looks.err, format!("compiling {}", self.file.display()));
        let inspected =
            local::block_on(local::with_host(settings, async |host| Ok(host.registry.inspect(bytes).await)));
        bar.end();
        let report = Report::of(&self.file, inspected??);
        match Form::of(global) {
            Form::Json => say(&shown_json(&report.json(), looks.out))?,
            Form::People => say(&render(&report, looks.out))?,
        }
        Ok(if report.refusals.is_empty() { Exit::Done } else { Exit::Failed })
    }
}
