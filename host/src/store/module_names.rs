//! Which bytes each version of a module means, kept ready where no other process can change that: every job that starts
//! asks for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::read::ModuleEntry;

/// Names that are kept; beyond it all are forgotten.
const KEPT: usize = 10_000;

/// Names that were looked up since the last change of any.
#[derive(Clone, Default)]
pub(super) struct ModuleNames(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    changes: u64,
    names: HashMap<String, Arc<[ModuleEntry]>>,
}

/// As it was when a look-up began.
#[derive(Clone, Copy)]
pub(super) struct Before(u64);

impl ModuleNames {
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A module was added or removed. Called after its commit and before anybody is told of it.
    pub(super) fn forget(&self) {
        let mut kept = self.lock();
        kept.changes += 1;
        kept.names.clear();
    }

    /// What a name means, or what to give [`keep`](Self::keep) with what the database says.
    pub(super) fn known(&self, name: &str) -> Result<Arc<[ModuleEntry]>, Before> {
        let kept = self.lock();
        kept.names.get(name).cloned().ok_or(Before(kept.changes))
    }

    /// Keeps what was read, unless something has changed since the look-up began: it may have been read before that. A name
    /// that means nothing is not kept: there is no end to those.
    pub(super) fn keep(&self, before: Before, name: &str, entries: &Arc<[ModuleEntry]>) {
        let mut kept = self.lock();
        if kept.changes != before.0 || entries.is_empty() {
            return;
        }
        if kept.names.len() >= KEPT {
            kept.names.clear();
        }
        kept.names.insert(name.to_owned(), Arc::clone(entries));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Digest;

    fn entries(digest: u8) -> Arc<[ModuleEntry]> {
        let version = semver::Version::new(1, 0, 0);
        Arc::new([ModuleEntry { name: "a".to_owned(), version, digest: Digest::from_bytes([digest; 32]) }])
    }

    #[test]
    fn what_was_read_is_known_until_something_changes() {
        let names = ModuleNames::default();
        let Err(before) = names.known("a") else { panic!("nothing was read yet") };
        names.keep(before, "a", &entries(1));
        assert!(names.known("a").is_ok_and(|known| known[0].digest == Digest::from_bytes([1; 32])));
        names.forget();
        assert!(names.known("a").is_err());
    }

    #[test]
    fn what_was_read_before_a_change_is_not_kept_after_it() {
        let names = ModuleNames::default();
        let Err(before) = names.known("a") else { panic!("nothing was read yet") };
        names.forget();
        names.keep(before, "a", &entries(1));
        assert!(names.known("a").is_err());
    }

    #[test]
    fn names_that_mean_nothing_take_no_room() {
        let names = ModuleNames::default();
        let Err(before) = names.known("none") else { panic!("nothing was read yet") };
        names.keep(before, "none", &Arc::from([]));
        assert!(names.known("none").is_err());
    }
}
