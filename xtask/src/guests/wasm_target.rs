//! Gets the standard library of Rust's `wasm32-wasip2`: the one place that knows the ways to it.
//!
//! In this order: the toolchain has it, rustup downloads it, or Debian's packages build it from source. The last is for
//! machines that reach a Debian mirror but no rustup server.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};
use clap::ValueEnum;

use super::debian;
use crate::process::{self, cargo, say};

/// The only target of Rust guests.
pub(super) const TARGET: &str = "wasm32-wasip2";

/// rustup either downloads 20 MB in this time or cannot reach its server.
const RUSTUP_LIMIT: Duration = Duration::from_mins(1);

/// Which way to take to the standard library of the wasm target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Way {
    /// The first that works.
    Auto,
    /// rustup's, or fail.
    Rustup,
    /// Debian's packages, or fail, also when the toolchain has the target.
    Debian,
}

/// A cargo that can build guests.
pub(super) enum WasmCargo {
    /// This toolchain's own.
    Toolchain,
    /// Debian's, which builds the standard library on the way.
    Debian(debian::Toolchain),
}

impl WasmCargo {
    /// Finds or installs one, and says which.
    pub(super) fn prepare(way: Way) -> Result<Self> {
        let by_rustup = match way {
            Way::Debian => None,
            Way::Auto | Way::Rustup => Some(rustup()),
        };
        match by_rustup {
            Some(Ok(())) => return Ok(Self::Toolchain),
            Some(Err(error)) if way == Way::Rustup => return Err(error.context(by_hand())),
            Some(Err(error)) => say(format_args!("no standard library for {TARGET} by rustup: {error:#}")),
            None => {}
        }
        match debian::Toolchain::prepare() {
            Ok(toolchain) => Ok(Self::Debian(toolchain)),
            Err(error) => Err(error.context(by_hand())),
        }
    }

    /// The start of a `cargo build` for the wasm target.
    pub(super) fn build(&self) -> Result<Command> {
        let mut build = match self {
            Self::Toolchain => {
                let mut cargo = cargo();
                cargo.arg("build");
                cargo
            }
            Self::Debian(toolchain) => toolchain.cargo_build()?,
        };
        build.args(["--target", TARGET]);
        Ok(build)
    }
}

/// Succeeds when rustup's toolchain has the target, which may be only now.
fn rustup() -> Result<()> {
    if target_libdir()?.is_dir() {
        say(format_args!("guests: {TARGET} of the installed toolchain"));
        return Ok(());
    }
    if process::on_path("rustup").is_none() {
        bail!("there is no rustup on PATH");
    }
    say(format_args!("guests: installing {TARGET} with `rustup target add {TARGET}`"));
    process::run_within(
        RUSTUP_LIMIT,
        Command::new("rustup").args(["target", "add", TARGET]).env("RUST_BACKTRACE", "0"),
    )?;
    if !target_libdir()?.is_dir() {
        bail!("rustup added {TARGET} to another toolchain than the one on PATH");
    }
    Ok(())
}

fn target_libdir() -> Result<PathBuf> {
    process::stdout_of(Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET])).map(PathBuf::from)
}

/// The folder with the linkers that come with rustup's toolchain.
pub(super) fn linkers() -> Result<PathBuf> {
    let sysroot = process::stdout_of(Command::new("rustc").args(["--print", "sysroot"]))?;
    let host = process::stdout_of(Command::new("rustc").args(["--print", "host-tuple"]))?;
    let folder = Path::new(&sysroot).join("lib/rustlib").join(host).join("bin");
    for linker in ["rust-lld", "wasm-component-ld"] {
        if !folder.join(linker).is_file() {
            bail!("the Rust toolchain has no `{linker}`: install Rust with rustup");
        }
    }
    Ok(folder)
}

fn by_hand() -> String {
    format!(
        "guests cannot be built: install the standard library of {TARGET} with `rustup target add {TARGET}`, \
         or on Debian 12 with `{}`, and try again",
        debian::INSTALL.join(" ")
    )
}
