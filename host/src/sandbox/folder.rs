//! A folder of the host that a guest sees: opened once, and checked as it was opened.

use std::os::fd::{AsRawFd as _, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};

use crate::domain::Ceiling;
use crate::domain::grants::{DirGrant, DirRoot, GuestPath};

/// An open folder.
#[derive(Debug)]
pub(super) struct Folder {
    opened: OwnedFd,
    guest: GuestPath,
    write: bool,
}

impl Folder {
    /// Opens a folder that lies where it was when it was granted, below one of `roots`; says why not otherwise.
    ///
    /// The path is looked at after it was opened: whoever swaps a link in meanwhile changes nothing any more.
    pub(super) fn open(dir: &DirGrant, roots: &[DirRoot]) -> Result<Self, String> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let opened = rustix::fs::open(&dir.host, flags, Mode::empty())
            .map_err(|error| format!("cannot be opened as a folder: {}", std::io::Error::from(error).kind()))?;
        let folder = Self { opened, guest: dir.guest.clone(), write: dir.write };
        let real = std::fs::read_link(folder.path()).map_err(|error| format!("cannot be read: {}", error.kind()))?;
        if real != dir.host {
            return Err("leads to another place than when it was granted".to_owned());
        }
        match Ceiling::real_dir_fault(roots, &real, dir.write) {
            Some(fault) => Err(fault),
            None => Ok(folder),
        }
    }

    /// A path that leads to this very folder for as long as it is open.
    pub(super) fn path(&self) -> PathBuf {
        Path::new("/proc/self/fd").join(self.opened.as_raw_fd().to_string())
    }

    /// Where the guest finds it.
    pub(super) fn guest_path(&self) -> &str {
        self.guest.as_str()
    }

    /// Whether the guest may change what is in it.
    pub(super) fn is_writable(&self) -> bool {
        self.write
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn only_the_very_folder_below_a_root_is_opened() {
        let base = tempfile::tempdir().expect("a folder");
        let base = base.path().canonicalize().expect("it is there");
        let (root, outside) = (base.join("root"), base.join("outside"));
        std::fs::create_dir_all(root.join("data")).expect("a folder");
        std::fs::create_dir(&outside).expect("a folder");
        symlink(&outside, root.join("link")).expect("a link");
        std::fs::write(root.join("file"), "").expect("a file");
        let roots = [DirRoot { path: root.clone(), write: false }];
        let open = |path: PathBuf, write| {
            let dir = DirGrant { host: path, guest: GuestPath::parse("/data").expect("a path"), write };
            Folder::open(&dir, &roots).map(|_| ())
        };
        assert_eq!(open(root.join("data"), false), Ok(()));
        assert!(open(root.join("data"), true).expect_err("not writable").contains("reading alone"));
        assert!(open(outside, false).expect_err("outside").contains("outside"));
        assert!(open(root.join("link"), false).expect_err("a link").contains("another place"));
        assert!(open(root.join("file"), false).is_err() && open(root.join("nothing"), false).is_err());
        std::fs::rename(root.join("data"), root.join("moved")).expect("moved");
        symlink(root.join("moved"), root.join("data")).expect("swapped");
        assert!(open(root.join("data"), false).expect_err("swapped").contains("another place"));
    }
}
