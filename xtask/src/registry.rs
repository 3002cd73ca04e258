//! An OCI registry server for the tests: what is installed, or Debian's package.

use std::path::Path;

use crate::process::{apt_get, on_path, say};

const INSTALL: [&str; 4] = ["install", "--yes", "--no-install-recommends", "docker-registry"];

/// Installs the server where there is none. Without it, the tests that need it say so and are skipped.
pub(crate) fn install() {
    if is_installed() {
        return;
    }
    say(format_args!("tests: no OCI registry server: installing with `apt-get {}`", INSTALL.join(" ")));
    if let Err(error) = apt_get(&["update"]).and_then(|()| apt_get(&INSTALL)) {
        say(format_args!("tests: it cannot be installed, so nothing is fetched from a registry: {error:#}"));
    }
}

fn is_installed() -> bool {
    on_path("docker-registry").is_some() || Path::new("/usr/bin/docker-registry").is_file()
}
