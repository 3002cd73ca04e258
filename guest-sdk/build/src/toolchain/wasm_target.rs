//! Gets the standard library of Rust's `wasm32-wasip2`: the one place that knows the ways to it.
//!
//! In this order: the toolchain has it, rustup downloads it, or Debian's packages build it from source. The last is for
//! machines that reach a Debian mirror but no rustup server.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr;
use std::time::Duration;

use super::debian;
use crate::process::{self, cargo};
use crate::{BuildError, Workshop};

/// The only target of Rust guests.
const TARGET: &str = WasmCargo::TARGET;

/// rustup either downloads 20 MB in this time or cannot reach its server.
const RUSTUP_LIMIT: Duration = Duration::from_mins(1);

/// Which way to take to the standard library of the wasm target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The first that works.
    Auto,
    /// rustup's, or fail.
    Rustup,
    /// Debian's packages, or fail, also when the toolchain has the target.
    Debian,
}

/// The text names no such way.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no way to the standard library of wasm32-wasip2; there are auto, rustup and debian")]
pub struct UnknownWay(String);

impl FromStr for Way {
    type Err = UnknownWay;

    fn from_str(text: &str) -> Result<Self, UnknownWay> {
        match text {
            "auto" => Ok(Self::Auto),
            "rustup" => Ok(Self::Rustup),
            "debian" => Ok(Self::Debian),
            other => Err(UnknownWay(other.to_owned())),
        }
    }
}

/// A cargo that can build guests.
pub enum WasmCargo {
    /// This toolchain's own.
    Toolchain,
    /// Debian's, which builds the standard library on the way.
    #[doc(hidden)]
    Debian(debian::Toolchain),
}

impl WasmCargo {
    /// The target that it builds for.
    pub const TARGET: &str = "wasm32-wasip2";

    /// Finds or installs one, and says which.
    pub fn prepare(workshop: &Workshop) -> Result<Self, BuildError> {
        let way = workshop.way;
        let by_rustup = match way {
            Way::Debian => None,
            Way::Auto | Way::Rustup => Some(rustup(workshop)),
        };
        match by_rustup {
            Some(Ok(())) => return Ok(Self::Toolchain),
            Some(Err(error)) if way == Way::Rustup => return Err(error.or_by_hand(by_hand())),
            Some(Err(error)) => workshop.say(format!("no standard library for {TARGET} by rustup: {error}")),
            None => {}
        }
        match debian::Toolchain::prepare(workshop) {
            Ok(toolchain) => Ok(Self::Debian(toolchain)),
            Err(error) => Err(error.or_by_hand(by_hand())),
        }
    }

    /// The start of a `cargo build` for the wasm target.
    pub fn build(&self) -> Result<Command, BuildError> {
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
fn rustup(workshop: &Workshop) -> Result<(), BuildError> {
    let no = |what: String| Err(BuildError::Program(what));
    if target_libdir()?.is_dir() {
        return Ok(());
    }
    if process::on_path("rustup").is_none() {
        return no("there is no rustup on PATH".to_owned());
    }
    workshop.say(format!("installing {TARGET} with `rustup target add {TARGET}`"));
    process::run_within(
        RUSTUP_LIMIT,
        Command::new("rustup").args(["target", "add", TARGET]).env("RUST_BACKTRACE", "0"),
    )?;
    if !target_libdir()?.is_dir() {
        return no(format!("rustup added {TARGET} to another toolchain than the one on PATH"));
    }
    Ok(())
}

fn target_libdir() -> Result<PathBuf, BuildError> {
    process::stdout_of(Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET])).map(PathBuf::from)
}

/// The folder with the linkers that come with rustup's toolchain.
pub(super) fn linkers() -> Result<PathBuf, BuildError> {
    let sysroot = process::stdout_of(Command::new("rustc").args(["--print", "sysroot"]))?;
    let host = process::stdout_of(Command::new("rustc").args(["--print", "host-tuple"]))?;
    let folder = Path::new(&sysroot).join("lib/rustlib").join(host).join("bin");
    for linker in ["rust-lld", "wasm-component-ld"] {
        if !folder.join(linker).is_file() {
            let what = format!("the Rust toolchain has no `{linker}`");
            return Err(BuildError::Tool { what, by_hand: "install Rust with rustup".to_owned() });
        }
    }
    Ok(folder)
}

fn by_hand() -> String {
    format!(
        "install the standard library of {TARGET} with `rustup target add {TARGET}`, \
         or on Debian 12 with `{}`, and try again",
        debian::INSTALL.join(" ")
    )
}
