//! The command line of `cargo xtask bench`.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

/// Measures the host's release build on this machine.
///
/// Each scenario starts hosts of its own, asks them over HTTP as any client would, and adds figures: the median of its
/// runs, the least and the greatest of them, and the goal where the project has one. The client runs on the same machine
/// and shares its cores. docs/performance.md says what each scenario measures.
#[derive(Args)]
#[command(after_help = "Examples:
  cargo xtask bench                                   everything; about half an hour on two cores
  cargo xtask bench --only throughput,latency         some of it
  cargo xtask bench --only throughput --host OLD --json old.json
  cargo xtask bench --only throughput --compare old.json --chart change.svg
  cargo xtask bench --publish                         writes the figures into the documentation")]
pub(crate) struct Bench {
    /// Only these scenarios, in the order of --list.
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// Shows the scenarios and ends.
    #[arg(long)]
    pub(crate) list: bool,
    /// How often each figure is measured that takes less than a minute.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(crate) runs: u32,
    /// Jobs of each kind and run in the measurements of throughput.
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(100..=10_000_000))]
    pub(crate) jobs: u32,
    /// Connections that start jobs one by one at the same time.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=400))]
    pub(crate) connections: u32,
    /// Ended jobs beside which `growth` measures.
    #[arg(long, value_name = "JOBS", default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(1..=100_000_000))]
    pub(crate) growth_jobs: u32,
    /// Sleeping jobs that `sleepers` and `recovery` ask for.
    #[arg(long, value_name = "JOBS", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1_000..=90_000))]
    pub(crate) sleeping_jobs: u32,
    /// Where the figures go as JSON [default: TARGET/bench/bench.json, or NAME.json with --only NAME].
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Sets each figure beside that of an earlier run, whose JSON this is, as a ratio of new to old; a difference beyond
    /// the spread of both is marked.
    #[arg(long, value_name = "FILE")]
    pub(crate) compare: Option<PathBuf>,
    /// Draws the figures against their goals, or against those of --compare.
    #[arg(long, value_name = "FILE.svg")]
    pub(crate) chart: Option<PathBuf>,
    /// Writes the figures into the documentation, with the machine and the day.
    #[arg(long)]
    pub(crate) publish: bool,
    /// Measures this program instead of building one, such as another version.
    #[arg(long, value_name = "BINARY")]
    pub(crate) host: Option<PathBuf>,
    /// Takes the components that jobs run from this folder instead of building them.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) modules: Option<PathBuf>,
}

impl Bench {
    /// What figures depend on, for whoever reads them later.
    pub(super) fn asked(&self) -> Value {
        json!({
            "runs": self.runs, "jobs": self.jobs, "connections": self.connections,
            "growth_jobs": self.growth_jobs, "sleeping_jobs": self.sleeping_jobs,
        })
    }
}
