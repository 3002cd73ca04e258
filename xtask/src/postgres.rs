//! A PostgreSQL server for the tests: what is installed, or Debian's package.

use std::path::Path;

use anyhow::{Context, Result};
use cofferdam_test_postgres::Binaries;

use crate::process::{apt_get, say};

/// Debian's package makes and starts a cluster of its own, unless this file says no.
const CREATE_CLUSTER: &str = "/etc/postgresql-common/createcluster.conf";
const INSTALL: [&str; 4] = ["install", "--yes", "--no-install-recommends", "postgresql"];

/// Installs the server's programs where there are none. The tests start clusters of their own with them.
pub(crate) fn install() -> Result<Binaries> {
    if let Ok(binaries) = Binaries::find() {
        return Ok(binaries);
    }
    say(format_args!("tests: no PostgreSQL server: installing with `apt-get {}`", INSTALL.join(" ")));
    let settings = Path::new(CREATE_CLUSTER);
    if !settings.exists() {
        // Without the right to write there, the package's own cluster only lies idle.
        let folder = settings.parent().context("the file has a folder")?;
        let _ = std::fs::create_dir_all(folder);
        let _ = std::fs::write(settings, "create_main_cluster = false\n");
    }
    apt_get(&["update"])?;
    apt_get(&INSTALL)?;
    Binaries::find().context("there is still no PostgreSQL server after the installation")
}
