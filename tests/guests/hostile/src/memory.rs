//! Using memory: until it is refused, and over and over.

use std::hint::black_box;

use cofferdam_sdk::{Failure, Job};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::behaviour::{Answer, Behave};

const MIB: usize = 1024 * 1024;

/// Takes memory, a mebibyte at a time, until the host refuses; then aborts, as most programs do.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct EatMemory {}

impl Behave for EatMemory {
    fn behave(self, _: &Job) -> Result<(), Failure> {
        let eaten = eat();
        log::error!("no more memory after {} MiB", eaten.len());
        std::process::abort()
    }
}

/// Takes memory until the host refuses, gives it back, and returns ok with the number of mebibytes it got.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct EatMemoryAndReturn {}

impl Behave for EatMemoryAndReturn {
    fn behave(self, job: &Job) -> Result<(), Failure> {
        let mebibytes = eat().len();
        job.save_result(&Answer { tried: "MiB of memory", answer: mebibytes.to_string() })?;
        Ok(())
    }
}

/// Takes as much memory as asked for and fills it over and over, each time with one wasm instruction.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct FillMemory {
    /// How much memory to fill.
    #[serde(default = "most_of_a_job")]
    mebibytes: usize,
}

impl Behave for FillMemory {
    fn behave(self, _: &Job) -> Result<(), Failure> {
        let mut memory = block(self.mebibytes * MIB).ok_or_else(|| Failure::permanent("the memory was refused"))?;
        log::info!("filling {} MiB for ever", self.mebibytes);
        let mut byte = 0_u8;
        loop {
            byte = byte.wrapping_add(1);
            black_box(&mut memory).fill(byte);
        }
    }
}

fn eat() -> Vec<Vec<u8>> {
    // The list itself must not be what fails to grow.
    let mut eaten = Vec::with_capacity(4096);
    while let Some(block) = block(MIB) {
        eaten.push(black_box(block));
    }
    eaten
}

/// A block of memory that was really written to, or `None` when the host refuses.
fn block(bytes: usize) -> Option<Vec<u8>> {
    let mut block = Vec::new();
    block.try_reserve_exact(bytes).ok()?;
    block.resize(bytes, 0xa5);
    Some(block)
}

fn most_of_a_job() -> usize {
    240
}
