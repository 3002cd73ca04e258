//! Waiting until a project's sources change.

use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use crate::cli::Failure;

/// What a build makes, and what people do not write: changes there mean nothing.
const NOT_WATCHED: [&str; 7] = ["build", "target", "node_modules", ".git", ".venv", "__pycache__", "sdk"];
/// Editors write a file in several steps, and people save several files.
const QUIET: Duration = Duration::from_millis(200);

/// Changes of a project's sources.
pub(super) struct Changes {
    /// Watches for as long as it is there.
    _watcher: RecommendedWatcher,
    changes: mpsc::Receiver<()>,
}

impl Changes {
    /// From now on. Folders that are made later count from the next time on that this is called.
    pub(super) fn of(project: &Path) -> Result<Self, Failure> {
        let refuse = |error: notify::Error| {
            Failure::failed(format!("changes of {} cannot be watched: {error}", project.display()))
        };
        let (tell, changes) = mpsc::channel();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if event.is_ok_and(|event| matters(&event)) {
                // Nobody listens any more when the command has ended.
                let _ = tell.send(());
            }
        })
        .map_err(refuse)?;
        watcher.watch(project, RecursiveMode::NonRecursive).map_err(refuse)?;
        let entries = std::fs::read_dir(project).into_iter().flatten().flatten();
        for folder in entries.map(|entry| entry.path()).filter(|path| path.is_dir() && is_watched(path)) {
            watcher.watch(&folder, RecursiveMode::Recursive).map_err(refuse)?;
        }
        Ok(Self { _watcher: watcher, changes })
    }

    /// Whether there was one since the last time, and none follows for a moment; waits for it up to `limit`.
    pub(super) fn within(&self, limit: Duration) -> bool {
        if self.changes.recv_timeout(limit).is_err() {
            return false;
        }
        while !matches!(
            self.changes.recv_timeout(QUIET),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected)
        ) {}
        true
    }
}

/// Reading a file is no change of it.
fn matters(event: &Event) -> bool {
    !matches!(event.kind, EventKind::Access(_)) && event.paths.iter().all(|path| is_watched(path))
}

fn is_watched(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    !NOT_WATCHED.contains(&name.as_ref()) && !name.ends_with('~') && !name.starts_with(".#")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_a_source_is_seen_and_one_of_what_was_built_is_not() {
        let project = tempfile::tempdir().expect("a folder");
        for folder in ["src", "build"] {
            std::fs::create_dir(project.path().join(folder)).expect("a folder");
        }
        let changes = Changes::of(project.path()).expect("it is watched");
        std::fs::write(project.path().join("build/out.wasm"), "x").expect("written");
        assert!(!changes.within(Duration::from_millis(300)));
        std::fs::write(project.path().join("src/lib.rs"), "x").expect("written");
        assert!(changes.within(Duration::from_secs(20)));
        std::fs::write(project.path().join("cofferdam.dev.json"), "{}").expect("written");
        assert!(changes.within(Duration::from_secs(20)));
    }
}
