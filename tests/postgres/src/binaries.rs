//! Where PostgreSQL's programs are.

use std::path::{Path, PathBuf};

/// Names the folder, where it is not one that is looked into anyway.
const VARIABLE: &str = "COFFERDAM_POSTGRES_BIN";
/// Debian's versions, one folder each.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The folder with `initdb` and `postgres`.
#[derive(Debug, Clone)]
pub struct Binaries(PathBuf);

/// There is no PostgreSQL server on this machine.
#[derive(Debug, Clone, Copy)]
pub struct NotInstalled;

impl std::fmt::Display for NotInstalled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "no PostgreSQL server was found: `cargo xtask test` installs it; or install it (Debian: apt-get install \
             postgresql), or name the folder of initdb and postgres in {VARIABLE}"
        )
    }
}

impl std::error::Error for NotInstalled {}

impl Binaries {
    /// The folder that the variable names, else Debian's newest version, else one on `PATH`.
    pub fn find() -> Result<Self, NotInstalled> {
        let named = std::env::var_os(VARIABLE).map(PathBuf::from);
        let on_path = std::env::var_os("PATH");
        let on_path = on_path.iter().flat_map(std::env::split_paths);
        named
            .into_iter()
            .chain(debian())
            .chain(on_path)
            .find(|folder| is_complete(folder))
            .map(Self)
            .ok_or(NotInstalled)
    }

    /// The path of one program.
    pub fn program(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

fn is_complete(folder: &Path) -> bool {
    ["initdb", "postgres", "psql"].iter().all(|program| folder.join(program).is_file())
}

/// Newest first.
fn debian() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    versions.into_iter().map(|(_, folder)| folder).collect()
}
