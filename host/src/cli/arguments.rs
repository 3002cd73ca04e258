//! What can be written on the command line: nouns, then verbs.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::audit::Audit;
use super::author::{Build, Dev, New};
use super::backup::{Backup, Restore};
use super::compile_worker::CompileWorker;
use super::completions::Completions;
use super::config::ConfigCommand;
use super::doctor::Doctor;
use super::failure::Verbosity;
use super::inspect::Inspect;
use super::job::JobCommand;
use super::kit::Test;
use super::manual::Manual;
use super::module::ModuleCommand;
use super::output::{Colours, Looks};
use super::run::Run;
use super::schedule::ScheduleCommand;
use super::secret::SecretCommand;
use super::serve::Serve;
use super::session::Session;
use super::status::StatusCommand;
use super::token::TokenCommand;
use super::top::Top;
use super::webhook::WebhookCommand;
use super::{Exit, Failure};
use crate::config::Environment;

/// Runs WebAssembly components as long, durable jobs.
#[derive(Debug, Parser)]
#[command(name = "cofferdam", version, disable_help_subcommand = true, after_help = AFTER_HELP)]
pub struct Cli {
    /// What goes for every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const AFTER_HELP: &str = "\
Examples:
  cofferdam run module.wasm --inputs '{\"limit\": 1000}'   run a module here, without a server
  cofferdam new word-count --language python             begin a module of your own
  cofferdam inspect module.wasm                          tell what a module is, and whether a host takes it
  cofferdam test module.wasm --cases tests/cases         test it, and kill it at its checkpoints
  cofferdam serve                                        start a server
  cofferdam module add module.wasm                       give it a module
  cofferdam job start NAME --inputs @inputs.json --follow

Environment:
  COFFERDAM_SERVER   the server that commands talk to (default http://127.0.0.1:7171)
  COFFERDAM_TOKEN    a token for it; or the file with one in COFFERDAM_TOKEN_FILE
  COFFERDAM_CA_FILE  roots (PEM) of a server that is reached by https, instead of the system's
  COFFERDAM_TOOLS    where `build` and `dev` install tools (default ~/.cache/cofferdam/tools)
  COFFERDAM_CONFIG   settings file of `serve` and `run`; each setting has a variable, too:
                     `cofferdam config example` explains them
  NO_COLOR           no colours

Exit codes:
  0  done; a job that was waited for completed
  1  failed or refused
  2  wrong usage: arguments, settings or JSON
  3  a job that was waited for was stopped";

const SERVER_HELP: &str = "The server to talk to, such as http://127.0.0.1:7171 [env: COFFERDAM_SERVER]";

const TOKEN_HELP: &str = "Read the token for the server from this file [env: COFFERDAM_TOKEN_FILE]";

const CA_HELP: &str = "Believe the roots (PEM) in this file instead of the system's [env: COFFERDAM_CA_FILE]";

/// What goes for every command.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// The server to talk to.
    #[arg(long, global = true, value_name = "URL", help_heading = "Global options", help = SERVER_HELP)]
    pub server: Option<String>,
    /// Where the token lies.
    #[arg(long, global = true, value_name = "FILE", help_heading = "Global options", help = TOKEN_HELP)]
    pub token_file: Option<PathBuf>,
    /// Whose certificates to believe.
    #[arg(long, global = true, value_name = "FILE", help_heading = "Global options", help = CA_HELP)]
    pub ca_file: Option<PathBuf>,
    /// Print JSON as the API gives it; lists as one object a line
    #[arg(long, global = true, help_heading = "Global options")]
    pub json: bool,
    /// Say more when something goes wrong
    #[arg(long, short, global = true, help_heading = "Global options")]
    pub verbose: bool,
    /// No colours, also on a terminal
    #[arg(long, global = true, help_heading = "Global options")]
    pub no_color: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start a server
    Serve(Serve),
    /// Run a module in this process, without a server
    Run(Run),
    /// Begin a module: a project that can be built and tested as it is
    New(New),
    /// Build the module in a project's folder
    Build(Build),
    /// Build and run a module, again whenever its sources change
    Dev(Dev),
    /// Tell what a module is and whether a host takes it, without a server
    Inspect(Inspect),
    /// Test a module with cases, in this process, and kill it at its checkpoints
    Test(Test),
    /// Add, list, show and remove modules
    #[command(subcommand)]
    Module(ModuleCommand),
    /// Start, watch, stop and resume jobs
    #[command(subcommand)]
    Job(JobCommand),
    /// Start jobs again and again, by cron patterns
    #[command(subcommand)]
    Schedule(ScheduleCommand),
    /// Make, list and revoke tokens: who may use a server
    #[command(subcommand)]
    Token(TokenCommand),
    /// Show who did what on a server
    Audit(Audit),
    /// Store, list and remove secrets
    #[command(subcommand)]
    Secret(SecretCommand),
    /// Say who is told when jobs end, and see what they were told
    #[command(subcommand)]
    Webhook(WebhookCommand),
    /// Show what the server is doing
    Status(StatusCommand),
    /// Watch what the server is doing
    Top(Top),
    /// Check, show and explain settings
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Take a backup of a running server, or check one
    Backup(Backup),
    /// Make the data folder of a new server out of a backup
    Restore(Restore),
    /// Look at an installation, or let hostile modules loose on it
    Doctor(Doctor),
    /// Print a completion script for a shell
    Completions(Completions),
    /// Write manual pages into a folder
    Manual(Manual),
    /// Compile one component, for a host that started this
    #[command(hide = true)]
    CompileWorker(CompileWorker),
}

impl Cli {
    /// Does what was asked. What goes wrong is said on stderr.
    pub fn execute(self, environment: &Environment) -> Exit {
        let Self { global, command } = self;
        let colours = if global.no_color { Colours::Unwanted } else { Colours::Wanted };
        let looks = Looks::of_process(colours, environment);
        let verbosity = if global.verbose { Verbosity::Verbose } else { Verbosity::Brief };
        command.execute(&global, environment, looks).unwrap_or_else(|failure| {
            let text = failure.render(looks.err, verbosity);
            if !text.is_empty() {
                eprintln!("{text}");
            }
            failure.exit()
        })
    }
}

impl Command {
    fn execute(self, global: &Global, environment: &Environment, looks: Looks) -> Result<Exit, Failure> {
        let session = || Session::open(global, environment, looks);
        match self {
            Self::Serve(serve) => serve.execute(environment, looks),
            Self::Run(run) => run.execute(global, environment, looks),
            Self::New(new) => new.execute(),
            Self::Build(build) => build.execute(environment),
            Self::Dev(dev) => dev.execute(environment, looks),
            Self::Inspect(inspect) => inspect.execute(global, environment, looks),
            Self::Test(test) => test.execute(global, environment, looks),
            Self::Module(command) => command.execute(&session()?),
            Self::Job(command) => command.execute(&session()?),
            Self::Schedule(command) => command.execute(&session()?),
            Self::Audit(command) => command.execute(&session()?),
            Self::Token(command) => command.execute(global, environment, looks),
            Self::Secret(command) => command.execute(&session()?),
            Self::Webhook(command) => command.execute(&session()?),
            Self::Status(StatusCommand {}) => StatusCommand::execute(&session()?),
            Self::Backup(backup) => backup.execute(global, environment, looks),
            Self::Restore(restore) => restore.execute(global, looks),
            Self::Doctor(doctor) => doctor.execute(global, environment, looks),
            Self::Top(command) => command.execute(&session()?),
            Self::Config(command) => command.execute(global, environment, looks),
            Self::Completions(command) => command.execute(),
            Self::Manual(command) => command.execute(),
            Self::CompileWorker(command) => command.execute(),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_for_people_shows_an_example() {
        fn check(command: &clap::Command) {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let name = command.get_name();
            assert!(help.contains("cofferdam ") && help.contains("Example"), "`{name}` shows no example");
            let shown = |command: &&clap::Command| command.get_name() != "help" && !command.is_hide_set();
            command.get_subcommands().filter(shown).for_each(check);
        }
        check(&Cli::command());
    }

    #[test]
    fn wrong_usage_ends_with_2_and_help_with_0() {
        for (line, code) in [
            ("cofferdam", 2),
            ("cofferdam job start", 2),
            ("cofferdam job show not-an-id", 2),
            ("cofferdam module remove a/b", 2),
            ("cofferdam job list --limit 0", 2),
            ("cofferdam token create ci", 2),
            ("cofferdam token create ci --scope jobs", 2),
            ("cofferdam token revoke x", 2),
            ("cofferdam webhook add https://a.example --end running", 2),
            ("cofferdam webhook resend 01890a5d-ac96-774b-bcce-b302099a8057", 2),
            ("cofferdam job list --status done", 2),
            ("cofferdam schedule add nightly hello", 2),
            ("cofferdam schedule add Nightly hello --cron @daily", 2),
            ("cofferdam schedule add nightly hello --cron @daily --overlap sometimes", 2),
            ("cofferdam schedule next", 2),
            ("cofferdam schedule next nightly --cron @daily", 2),
            ("cofferdam job start m --max-duration 90", 2),
            ("cofferdam job resume 01890a5d-ac96-774b-bcce-b302099a8057 --start-over --checkpoint {}", 2),
            ("cofferdam serve --help", 0),
            ("cofferdam job --help", 0),
            ("cofferdam --version", 0),
        ] {
            let error = Cli::try_parse_from(line.split(' ')).expect_err(line);
            assert_eq!(error.exit_code(), code, "{line}: {error}");
        }
    }

    #[test]
    fn global_options_may_stand_anywhere() {
        for line in ["cofferdam --json status", "cofferdam status --json", "cofferdam job list --json -v"] {
            assert!(Cli::try_parse_from(line.split(' ')).is_ok_and(|cli| cli.global.json), "{line}");
        }
    }
}
