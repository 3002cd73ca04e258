//! `cargo xtask bench`: measures the release build of the host on this machine, and says what the machine is.

mod hostile;
mod idle;
mod instantiate;
mod languages;
mod latency;
mod log_lines;
mod machine;
mod postgres;
mod recovery;
mod report;
mod run;
mod sleepers;
mod stalled;
mod throughput;

pub(crate) use run::{Bench, Scope, run};
