//! How long one run takes inside the host, beside the same guest in a bare loop around wasmtime.
//!
//! The host's crate measures both, in its example `instantiate`, since nothing else sees its sandbox. It prints one line of
//! JSON last: `{"sandbox_us_p50": 61.5, "bare_us_p50": 48.2}`, microseconds of one instantiate-and-call.

use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::report::{Figure, Goal, Report};
use crate::process::{self, cargo, say};
use crate::workspace::Workspace;

const EXAMPLE: &str = "host/examples/instantiate.rs";

/// Builds and runs the example; without it, says so and goes on.
pub(super) fn measure(workspace: &Workspace, report: &mut Report) -> Result<()> {
    if !workspace.root.join(EXAMPLE).is_file() {
        say(format_args!("bench: not measured, there is no {EXAMPLE}"));
        return Ok(());
    }
    let mut build = cargo();
    build.current_dir(&workspace.root).args([
        "build",
        "--locked",
        "--workspace",
        "--release",
        "--example",
        "instantiate",
    ]);
    process::run(&mut build)?;
    // Its inputs may be `{}`, and with imports that do nothing it returns at once.
    let mut run = Command::new(workspace.target.join("release/examples/instantiate"));
    run.arg(workspace.modules().join("hello.wasm"));
    let printed = process::stdout_of(&mut run)?;
    let line = printed.lines().last().unwrap_or_default();
    let figures: Value = serde_json::from_str(line).with_context(|| format!("{EXAMPLE} ended with `{line}`"))?;
    let figure = |key: &str| figures[key].as_f64().with_context(|| format!("{EXAMPLE} gave no {key}: {line}"));
    let (sandbox, bare) = (figure("sandbox_us_p50")?, figure("bare_us_p50")?);
    let mut add = |key: &str, what: &str, value, unit, goal| {
        report.add(Figure { key: key.into(), what: what.into(), value, unit, goal });
    };
    add("instantiate_and_call_us", "hello, instantiate and call inside the host, median", sandbox, "µs", None);
    add("bare_instantiate_and_call_us", "the same in a bare wasmtime loop, median", bare, "µs", None);
    add("instantiate_and_call_ratio", "the one over the other", sandbox / bare, "×", Some(Goal::AtMost(2.0)));
    Ok(())
}
