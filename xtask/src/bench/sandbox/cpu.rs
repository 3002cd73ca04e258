//! What a guest that computes takes of the processor inside the host, beside the same guest in wasmtime without anything that could interrupt it.

use std::fmt::Write as _;

use anyhow::Result;
use serde_json::{Value, json};

use super::example;
use crate::bench::report::{Figure, Report};
use crate::bench::stage::Stage;

/// How often each of the two is run.
const TURNS: u32 = 15;
const GOAL: f64 = 1.15;
/// The table's rows, and the summed text's lines; a fraction of a second on today's processors.
const ROWS: u32 = 25_000;

/// A guest that computes.
struct Guest {
    module: &'static str,
    key: &'static str,
    what: &'static str,
    inputs: fn() -> Value,
}

/// From the tightest loop to usual code: what it costs to be interruptible is paid once in each turn of a loop.
const GUESTS: [Guest; 3] = [
    Guest { module: "prime-count", key: "sieve", what: "prime-count, the tightest of loops", inputs: primes },
    Guest { module: "csv-profile", key: "table", what: "csv-profile of a table", inputs: table },
    Guest { module: "checksums", key: "sums", what: "checksums of a text", inputs: text },
];

/// The medians of both, and the one over the other.
pub(in crate::bench) fn measure(stage: &Stage<'_>, report: &mut Report) -> Result<()> {
    for Guest { module, key, what, inputs } in GUESTS {
        let found = example::run_uninterrupted(stage, module, &inputs(), TURNS)?;
        let in_ms = |of: fn(&example::Found) -> f64| found.iter().map(|run| of(run) / 1000.0).collect::<Vec<_>>();
        let inside = format!("{what}: inside the host, median");
        report.add(Figure::cost(format!("cpu_{key}_ms"), inside, "ms", in_ms(|run| run.cpu_time.sandbox_us)));
        let bare = format!("{what}: in wasmtime without interruption, median");
        report.add(Figure::cost(format!("cpu_{key}_bare_ms"), bare, "ms", in_ms(|run| run.cpu_time.bare_us)));
        let ratio = found.iter().map(|run| run.cpu_time.ratio).collect();
        let pairs = format!("{what}: inside the host, to wasmtime without interruption, median of pairs");
        report.add(Figure::cost(format!("cpu_{key}_ratio"), pairs, "×", ratio).goal(GOAL));
    }
    Ok(())
}

fn primes() -> Value {
    json!({"limit": 50_000_000})
}

/// The same on every machine.
fn table() -> Value {
    let mut random = fastrand::Rng::with_seed(1);
    let mut csv = "number,share,word,flag\n".to_owned();
    for _ in 0..ROWS {
        let (number, share, flag) = (random.u32(..1_000_000), random.f64(), random.bool());
        let word: String = (0..5).map(|_| random.char('a'..='e')).collect();
        writeln!(csv, "{number},{share:.6},{word},{flag}").expect("a string takes everything");
    }
    json!({"csv": csv})
}

fn text() -> Value {
    json!({"text": "a line of some forty letters, to be summed\n".repeat(ROWS as usize)})
}
