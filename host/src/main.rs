//! The program: arguments, then settings, then whatever was asked for, then an exit code.

use std::cell::Cell;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser;
use cofferdam::cli::{Cli, Command};
use cofferdam::config::Environment;

/// A job's road is many small allocations that one thread makes and another gives back; the system's allocator spends a
/// fifth of the host's time on those.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How often a thread of the server gives back memory that it does not use. The allocator does so as well, but only while
/// the thread asks for more: a host with nothing to do would hold what its last upload took.
const GIVE_BACK: Duration = Duration::from_secs(10);

#[expect(unsafe_code, reason = "a function of the allocator that its crate does not declare")]
// SAFETY: as `mimalloc.h` declares it; any thread may call it at any time.
unsafe extern "C" {
    safe fn mi_collect(force: bool);
}

fn main() -> ExitCode {
    #[cfg(feature = "failpoints")]
    let _failpoints = fail::FailScenario::setup();
    // Wrong usage ends here with 2, `--help` and `--version` with 0.
    let mut cli = Cli::parse();
    if let Command::Serve(serve) = &mut cli.command {
        serve.before_a_thread_rests(give_back_memory);
    }
    cli.execute(&Environment::of_process()).into()
}

fn give_back_memory() {
    thread_local!(static GAVE_BACK: Cell<Option<Instant>> = const { Cell::new(None) });
    let now = Instant::now();
    if GAVE_BACK.get().is_none_or(|last| now.duration_since(last) >= GIVE_BACK) {
        GAVE_BACK.set(Some(now));
        mi_collect(true);
    }
}
