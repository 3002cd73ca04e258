//! How long one run takes inside the host, beside the same guest in a bare loop around wasmtime.

use anyhow::Result;
use serde_json::json;

use super::example;
use crate::bench::report::{Figure, Report};
use crate::bench::stage::Stage;

/// How often each of the two is run.
const TURNS: u32 = 4_000;
/// Its inputs may be `{}`, and with imports that do nothing it returns at once.
const MODULE: &str = "hello";

/// The medians of both, and the one over the other.
pub(in crate::bench) fn measure(stage: &Stage<'_>, report: &mut Report) -> Result<()> {
    let found = example::run(stage, MODULE, &json!({}), TURNS)?;
    let sandbox = found.iter().map(|run| run.time.sandbox_us).collect();
    report.add(Figure::cost(
        "instantiate_and_call_us",
        "hello, instantiate and call inside the host, median",
        "µs",
        sandbox,
    ));
    let bare = found.iter().map(|run| run.time.bare_us).collect();
    report.add(Figure::cost("bare_instantiate_and_call_us", "the same in a bare wasmtime loop, median", "µs", bare));
    let ratio = found.iter().map(|run| run.time.ratio).collect();
    report.add(
        Figure::cost("instantiate_and_call_ratio", "the one over the other, median of pairs", "×", ratio).goal(1.3),
    );
    Ok(())
}
