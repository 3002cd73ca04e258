//! `cofferdam test`: its options, and the count at its end.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use clap::Args;

use super::case_file::{CaseFile, read_all};
use super::module_choice::module;
use super::player::Player;
use super::suite::{Goldens, Ways, attempt};
use crate::app::LocalHost;
use crate::cli::local;
use crate::cli::output::{Bar, Looks, shown_json, style};
use crate::cli::session::{Form, say};
use crate::cli::settings_arguments::SettingsArguments;
use crate::cli::{Exit, Failure, Global};
use crate::config::Environment;
use crate::domain::{Digest, Grants, ModuleRef};
use crate::registry::{Added, OnConflict};

/// Test a module with cases, in this process, and kill it at its checkpoints
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Test {
    /// The component; unless given that of the project here, which is built if a source has changed, or else the newest in
    /// target/wasm32-wasip2/ or here
    #[arg(value_name = "MODULE.wasm")]
    module: Option<PathBuf>,
    /// Files of cases, or folders with them [default: tests/cases]
    #[arg(long, value_name = "FILE-OR-FOLDER", num_args = 1..)]
    cases: Vec<PathBuf>,
    /// Only cases whose name contains this
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Write golden files instead of comparing with them
    #[arg(long)]
    update: bool,
    /// Do not kill the module at its checkpoints
    #[arg(long, conflicts_with = "kills")]
    no_checkpoint_check: bool,
    /// Kill it at so many checkpoints of a case at most, evenly spread
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..))]
    kills: u64,
    #[command(flatten)]
    grants: local::GrantsArgument,
    #[command(flatten)]
    settings: SettingsArguments,
}

const HELP: &str = "\
A case is a JSON file. Everything but expect.status may be left out:
  {
    \"name\": \"counts to three\",            its file's name unless given
    \"inputs\": {\"to\": 3}, \"settings\": {},
    \"checkpoint\": {\"n\": 1},               state to start from
    \"max_duration\": \"10s\",
    \"ignore\": [\"/time\"],                  fields of results and checkpoint that may differ
    \"interrupt\": false,                   leaves the checkpoint check out
    \"expect\": {
      \"status\": \"completed\",              or failed, stopped
      \"error\": \"no rows\",                 contained in the error's message
      \"results\": [{\"n\": 2}, {\"n\": 3}],    exactly these, in this order
      \"log\": [\"goes on after 1\"],         each contained in some line
      \"checkpoint\": {\"n\": 3}              the last one
    }
  }
Instead of its results a case may name a file beside it with one result a line, which
--update writes: \"results\": {\"golden\": \"counts.results.jsonl\"}

The checkpoint check: a case that saves checkpoints is run again; the module is killed right
after each of them, without being asked, and resumed from it. Status and results must be those
of the undisturbed run.

Exit codes: 0 all cases passed, 1 some failed, 2 wrong usage or a case that cannot be read.

Examples:
  cofferdam test
  cofferdam test target/wasm32-wasip2/release/csv_profile.wasm --cases tests/cases --filter empty
  cofferdam test module.wasm --update
  cofferdam test module.wasm --json | jq -r 'select(.passed | not) | .name'";

impl Test {
    pub(in crate::cli) fn execute(
        self,
        global: &Global,
        environment: &Environment,
        looks: Looks,
    ) -> Result<Exit, Failure> {
        let settings = local::settings(&self.settings, environment, looks)?;
        let cases = chosen(read_all(&self.cases)?, self.filter.as_deref())?;
        let module = module(self.module, environment)?;
        let grants = self.grants.read()?;
        let bytes = local::read_module(&module)?;
        let ways = Ways {
            goldens: if self.update { Goldens::Updated } else { Goldens::Kept },
            kills: if self.no_checkpoint_check { 0 } else { self.kills },
        };
        let bar = Bar::start(looks.err, format!("compiling {}", module.display()));
        let ceiling = settings.job.limits().max_duration;
        let console = Console { form: Form::of(global), looks, bar };
        let tried = local::block_on(local::with_host(settings, async |host| {
            let module = added(host, bytes, &module, grants).await?;
            let player = Player { scheduler: &host.scheduler, module, ceiling };
            try_all(&player, &cases, ways, &console).await
        }));
        console.bar.end();
        tried?
    }
}

/// For whom and how output is written.
#[derive(Debug)]
struct Console {
    form: Form,
    looks: Looks,
    bar: Bar,
}

impl Console {
    fn say(&self, text: &str) -> Result<(), Failure> {
        self.bar.suspend(|| say(text))
    }
}

fn chosen(cases: Vec<CaseFile>, filter: Option<&str>) -> Result<Vec<CaseFile>, Failure> {
    let Some(filter) = filter else { return Ok(cases) };
    let (chosen, others): (Vec<_>, Vec<_>) = cases.into_iter().partition(|case| case.name.contains(filter));
    if chosen.is_empty() {
        let names: Vec<_> = others.iter().map(|case| case.name.as_str()).collect();
        return Err(Failure::usage(format!("no case has `{filter}` in its name; there are: {}", names.join(", "))));
    }
    Ok(chosen)
}

/// Adds the module, with what it may do.
async fn added(host: &LocalHost, bytes: Bytes, module: &Path, grants: Grants) -> Result<Digest, Failure> {
    let added = host.registry.add(bytes, OnConflict::Refuse).await.map_err(|error| {
        local::refused(&error).next(format!("`cofferdam inspect {}` tells every reason", module.display()))
    })?;
    let (Added::New(module) | Added::Known(module)) = added;
    let digest = ModuleRef::Digest(module.digest);
    host.registry.set_grants(&digest, grants).await.map_err(|error| local::not_granted(&error))?;
    Ok(module.digest)
}

async fn try_all(player: &Player<'_>, cases: &[CaseFile], ways: Ways, console: &Console) -> Result<Exit, Failure> {
    let look = console.looks.out;
    let mut passed = 0;
    for case in cases {
        console.bar.say(case.name.clone());
        let verdict = attempt(player, case, ways).await?;
        passed += usize::from(verdict.passed);
        console.say(&match console.form {
            Form::Json => shown_json(&verdict.json(), look),
            Form::People => verdict.render(look),
        })?;
    }
    let failed = cases.len() - passed;
    if console.form == Form::People {
        let colour = if failed == 0 { style::GREEN } else { style::RED };
        console.say(&look.paint(colour, &format!("{passed} passed, {failed} failed")))?;
    }
    Ok(if failed == 0 { Exit::Done } else { Exit::Failed })
}
