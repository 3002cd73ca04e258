//! Which module is tested when nobody says: that of the project in this folder, or the newest one that a build has left
//! in the usual places.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::cli::Failure;
use crate::cli::author::up_to_date;
use crate::config::Environment;

/// Where `cargo build` puts components, and the current folder.
const PLACES: [&str; 3] = ["target/wasm32-wasip2/release", "target/wasm32-wasip2/debug", "."];

/// The module that was named, else that of the project, built if need be, else the newest of those that were built; two
/// of different names are a question.
pub(super) fn module(named: Option<PathBuf>, environment: &Environment) -> Result<PathBuf, Failure> {
    if let Some(named) = named {
        return Ok(named);
    }
    if let Some(component) = up_to_date(Path::new("."), environment)? {
        return Ok(component);
    }
    newest(PLACES.iter().flat_map(|place| components(Path::new(place))).collect())
}

fn newest(mut built: Vec<(SystemTime, PathBuf)>) -> Result<PathBuf, Failure> {
    built.sort();
    let Some((_, newest)) = built.last() else {
        return Err(Failure::usage(format!("there is no module to test: none in {}", PLACES.join(", ")))
            .next("build it, or name it: cofferdam test MODULE.wasm"));
    };
    if built.iter().all(|(_, other)| other.file_name() == newest.file_name()) {
        return Ok(newest.clone());
    }
    let names: Vec<_> = built.iter().map(|(_, path)| path.display().to_string()).collect();
    Err(Failure::usage(format!("there are several modules: {}", names.join(", ")))
        .next("name the one to test: cofferdam test MODULE.wasm"))
}

/// The components directly in a folder; none where there is no such folder.
fn components(folder: &Path) -> Vec<(SystemTime, PathBuf)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let component = |entry: fs::DirEntry| {
        let path = entry.path();
        let is_component = path.extension().is_some_and(|ending| ending == "wasm");
        is_component.then_some(())?;
        Some((entry.metadata().ok()?.modified().ok()?, path))
    };
    entries.filter_map(component).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn built(paths: &[&str]) -> Vec<(SystemTime, PathBuf)> {
        let at = |(minutes, path): (u64, &&str)| {
            (SystemTime::UNIX_EPOCH + Duration::from_mins(minutes), PathBuf::from(*path))
        };
        (0..).zip(paths).map(at).collect()
    }

    #[test]
    fn the_newest_build_of_one_module_is_taken_and_of_two_none() {
        assert_eq!(newest(built(&["release/a.wasm", "debug/a.wasm"])).expect("one"), PathBuf::from("debug/a.wasm"));
        assert!(newest(built(&["release/a.wasm", "release/b.wasm"])).is_err());
        assert!(newest(Vec::new()).is_err());
    }
}
