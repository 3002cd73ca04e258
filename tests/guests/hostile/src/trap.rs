//! Ending in the middle: traps, panics, and `exit`.

use std::hint::black_box;

use cofferdam_sdk::{Failure, Job};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::behaviour::Behave;

/// Traps with wasm's `unreachable`, without a word.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct TrapUnreachable {}

impl Behave for TrapUnreachable {
    fn behave(self, _: &Job) -> Result<(), Failure> {
        #[cfg(target_family = "wasm")]
        std::arch::wasm32::unreachable();
        #[cfg(not(target_family = "wasm"))]
        std::process::abort();
    }
}

/// Traps by reading past the end of the memory.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct TrapOutOfBounds {}

impl Behave for TrapOutOfBounds {
    #[expect(unsafe_code, reason = "safe code cannot leave the memory; a volatile read may be of any address")]
    fn behave(self, _: &Job) -> Result<(), Failure> {
        let past_the_end = black_box(usize::MAX - 0xffff) as *const u32;
        // SAFETY: the address is in no allocation, so the read either traps, as meant, or reads what nobody owns.
        let read = unsafe { past_the_end.read_volatile() };
        Err(Failure::permanent(format!("read {read} past the end of the memory")))
    }
}

/// Panics with a message of several lines.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Panic {
    /// What the panic says.
    #[serde(default = "panic_message")]
    message: String,
}

impl Behave for Panic {
    fn behave(self, _: &Job) -> Result<(), Failure> {
        panic!("{}", self.message);
    }
}

/// Divides by zero, which Rust makes a panic.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct DivideByZero {}

impl Behave for DivideByZero {
    fn behave(self, _: &Job) -> Result<(), Failure> {
        let quotient = black_box(1) / black_box(0);
        Err(Failure::permanent(format!("one divided by zero is {quotient}")))
    }
}

/// Calls itself until the wasm stack is full.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct OverflowStack {}

impl Behave for OverflowStack {
    fn behave(self, job: &Job) -> Result<(), Failure> {
        let bottom = descend(u64::from(job.attempt));
        Err(Failure::permanent(format!("the stack has a bottom: {bottom}")))
    }
}

/// Keeps its state in wasm locals and needs the result of the inner call afterwards, so that neither the memory's own
/// stack nor a loop takes the place of the wasm stack.
fn descend(depth: u64) -> u64 {
    if depth == u64::MAX {
        return depth;
    }
    descend(depth + 1).rotate_left(7).wrapping_mul(depth | 1)
}

/// Calls WASI's `exit`, which a component of this world has no business to do.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Exit {
    /// The exit code.
    #[serde(default)]
    code: i32,
}

impl Behave for Exit {
    fn behave(self, _: &Job) -> Result<(), Failure> {
        std::process::exit(self.code)
    }
}

fn panic_message() -> String {
    "this guest panics\non purpose".into()
}
