//! What the sandbox costs: one run of a component through `Sandbox::run`, against the least code that runs it with
//! wasmtime (a new store, an instance, one call, imports that do nothing).
//!
//! `cargo run --release --example instantiate -- [--uninterrupted] module.wasm [turns] [inputs.json]` prints one line of
//! JSON: the median of each, and the median of the ratios of runs that followed each other. The component must come back
//! from `run` by itself with these inputs, `{}` unless given.
//!
//! Bare wasmtime has the sandbox's engine settings; with `--uninterrupted` it compiles the component without epochs, so
//! that nothing could interrupt it. Then the ratio is the price of being able to.

mod bare;
mod sandboxed;

use std::time::{Duration, Instant};

use cofferdam::domain::JsonObject;
use wasmtime::Result;
use wasmtime::error::Context as _;

use bare::{Bare, Interruption};
use sandboxed::Sandboxed;

const USAGE: &str = "usage: instantiate [--uninterrupted] <component.wasm> [turns] [inputs.json]";
const SLOTS: u32 = 8;

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
    let mut turns_us = Vec::with_capacity(turns);
    for turn in 0..turns {
        // Each of the two is the first every other time: a processor that is getting slower meets both.
        let (sandbox, bare) = if turn % 2 == 0 {
            let bare = timed(bare.run(&inputs)).await?;
            (timed(sandboxed.run(&inputs)).await?, bare)
        } else {
            (timed(sandboxed.run(&inputs)).await?, timed(bare.run(&inputs)).await?)
        };
        turns_us.push((microseconds(sandbox), microseconds(bare)));
    }
    let median_of = |of: fn(&(f64, f64)) -> f64| median(turns_us.iter().map(of).collect());
    let (sandbox, bare) = (median_of(|turn| turn.0), median_of(|turn| turn.1));
    let ratio = median_of(|(sandbox, bare)| sandbox / bare);
    println!(r#"{{"bare_us_p50":{bare:.1},"sandbox_us_p50":{sandbox:.1},"ratio":{ratio:.3}}}"#);
    Ok(())
}

fn read(file: &str) -> Result<Vec<u8>> {
    std::fs::read(file).with_context(|| format!("cannot read {file}"))
}

async fn timed(run: impl Future<Output = Result<()>>) -> Result<Duration> {
    let began = Instant::now();
    run.await?;
    Ok(began.elapsed())
}

fn microseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
