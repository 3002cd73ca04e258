//! The folders of the installation: whose they are, who may read them, and how much room there is.

use std::fs::Metadata;
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::statvfs;
use rustix::process::geteuid;

use super::check::Check;
use crate::config::{Settings, show_size};
use crate::domain::limits::GIB;

/// Looks at the data folder, at the folder with compiled code, and at the disk under them.
pub(super) fn look(settings: &Settings) -> Vec<Check> {
    let cache = settings.sandbox.cache_dir(&settings.data_dir);
    vec![
        folder("data folder", &settings.data_dir, "the database and the modules"),
        folder("compiled code", &cache, "machine code, which the host runs as it is"),
        room(&settings.data_dir),
    ]
}

fn folder(check: &'static str, path: &Path, holds: &str) -> Check {
    let shown = path.display();
    match path.metadata() {
        Ok(metadata) => judge(check, path, &metadata, holds),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Check::ok(check, format!("`{shown}` does not exist yet; the host makes it"))
        }
        Err(error) => Check::problem(
            check,
            format!("`{shown}` cannot be looked at: {error}"),
            "run this as the user that runs the host, or let that user into the folder",
        ),
    }
}

fn judge(check: &'static str, path: &Path, metadata: &Metadata, holds: &str) -> Check {
    let (shown, mode) = (path.display(), metadata.permissions().mode() & 0o777);
    if !metadata.is_dir() {
        return Check::problem(check, format!("`{shown}` is no folder"), "move it away, or name another folder");
    }
    if metadata.uid() != geteuid().as_raw() {
        let saw = format!("`{shown}` belongs to the user {}", metadata.uid());
        return Check::warning(check, saw, "it holds what only the host's own user should have: run this as that user");
    }
    if mode & 0o077 != 0 {
        let saw = format!("others may use `{shown}` (mode {mode:04o}), which holds {holds}");
        return Check::problem(check, saw, format!("chmod 0700 '{shown}'"));
    }
    Check::ok(check, format!("`{shown}` is this user's alone"))
}

/// The room where the folder is, or will be.
fn room(folder: &Path) -> Check {
    const CHECK: &str = "free disk";
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| PathBuf::from("/"));
    let Some(stat) = absolute.ancestors().find_map(|there| statvfs(there).ok()) else {
        return Check::warning(CHECK, "the file system cannot be asked", "look at it with `df`");
    };
    judge_room(stat.f_bavail * stat.f_frsize, stat.f_blocks * stat.f_frsize)
}

fn judge_room(free: u64, all: u64) -> Check {
    const CHECK: &str = "free disk";
    let (needed, saw) = (GIB.min(all / 20), format!("{} of {}", show_size(free), show_size(all)));
    if free < needed {
        let advice = format!("make room: below {} the host takes no new work", show_size(needed));
        return Check::problem(CHECK, saw, advice);
    }
    if free < needed * 2 {
        let advice = format!("make room soon: below {} the host takes no new work", show_size(needed));
        return Check::warning(CHECK, saw, advice);
    }
    Check::ok(CHECK, saw)
}

#[cfg(test)]
mod tests {
    use std::fs::{Permissions, set_permissions};

    use super::super::check::Verdict;
    use super::*;

    #[test]
    fn a_folder_that_others_may_read_is_a_problem() {
        let dir = tempfile::tempdir().expect("a folder");
        let verdict = |mode| {
            set_permissions(dir.path(), Permissions::from_mode(mode)).expect("it is ours");
            folder("data folder", dir.path(), "data").verdict
        };
        assert_eq!([0o700, 0o755, 0o710].map(verdict), [Verdict::Ok, Verdict::Problem, Verdict::Problem]);
        assert_eq!(folder("data folder", &dir.path().join("none"), "data").verdict, Verdict::Ok);
        let file = dir.path().join("file");
        std::fs::write(&file, "").expect("written");
        assert_eq!(folder("data folder", &file, "data").verdict, Verdict::Problem);
    }

    #[test]
    fn a_disk_that_is_nearly_full_is_told_in_time() {
        let large = 100 * GIB;
        assert_eq!(judge_room(GIB - 1, large).verdict, Verdict::Problem);
        assert_eq!(judge_room(GIB, large).verdict, Verdict::Warning);
        assert_eq!(judge_room(2 * GIB, large).verdict, Verdict::Ok);
    }

    #[test]
    fn room_is_found_for_a_folder_that_does_not_exist_yet() {
        assert!(room(Path::new("not/there/yet")).saw.contains(" of "));
    }
}
