//! What the sandbox costs: one run of a component through `Sandbox::run`, against the least code that runs it with
//! wasmtime (a new store, an instance, one call, imports that do nothing).
//!
//! `cargo run --release --example instantiate -- [--uninterrupted] module.wasm [turns] [inputs.json]` prints one line of
//! JSON: the median of each, and the median of the ratios of runs that followed each other; then the same number of runs
//! with all processors busy. The component must come back from `run` by itself with these inputs, `{}` unless given.
//!
//! Bare wasmtime has the sandbox's engine settings; with `--uninterrupted` it compiles the component without epochs, so
//! that nothing could interrupt it. Then the ratio is the price of being able to.

mod bare;
mod busy;
mod sandboxed;

use std::time::{Duration, Instant};

use cofferdam::domain::JsonObject;
use wasmtime::Result;
use wasmtime::error::Context as _;

use bare::{Bare, Interruption};
use sandboxed::Sandboxed;

const USAGE: &str = "usage: instantiate [--uninterrupted] <component.wasm> [turns] [inputs.json]";
const SLOTS: u32 = 64;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let mut args = std::env::args().skip(1).peekable();
    let interruption = match args.next_if(|arg| arg == "--uninterrupted") {
        Some(_) => Interruption::Never,
        None => Interruption::AtEpochs,
    };
    let path = args.next().context(USAGE)?;
    let turns: usize = args.next().map_or(Ok(2000), |text| text.parse())?;
    let inputs = match args.next() {
        Some(file) => JsonObject::parse(String::from_utf8(read(&file)?)?)?,
        None => JsonObject::empty(),
    };
    let bytes = read(&path)?;

    let bare = Bare::new(&bytes, interruption)?;
    let sandboxed = Sandboxed::new(bytes).await?;
    // The first of each is not counted: code and data are paged in.
    bare.run(&inputs).await?;
    sandboxed.run(&inputs).await?;
    let (mut bare_costs, mut sandboxed_costs) = (Vec::with_capacity(turns), Vec::with_capacity(turns));
    for turn in 0..turns {
        // Each of the two is the first every other time: a processor that is getting slower meets both.
        if turn % 2 == 0 {
            bare_costs.push(cost(bare.run(&inputs)).await?);
            sandboxed_costs.push(cost(sandboxed.run(&inputs)).await?);
        } else {
            sandboxed_costs.push(cost(sandboxed.run(&inputs)).await?);
            bare_costs.push(cost(bare.run(&inputs)).await?);
        }
    }
    let busy = busy::measure(&bare, &sandboxed, &inputs, turns).await?;
    let each_us = |costs: &[Cost], of: fn(&Cost) -> Duration| {
        costs.iter().map(|cost| of(cost).as_secs_f64() * 1e6).collect::<Vec<_>>()
    };
    let both = |of| (each_us(&bare_costs, of), each_us(&sandboxed_costs, of));
    println!(
        "{{{}, {}, {}}}",
        beside(both(|cost| cost.time), "us"),
        beside(both(|cost| cost.cpu_time), "cpu_us"),
        beside((busy.bare, busy.sandboxed), "busy_us")
    );
    Ok(())
}

/// What one run took.
struct Cost {
    time: Duration,
    /// Of the thread that ran the guest: others on the same processor do not count.
    cpu_time: Duration,
}

fn read(file: &str) -> Result<Vec<u8>> {
    std::fs::read(file).with_context(|| format!("cannot read {file}"))
}

async fn cost(run: impl Future<Output = Result<Duration>>) -> Result<Cost> {
    let began = Instant::now();
    let cpu_time = run.await?;
    Ok(Cost { time: began.elapsed(), cpu_time })
}

/// Both medians, and that of the ratios of runs that followed each other, as members of a JSON object.
fn beside((bare, sandboxed): (Vec<f64>, Vec<f64>), unit: &str) -> String {
    let ratio = median(sandboxed.iter().zip(&bare).map(|(sandboxed, bare)| sandboxed / bare).collect());
    let (bare, sandboxed) = (median(bare), median(sandboxed));
    format!(r#""bare_{unit}_p50": {bare:.1}, "sandbox_{unit}_p50": {sandboxed:.1}, "{unit}_ratio": {ratio:.3}"#)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
