//! Debian's way to the wasm target: its compiler and the sources of its standard library, which cargo builds once for each
//! target folder (about 80 s), with the linkers of rustup's toolchain.
//!
//! Debian's packages do not disturb rustup's; only the guests are built with them.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::wasm_target::linkers;
use crate::process::{self, apt_get, path_with};
use crate::{BuildError, Workshop};

/// How a person installs what is needed.
pub(super) const INSTALL: [&str; 7] =
    ["apt-get", "install", "--yes", "rustc-web", "cargo-web", "rust-web-src", "wasi-libc"];

const BIN: &str = "/usr/bin";
/// The C library that Rust's standard library links; the target of the same name is older, its code is the same.
const WASI_LIBC: &str = "/usr/lib/wasm32-wasi";

/// Debian's cargo with all that it needs to build for the wasm target.
#[derive(Debug)]
pub struct Toolchain {
    linkers: PathBuf,
}

impl Toolchain {
    /// Installs what is missing.
    pub(super) fn prepare(workshop: &Workshop) -> Result<Self, BuildError> {
        let linkers = linkers()?;
        if let Some(missing) = missing() {
            workshop.say(format!("{missing} is missing: installing with `{}`", INSTALL.join(" ")));
            apt_get(&["update"])?;
            apt_get(&INSTALL[1..])?;
        }
        if let Some(missing) = missing() {
            return Err(BuildError::Program(format!("{missing} is still missing after `{}`", INSTALL.join(" "))));
        }
        let version = process::stdout_of(Command::new(Path::new(BIN).join("rustc")).arg("--version"))?;
        workshop.say(format!("Debian's {version}, which builds the standard library from source"));
        Ok(Self { linkers })
    }

    /// The start of a `cargo build` that builds the standard library too.
    pub(super) fn cargo_build(&self) -> Result<Command, BuildError> {
        let mut cargo = Command::new(Path::new(BIN).join("cargo"));
        cargo.arg("build").arg("-Zbuild-std=std,panic_abort");
        cargo.env("PATH", path_with(&[Path::new(BIN), &self.linkers])?);
        cargo.env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", format!("-L {WASI_LIBC}"));
        // They would point back to rustup's toolchain.
        for variable in ["CARGO", "RUSTC", "RUSTDOC", "RUSTUP_TOOLCHAIN", "CARGO_ENCODED_RUSTFLAGS"] {
            cargo.env_remove(variable);
        }
        Ok(cargo)
    }
}

/// The first thing that is not there.
fn missing() -> Option<String> {
    let needed = ["/usr/bin/rustc", "/usr/bin/cargo", "/usr/lib/rustlib/src/rust/library", WASI_LIBC];
    needed.into_iter().find(|path| !Path::new(path).exists()).map(str::to_owned)
}
