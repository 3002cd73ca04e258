//! `cargo xtask`: builds, tests, demonstrates, measures and checks the project. Each task does its own set-up.

mod bench;
mod dashboard;
mod demo;
mod dist;
mod fuzz;
mod gates;
mod guests;
mod host;
mod interrupt;
mod postgres;
mod process;
mod promtool;
mod registry;
mod schema;
mod server;
mod table;
mod test;
mod torture;
mod workspace;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use clap::{Parser, Subcommand};

use bench::Bench;
use dashboard::Steps;
use demo::{Afterwards, Demo};
use fuzz::Fuzz;
use guests::Way;
use host::Profile;
use workspace::Workspace;

/// Builds, tests, demonstrates, measures and checks Cofferdam.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
    /// How to get the standard library of wasm32-wasip2.
    #[arg(
        long,
        global = true,
        env = "COFFERDAM_WASM_TARGET",
        value_name = "auto|rustup|debian",
        default_value = "auto"
    )]
    wasm_target: Way,
}

#[derive(Subcommand)]
enum Task {
    /// Builds every guest into TARGET/modules.
    Guests,
    /// Builds guests and host, then runs every test.
    Test {
        /// Runs only tests whose name contains this.
        #[arg(long)]
        filter: Option<String>,
    },
    /// Starts the host with the example modules and profiles a real table before your eyes.
    Demo {
        /// Ends when everything was shown, with exit code 0 when all went well.
        #[arg(long)]
        exit: bool,
        /// Where the host listens; a free port when this one is taken.
        #[arg(long, default_value = "127.0.0.1:7171")]
        listen: String,
    },
    /// Builds the dashboard, which the next build of the host takes in.
    Dashboard {
        /// Generates its client anew from the host's OpenAPI document before.
        #[arg(long)]
        client: bool,
        /// Then builds the host with it, and runs the dashboard's own tests.
        #[arg(long)]
        test: bool,
    },
    /// Makes what is handed out, below TARGET/dist: an archive and a Debian package.
    Dist {
        /// From the build that tests use, which is there sooner and runs slower: to look at what is packed.
        #[arg(long)]
        dev: bool,
    },
    /// Checks everything that a change must pass: format, dependencies, lints, documentation, demonstration, tests.
    Gates,
    Bench(Box<Bench>),
    /// Looks for bytes from outside that make the host panic.
    Fuzz {
        /// How long each target is tried.
        #[arg(long, default_value_t = 60)]
        seconds: u64,
        /// Only this target: a folder of `fuzz/seeds`.
        target: Option<String>,
    },
    /// Asks a running host what its OpenAPI document allows and what it does not, and checks each answer against it.
    SchemaTest {
        /// For how long.
        #[arg(long, default_value_t = 1)]
        minutes: u64,
    },
    /// Kills hosts and their database for as long as you like, and looks for anything lost, doubled or changed.
    Torture {
        /// How long the faults go on: half of it on SQLite, half on PostgreSQL with three nodes.
        #[arg(long, default_value_t = 2)]
        minutes: u64,
        /// What decides which fault comes when; picked at random unless given.
        #[arg(long)]
        seed: Option<u64>,
    },
}

fn main() -> ExitCode {
    if let Some(code) = fuzz::compile_instead() {
        return code;
    }
    match carry_out(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            process::say(format_args!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn carry_out(arguments: Arguments) -> Result<()> {
    let workspace = Workspace::find()?;
    match arguments.task {
        Task::Guests => {
            for module in guests::build_rust(&workspace, arguments.wasm_target)? {
                println!("{}", module.display());
            }
            println!("{}", guests::build_javascript(&workspace)?.display());
            for module in guests::build_languages(&workspace, arguments.wasm_target)? {
                println!("{}", module.display());
            }
            Ok(())
        }
        Task::Demo { exit, listen } => {
            let afterwards = if exit { Afterwards::Exit } else { Afterwards::Stay };
            demo::run(&workspace, arguments.wasm_target, &Demo { listen, afterwards })
        }
        Task::Dashboard { client, test } => dashboard::run(&workspace, arguments.wasm_target, &Steps { client, test }),
        Task::Dist { dev } => {
            let profile = if dev { Profile::Dev } else { Profile::Release };
            dist::run(&workspace, arguments.wasm_target, profile)
        }
        Task::Gates => gates::run(&workspace, arguments.wasm_target),
        Task::Bench(bench) => bench::run(&workspace, arguments.wasm_target, &bench),
        Task::Fuzz { seconds, target } => fuzz::run(&workspace, &Fuzz { seconds, target }),
        Task::SchemaTest { minutes } => schema::run(&workspace, arguments.wasm_target, Duration::from_mins(minutes)),
        Task::Torture { minutes, seed } => {
            let seed = seed.unwrap_or_else(|| fastrand::u64(1..1_000_000));
            torture::run(&workspace, arguments.wasm_target, Duration::from_mins(minutes), seed)
        }
        Task::Test { filter } => test::run(&workspace, arguments.wasm_target, filter.as_deref()),
    }
}
