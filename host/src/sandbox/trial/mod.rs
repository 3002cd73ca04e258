//! Tests of the whole sandbox with small guests written in WebAssembly text, and what those tests share.

mod admitting;
mod guests;
mod imports;
mod output;
mod races;
mod running;
mod steps;
mod stopping;

pub(super) use guests::guest;
pub(super) use imports::TestImports;
pub(super) use steps::{admit, job, run, sandbox, trapped};

use super::{AdmissionError, Compiler, RunEnd, Sandbox, SandboxConfig};
use crate::domain::{AttemptEnd, ErrorCode};
