//! The same while every processor is busy with nothing else, which is when it matters: a run that is alone also waits for
//! another thread to wake up, and nobody else has that time.

use std::thread::{available_parallelism, scope};
use std::time::Instant;

use cofferdam::domain::JsonObject;
use futures_util::{StreamExt as _, TryStreamExt as _};
use wasmtime::error::Context as _;
use wasmtime::{Result, format_err};

use super::SLOTS;
use super::bare::Bare;
use super::sandboxed::Sandboxed;

const ROUNDS: usize = 10;

/// Microseconds of a processor for one run.
pub(super) struct Busy {
    pub(super) bare: Vec<f64>,
    pub(super) sandboxed: Vec<f64>,
}

/// So many runs of each, in rounds that take turns: bare ones in a loop on each processor, and in the sandbox as many at
/// once as it has slots.
pub(super) async fn measure(bare: &Bare, sandboxed: &Sandboxed, inputs: &JsonObject, runs: usize) -> Result<Busy> {
    let processors = available_parallelism()?.get();
    let each = (runs / ROUNDS / processors).max(1);
    #[expect(clippy::cast_precision_loss, reason = "a few thousand runs")]
    let one = |began: Instant| began.elapsed().as_secs_f64() * 1e6 / each as f64;
    let mut busy = Busy { bare: Vec::new(), sandboxed: Vec::new() };
    for _ in 0..ROUNDS {
        let began = Instant::now();
        loops(bare, inputs, (processors, each))?;
        busy.bare.push(one(began));
        let began = Instant::now();
        let runs = futures_util::stream::iter(0..each * processors).map(|_| sandboxed.run(inputs));
        runs.buffer_unordered(SLOTS as usize).try_for_each(|_| std::future::ready(Ok(()))).await?;
        busy.sandboxed.push(one(began));
    }
    Ok(busy)
}

fn loops(bare: &Bare, inputs: &JsonObject, (processors, each): (usize, usize)) -> Result<()> {
    let one_loop = || -> Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        runtime.block_on(async {
            for _ in 0..each {
                bare.run(inputs).await?;
            }
            Ok(())
        })
    };
    scope(|scope| {
        let threads: Vec<_> = (0..processors).map(|_| scope.spawn(one_loop)).collect();
        threads.into_iter().try_for_each(|thread| {
            thread.join().map_err(|_| format_err!("a loop panicked"))?.context("a loop around wasmtime")
        })
    })
}
