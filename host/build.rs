//! Takes the built dashboard into the host, if it was built from the sources that are there. Without Node.js there is
//! none, and the host says so where the dashboard would be.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use sha2::{Digest as _, Sha256};

#[path = "dashboard/sources.rs"]
mod sources;

fn main() -> io::Result<()> {
    let dashboard = Path::new("dashboard");
    for watched in sources::INPUTS.into_iter().chain(["dist"]) {
        let watched = dashboard.join(watched);
        // Cargo takes what is not there for changed, each time.
        if watched.exists() {
            println!("cargo::rerun-if-changed={}", watched.display());
        }
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo says where"));
    let mut table = String::new();
    if sources::is_fresh(dashboard) {
        let (built, mut files) = (dashboard.join(sources::BUILT).canonicalize()?, Vec::new());
        sources::collect(&built, &mut files)?;
        files.sort();
        for file in files.iter().filter(|file| file.extension().is_some_and(|it| it != PACKED)) {
            table.push_str(&entry(&built, file, &out)?);
        }
    } else if dashboard.join(sources::BUILT).exists() {
        println!("cargo::warning=the dashboard was built from other sources and is left out: `cargo xtask dashboard`");
    }
    fs::write(out.join("dashboard.rs"), format!("&[{table}]"))
}

/// What the packed form of a file ends with.
const PACKED: &str = "gz";

/// One row of the table that `api/dashboard/files.rs` has: path, content, packed content, digest of the content.
fn entry(built: &Path, file: &Path, out: &Path) -> io::Result<String> {
    let path = file.strip_prefix(built).unwrap_or(file).to_string_lossy().replace('\\', "/");
    let mut packed = file.as_os_str().to_owned();
    packed.push(".");
    packed.push(PACKED);
    let packed = PathBuf::from(packed);
    let digest = sources::hexadecimal(&Sha256::digest(fs::read(file)?)[..16]);
    let packed = if packed.is_file() {
        format!("Some({})", included(&packed, &format!("{path}.{PACKED}"), out)?)
    } else {
        "None".to_owned()
    };
    Ok(format!("({path:?}, {}, {packed}, \"{digest}\"),\n", included(file, &path, out)?))
}

/// Takes a copy in: the folder of the sources may be another one, or gone, when the target folder is used again.
fn included(file: &Path, path: &str, out: &Path) -> io::Result<String> {
    let copy = out.join("dashboard").join(path);
    fs::create_dir_all(copy.parent().unwrap_or(out))?;
    fs::copy(file, &copy)?;
    Ok(format!("include_bytes!({:?})", copy.to_string_lossy()))
}
