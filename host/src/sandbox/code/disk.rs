//! Compiled code on disk: one file for each component and engine, with a seal beside it.
//!
//! A file is written once and never changed, since it is mapped while guests run; removing it is harmless.

use std::fs::{DirBuilder, File};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::NamedTempFile;
use wasmtime::Engine;
use wasmtime::component::Component;

use crate::domain::Digest;

use super::seal::Key;

/// What a crash left behind is removed after this time; nobody may take so long to compile.
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
        let sealed = File::open(&path).and_then(|file| self.key.seal(&name, file)).ok()?;
        if std::fs::read(self.seal_path(&name)).ok()? != sealed {
            tracing::warn!(path = %path.display(), "compiled code does not match its seal and is compiled anew");
            self.remove(&name);
            return None;
        }
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

    /// An empty file for code that is still to be made.
    pub(super) fn begin(&self) -> io::Result<NamedTempFile> {
        unfinished(&self.dir)
    }

    /// Keeps the code of a component, which was made in a file of [`begin`](Self::begin), and makes room for it.
    pub(super) fn keep(&self, digest: Digest, code: NamedTempFile) -> io::Result<()> {
        let name = self.name(digest);
        let mut seal = self.begin()?;
        seal.write_all(&self.key.seal(&name, code.reopen()?)?)?;
        for (file, path) in [(seal, self.seal_path(&name)), (code, self.dir.join(&name))] {
            file.as_file().sync_all()?;
            file.persist(path)?;
        }
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

/// An empty file that only this user may read and write, and that is gone when it is dropped.
pub(super) fn unfinished(dir: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new().suffix(".tmp").tempfile_in(dir)
}

#[expect(unsafe_code, reason = "mapping compiled code runs it; this is the one place, behind the check of the seal")]
pub(super) fn map(engine: &Engine, path: &Path) -> wasmtime::Result<Component> {
    // SAFETY: the file carries this installation's seal, or this process had it made just now, so `precompile_component`
    // made it; only this user may write it, and it is never changed, only removed.
    unsafe { Component::deserialize_file(engine, path) }
}

#[cfg(test)]
mod tests {
    use cofferdam_text_guest::component_of_text;
    use wasmtime::Config;

    use super::*;

    const DIGEST: Digest = Digest::from_bytes([7; 32]);

    fn open(dir: &Path, engine: &Engine) -> Disk {
        Disk::open(dir, u64::MAX, engine).expect("a directory")
    }

    /// Keeps the code of the same component, as this engine compiles it.
    fn keep(disk: &Disk, engine: &Engine) {
        let mut code = disk.begin().expect("a file");
        let compiled = engine.precompile_component(&component_of_text("(component)")).expect("it compiles");
        code.write_all(&compiled).expect("written");
        disk.keep(DIGEST, code).expect("kept");
    }

    #[test]
    fn code_for_other_settings_is_not_found_and_stays() {
        let dir = tempfile::tempdir().expect("a directory");
        let engines = [false, true].map(|fuel| Engine::new(Config::new().consume_fuel(fuel)).expect("an engine"));
        let disks = engines.each_ref().map(|engine| open(dir.path(), engine));
        keep(&disks[0], &engines[0]);
        assert!(disks[1].load(DIGEST, &engines[1]).is_none());
        assert!(disks[0].load(DIGEST, &engines[0]).is_some(), "who can use it still finds it");
        keep(&disks[1], &engines[1]);
        assert!(disks.iter().zip(&engines).all(|(disk, engine)| disk.load(DIGEST, engine).is_some()));
    }

    #[test]
    fn code_of_another_installation_is_not_believed() {
        let (theirs, ours) = (tempfile::tempdir().expect("a directory"), tempfile::tempdir().expect("a directory"));
        let engine = Engine::default();
        let disk = open(theirs.path(), &engine);
        keep(&disk, &engine);
        let name = disk.name(DIGEST);
        let own = open(ours.path(), &engine);
        let seal = format!("{name}.seal");
        for file in [&name, &seal] {
            std::fs::copy(theirs.path().join(file), ours.path().join(file)).expect("copied");
        }
        assert!(own.load(DIGEST, &engine).is_none());
        assert!(!ours.path().join(&name).exists(), "it is compiled anew");
        assert!(disk.load(DIGEST, &engine).is_some(), "where it was made it is believed");
    }
}
