//! The example `instantiate` of the host's crate, which sees the sandbox as nothing else does.
//!
//! It prints one line of JSON last, with microseconds of one instantiate-and-call and of the processor's time in it.

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
    /// From the call to the end.
    pub(super) time: Beside,
    /// What the guest's thread took of the processor, whatever else ran there.
    pub(super) cpu_time: Beside,
    /// Of a processor, while all of them are busy with nothing else.
    pub(super) busy: Beside,
}

/// Medians of both.
pub(super) struct Beside {
    pub(super) sandbox_us: f64,
    pub(super) bare_us: f64,
    /// Of the sandbox's to the other, the median of pairs that followed each other.
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
    let beside = |unit: &str| {
        Ok::<Beside, anyhow::Error>(Beside {
            sandbox_us: figure(&format!("sandbox_{unit}_p50"))?,
            bare_us: figure(&format!("bare_{unit}_p50"))?,
            ratio: figure(&format!("{unit}_ratio"))?,
        })
    };
    Ok(Found { time: beside("us")?, cpu_time: beside("cpu_us")?, busy: beside("busy_us")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_that_the_example_prints_is_read() {
        let times = r#""bare_us_p50": 2.0, "sandbox_us_p50": 3.0, "us_ratio": 1.5"#;
        let cpu = r#""bare_cpu_us_p50": 1.0, "sandbox_cpu_us_p50": 1.25, "cpu_us_ratio": 1.25"#;
        let busy = r#""bare_busy_us_p50": 4.0, "sandbox_busy_us_p50": 5.0, "busy_us_ratio": 1.25"#;
        let found = found(&format!("something else\n{{{times}, {cpu}, {busy}}}\n")).expect("all figures are there");
        let all = [found.time.sandbox_us, found.time.bare_us, found.time.ratio, found.cpu_time.ratio];
        assert_eq!(all.map(f64::to_bits), [3.0, 2.0, 1.5, 1.25].map(f64::to_bits));
        assert_eq!([found.busy.bare_us, found.busy.sandbox_us].map(f64::to_bits), [4.0, 5.0].map(f64::to_bits));
        assert!(super::found("{}").is_err() && super::found("").is_err());
    }
}
