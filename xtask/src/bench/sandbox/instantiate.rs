//! How long one run takes inside the host, beside the same guest in a bare loop around wasmtime.

use anyhow::Result;
use serde_json::json;

use super::example::{self, Beside, Found};
use crate::bench::report::{Figure, Report};
use crate::bench::stage::Stage;

/// How often each of the two is run.
const TURNS: u32 = 4_000;
/// Its inputs may be `{}`, and with imports that do nothing it returns at once.
const MODULE: &str = "hello";

/// One run's cost.
struct Cost {
    key: &'static str,
    /// How it runs.
    how: &'static str,
    of: fn(&Found) -> &Beside,
    /// What the ratio should be at most, where the project has set itself that.
    goal: Option<f64>,
}

const COSTS: [Cost; 3] = [
    Cost { key: "cpu_", how: "of the processor for these alone", of: |run| &run.cpu_time, goal: Some(1.3) },
    Cost { key: "busy_", how: "with all processors busy", of: |run| &run.busy, goal: Some(1.3) },
    Cost { key: "", how: "alone", of: |run| &run.time, goal: None },
];

/// The medians of both, and the one over the other.
pub(in crate::bench) fn measure(stage: &Stage<'_>, report: &mut Report) -> Result<()> {
    let found = example::run(stage, MODULE, &json!({}), TURNS)?;
    for Cost { key, how, of, goal } in COSTS {
        let all = |figure: fn(&Beside) -> f64| found.iter().map(|run| figure(of(run))).collect::<Vec<_>>();
        let inside = format!("hello, instantiate and call inside the host, {how}");
        report.add(Figure::cost(format!("{key}instantiate_and_call_us"), inside, "µs", all(|it| it.sandbox_us)));
        let bare = format!("hello, instantiate and call in a bare wasmtime loop, {how}");
        report.add(Figure::cost(format!("{key}bare_instantiate_and_call_us"), bare, "µs", all(|it| it.bare_us)));
        let ratio = format!("hello inside the host, to the bare wasmtime loop, {how}");
        let ratio = Figure::cost(format!("{key}instantiate_and_call_ratio"), ratio, "×", all(|it| it.ratio));
        report.add(ratio.goal(goal));
    }
    Ok(())
}
