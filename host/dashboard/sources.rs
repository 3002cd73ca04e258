//! What the dashboard is built from, and whether what lies in `dist/` was built from just that. Part of two programs:
//! the host's build script embeds what is fresh, and xtask builds what is not.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

/// All that the build reads, below the dashboard's folder.
pub(crate) const INPUTS: [&str; 7] =
    ["index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts", "public", "src"];

/// Where Vite writes, below the dashboard's folder. The folder above it is always there, so that cargo can watch it.
pub(crate) const BUILT: &str = "dist/www";

/// Where the digest of the sources stands from which that was built.
pub(crate) const STAMP: &str = "dist/built-from.txt";

/// Whether the dashboard is there, and built from the sources as they are now.
pub(crate) fn is_fresh(dashboard: &Path) -> bool {
    let stamp = fs::read_to_string(dashboard.join(STAMP));
    dashboard.join(BUILT).join("index.html").is_file()
        && matches!((stamp, digest(dashboard)), (Ok(stamp), Ok(digest)) if stamp.trim() == digest)
}

/// One number for the names and contents of all sources.
pub(crate) fn digest(dashboard: &Path) -> io::Result<String> {
    let mut files = Vec::new();
    for input in INPUTS {
        collect(&dashboard.join(input), &mut files)?;
    }
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        let content = fs::read(&file)?;
        let name = file.strip_prefix(dashboard).unwrap_or(&file);
        hash.update(format!("{} {}\n", name.to_string_lossy().replace('\\', "/"), content.len()));
        hash.update(content);
    }
    Ok(hexadecimal(&hash.finalize()))
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // A `String` takes everything.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The file itself, or every file below the folder.
pub(crate) fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    } else if path.is_file() {
        files.push(path.to_owned());
    }
    Ok(())
}
