//! Compiled code on disk: one file for each component and engine, with a seal beside it.
//!
//! A file is written once and never changed, since it is mapped while guests run; removing it is harmless.

use std::fs::{DirBuilder, File, OpenOptions};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use wasmtime::Engine;
use wasmtime::component::Component;

use crate::domain::Digest;

use super::seal::Key;

/// What a crash left behind is removed after this time; nobody takes so long to write a file.
const LEFT_BEHIND: Duration = Duration::from_hours(1);

/// A directory of compiled code that only this user may touch.
pub(super) struct Disk {
    dir: PathBuf,
    key: Key,
    /// Part of each name: code of another engine or another configuration is simply not found.
    engine_hash: u64,
    max_bytes: u64,
}

impl Disk {
    /// Makes the directory where it is missing.
    pub(super) fn open(dir: &Path, max_bytes: u64, engine: &Engine) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
        std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o700))?;
        let mut hasher = DefaultHasher::new();
        engine.precompile_compatibility_hash().hash(&mut hasher);
        let key = Key::open(&dir.join("key"))?;
        Ok(Self { dir: dir.to_owned(), key, engine_hash: hasher.finish(), max_bytes })
    }

    /// The code of a component; `None` when there is none that can be trusted and used.
    pub(super) fn load(&self, digest: Digest, engine: &Engine) -> Option<Component> {
        let name = self.name(digest);
        let path = self.dir.join(&name);
        let bytes = std::fs::read(&path).ok()?;
        if std::fs::read(self.seal_path(&name)).ok()? != self.key.seal(&name, &bytes) {
            tracing::warn!(path = %path.display(), "compiled code does not match its seal and is compiled anew");
            self.remove(&name);
            return None;
        }
        drop(bytes);
        match map(engine, &path) {
            Ok(component) => {
                // The newest use decides what stays when space is needed.
                let _ = File::open(&path).and_then(|file| file.set_modified(now()));
                Some(component)
            }
            Err(error) => {
                tracing::info!(path = %path.display(), error = format!("{error:#}"), "compiled code is compiled anew");
                self.remove(&name);
                None
            }
        }
    }

    /// Keeps the code of a component, and makes room for it.
    pub(super) fn save(&self, digest: Digest, code: &[u8]) -> io::Result<()> {
        let name = self.name(digest);
        self.write(&self.seal_path(&name), &self.key.seal(&name, code))?;
        self.write(&self.dir.join(&name), code)?;
        self.make_room(&name)
    }

    fn name(&self, digest: Digest) -> String {
        format!("{}-{:016x}.cwasm", digest.hex(), self.engine_hash)
    }

    fn seal_path(&self, name: &str) -> PathBuf {
        self.dir.join(format!("{name}.seal"))
    }

    fn remove(&self, name: &str) {
        let _ = std::fs::remove_file(self.dir.join(name));
        let _ = std::fs::remove_file(self.seal_path(name));
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let unfinished = self.dir.join(format!("{}.tmp", uuid::Uuid::new_v4()));
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
        let written =
            file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| std::fs::rename(&unfinished, path));
        if written.is_err() {
            let _ = std::fs::remove_file(&unfinished);
        }
        written
    }

    /// Removes what was unused for longest until the rest fits; `newest` stays in any case.
    fn make_room(&self, newest: &str) -> io::Result<()> {
        let mut codes = Vec::new();
        for entry in std::fs::read_dir(&self.dir)? {
            let entry = entry?;
            let (Ok(name), Ok(meta)) = (entry.file_name().into_string(), entry.metadata()) else { continue };
            let used = meta.modified()?;
            match entry.path().extension().and_then(|extension| extension.to_str()) {
                Some("cwasm") if name != newest => codes.push((used, name, meta.len())),
                Some("tmp") if now().duration_since(used).is_ok_and(|age| age > LEFT_BEHIND) => {
                    let _ = std::fs::remove_file(entry.path());
                }
                _ => {}
            }
        }
        codes.sort_unstable();
        let mut bytes = codes.iter().map(|(_, _, len)| len).sum::<u64>() + self.dir.join(newest).metadata()?.len();
        for (_, name, len) in codes {
            if bytes <= self.max_bytes {
                break;
            }
            self.remove(&name);
            bytes -= len;
        }
        Ok(())
    }
}

#[expect(clippy::disallowed_methods, reason = "compared with the file system's times alone, which no test can hold")]
fn now() -> SystemTime {
    SystemTime::now()
}

#[expect(unsafe_code, reason = "mapping compiled code runs it; this is the one place, behind the check of the seal")]
fn map(engine: &Engine, path: &Path) -> wasmtime::Result<Component> {
    // SAFETY: the file carries this installation's seal, so `precompile_component` made it; it lies in a directory
    // that only this user may write, and is never changed, only removed.
    unsafe { Component::deserialize_file(engine, path) }
}
