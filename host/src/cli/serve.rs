//! `cofferdam serve`: the server.

use std::io::{self, Write};

use clap::Args;

use super::local::{block_on_these, threads};
use super::output::{Look, Looks};
use super::settings_arguments::{SettingsArguments, resolve};
use super::{Exit, Failure};
use crate::app;
use crate::config::{Environment, Flag, LogSection};
use crate::reload::Reload;
use crate::sandbox::Compiler;
use crate::telemetry::{self, Colours, LogFilter};

/// Start a server
#[derive(Debug, Args)]
#[command(after_help = "\
Prints `listening on http://ADDRESS:PORT` on stdout once it is ready; all else goes to stderr.
Ctrl-C lets running jobs save their state; a second one ends them at once. They go on at the next start.

Settings come from flags, then the environment (COFFERDAM_LISTEN, COFFERDAM_JOB_MEMORY, …), then the file. SIGHUP reads
them anew; `cofferdam config example` explains them, and says which take effect then.

Examples:
  cofferdam serve
  cofferdam serve --listen 127.0.0.1:0 --data-dir /var/lib/cofferdam
  cofferdam serve --database postgres://cofferdam@db.example.org/jobs
  cofferdam serve --config cofferdam.toml --set job.memory='512 MiB'
  cofferdam serve --print-config > cofferdam.toml")]
pub struct Serve {
    /// Where to listen; port 0 picks a free one [default: 127.0.0.1:7171]
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// The folder for everything that is kept; one process owns it [default: cofferdam-data]
    #[arg(long, value_name = "FOLDER")]
    data_dir: Option<String>,
    /// Where jobs and modules are stored: sqlite, or the URL of a PostgreSQL database, which several nodes may share
    /// [default: sqlite, a file in the data folder]
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    #[command(flatten)]
    settings: SettingsArguments,
    /// Show the settings as TOML, with where each comes from, and end
    #[arg(long)]
    print_config: bool,
    #[arg(skip)]
    before_rest: Option<fn()>,
}

impl Serve {
    /// What each thread of the server does before it waits for work.
    pub fn before_a_thread_rests(&mut self, act: fn()) {
        self.before_rest = Some(act);
    }

    pub(super) fn execute(self, environment: &Environment, looks: Looks) -> Result<Exit, Failure> {
        let given = [
            ("--listen", "listen", self.listen),
            ("--data-dir", "data_dir", self.data_dir),
            ("--database", "database", self.database),
        ];
        let flags = given.into_iter().filter_map(|(name, key, value)| {
            value.map(|value| Flag { name: name.to_owned(), key: key.to_owned(), value })
        });
        let sources = self.settings.sources(flags.collect(), environment)?;
        let resolved = resolve(sources.clone())?;
        if self.print_config {
            io::stdout().write_all(resolved.to_toml().as_bytes())?;
            return Ok(Exit::Done);
        }
        let log = start_log(&resolved.settings.log, looks)?;
        let read = Box::new(move || sources.clone().resolve());
        let serving = app::serve(resolved, Reload { read, log }, Compiler::this_program());
        let mut threads = threads();
        if let Some(act) = self.before_rest {
            threads.on_thread_park(act);
        }
        block_on_these(&mut threads, serving)?.map_err(|error| host_failure(&error))?;
        Ok(Exit::Done)
    }
}

/// Sets up the host's own log.
pub(super) fn start_log(log: &LogSection, looks: Looks) -> Result<LogFilter, Failure> {
    let colours = match looks.err {
        Look::Colour => Colours::On,
        Look::Plain | Look::Mono => Colours::Off,
    };
    telemetry::start(log, colours).map_err(|error| Failure::failed(error.to_string()))
}

/// A failure of the host itself: the outermost sentence, with the causes as details where they add something.
pub(super) fn host_failure(error: &anyhow::Error) -> Failure {
    let sentence = error.chain().map(ToString::to_string).fold(String::new(), |text, cause| match text {
        text if text.is_empty() => cause,
        // Errors often repeat their cause already.
        text if text.contains(&cause) => text,
        text => format!("{text}: {cause}"),
    });
    Failure::failed(sentence).detail(format!("{error:?}"))
}
