//! The work, block by block: sieve, save the block's result, save the checkpoint that makes it final.

use cofferdam_sdk::{Failure, Job};
use serde::{Deserialize, Serialize};

use crate::options::Settings;
use crate::sieve::Sieve;

/// Where the count stands; the checkpoint's shape.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct State {
    /// Blocks done.
    pub blocks: u64,
    /// The first number not looked at yet.
    pub next: u64,
    /// Primes below `next`.
    pub primes: u64,
}

/// The result of one block.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Block {
    /// 1 for the first block.
    pub block: u64,
    /// The block's first number.
    pub from: u64,
    /// The block's last number.
    pub to: u64,
    /// Primes in the block.
    pub primes: u64,
    /// Primes from 0 to `to`.
    pub primes_so_far: u64,
}

/// Counts from the checkpoint, if there is one, to the limit or to the stop request.
pub(crate) fn count(job: &Job, limit: u64, settings: &Settings) -> Result<(), Failure> {
    let mut state = start(job, limit)?;
    let mut sieve = Sieve::new(state.next, limit);
    while !sieve.is_finished() {
        let primes = count_block(job, &mut sieve, limit, settings);
        if sieve.position() > state.next {
            save_block(job, &mut state, primes, sieve.position())?;
        }
        if job.is_cancelled() {
            log::info!("stopping after block {}, at {}", state.blocks, state.next);
            return Ok(());
        }
    }
    log::info!("{} primes up to {limit}", state.primes);
    Ok(())
}

fn start(job: &Job, limit: u64) -> Result<State, Failure> {
    let Some(state) = job.checkpoint::<State>()? else {
        log::info!("counting the primes up to {limit}");
        return Ok(State::default());
    };
    if state.next > limit + 1 {
        return Err(Failure::permanent(format!(
            "checkpoint.next is {}, which is past inputs.limit, {limit}: the checkpoint is of another job",
            state.next
        )));
    }
    log::info!("attempt {} goes on at {} after block {}", job.attempt, state.next, state.blocks);
    Ok(state)
}

/// Sieves the segments of a block. A stop request ends the block after the segment at hand.
fn count_block(job: &Job, sieve: &mut Sieve, limit: u64, settings: &Settings) -> u64 {
    let mut primes = 0;
    for _ in 0..settings.checkpoint_every {
        if sieve.is_finished() || job.is_cancelled() {
            break;
        }
        primes += sieve.count_segment(settings.segment_size);
        job.report_progress(sieve.position(), limit + 1);
    }
    primes
}

/// Result *n* goes before checkpoint *n*, so that the checkpoint makes it final.
fn save_block(job: &Job, state: &mut State, primes: u64, next: u64) -> Result<(), Failure> {
    let from = state.next;
    *state = State { blocks: state.blocks + 1, next, primes: state.primes + primes };
    let block = Block { block: state.blocks, from, to: next - 1, primes, primes_so_far: state.primes };
    log::debug!("block {}: {} primes from {from} to {}", block.block, primes, block.to);
    job.save_result(&block)?;
    job.save_checkpoint(state)?;
    Ok(())
}
