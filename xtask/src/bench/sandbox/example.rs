//! The example `instantiate` of the host's crate, which sees the sandbox as nothing else does.
//!
//! It prints one line of JSON last: `{"sandbox_us_p50": 61.5, "bare_us_p50": 48.2, "ratio": 1.27}`, microseconds of one
//! instantiate-and-call.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::bench::stage::Stage;
use crate::process::{self, cargo};

const EXAMPLE: &str = "instantiate";

/// What one run of the example found.
pub(super) struct Found {
    pub(super) sandbox_us: f64,
    pub(super) bare_us: f64,
    /// Of the sandbox's time to the other, the median of pairs that followed each other.
    pub(super) ratio: f64,
}

/// A module in the sandbox, beside the same in wasmtime with the same settings.
pub(super) fn run(stage: &Stage<'_>, module: &str, inputs: &Value, turns: u32) -> Result<Vec<Found>> {
    run_with(stage, &[], module, inputs, turns)
}

/// A module in the sandbox, beside the same in wasmtime that was compiled without interruption.
pub(super) fn run_uninterrupted(stage: &Stage<'_>, module: &str, inputs: &Value, turns: u32) -> Result<Vec<Found>> {
    run_with(stage, &["--uninterrupted"], module, inputs, turns)
}

fn run_with(stage: &Stage<'_>, flags: &[&str], module: &str, inputs: &Value, turns: u32) -> Result<Vec<Found>> {
    let program = build(stage)?;
    let component = stage.modules.join(module).with_extension("wasm");
    let file = stage.folder("inputs")?.join("inputs.json");
    fs::write(&file, inputs.to_string())?;
    let once = |_| {
        let mut run = Command::new(&program);
        run.args(flags).arg(&component).arg(turns.to_string()).arg(&file);
        found(&process::stdout_of(&mut run)?)
    };
    stage.runs().map(once).collect()
}

/// From this checkout, whatever program is measured otherwise.
fn build(stage: &Stage<'_>) -> Result<PathBuf> {
    let mut build = cargo();
    build.current_dir(&stage.workspace.root).args(["build", "--locked", "--workspace", "--release"]);
    process::run(build.args(["--example", EXAMPLE]))?;
    Ok(stage.workspace.target.join("release/examples").join(EXAMPLE))
}

fn found(printed: &str) -> Result<Found> {
    let line = printed.lines().last().unwrap_or_default();
    let figures: Value = serde_json::from_str(line).with_context(|| format!("{EXAMPLE} ended with `{line}`"))?;
    let figure = |key: &str| figures[key].as_f64().with_context(|| format!("{EXAMPLE} gave no {key}: {line}"));
    Ok(Found { sandbox_us: figure("sandbox_us_p50")?, bare_us: figure("bare_us_p50")?, ratio: figure("ratio")? })
}
