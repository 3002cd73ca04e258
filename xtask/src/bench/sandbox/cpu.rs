//! How long a guest computes inside the host, beside the same guest in wasmtime without anything that could interrupt it.

use anyhow::Result;

use super::example;
use crate::bench::report::{Figure, Report};
use crate::bench::stage::Stage;

/// How often each of the two is run.
const TURNS: u32 = 15;
const MODULE: &str = "prime-count";
/// A fraction of a second on today's processors.
const INPUTS: &str = r#"{"limit": 50000000}"#;

/// The medians of both, and the one over the other.
pub(in crate::bench) fn measure(stage: &Stage<'_>, report: &mut Report) -> Result<()> {
    let found = example::run_uninterrupted(stage, MODULE, INPUTS, TURNS)?;
    let in_ms = |of: fn(&example::Found) -> f64| found.iter().map(|run| of(run) / 1000.0).collect::<Vec<_>>();
    report.add(Figure::cost("cpu_bound_ms", "prime-count inside the host, median", "ms", in_ms(|run| run.sandbox_us)));
    let bare = in_ms(|run| run.bare_us);
    report.add(Figure::cost("bare_cpu_bound_ms", "the same in wasmtime without interruption, median", "ms", bare));
    let ratio = found.iter().map(|run| run.ratio).collect();
    report.add(Figure::cost("cpu_bound_ratio", "the one over the other, median of pairs", "×", ratio).goal(1.15));
    Ok(())
}
