//! What clients were told while everything broke, to be held against what is stored in the end.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// All jobs that were answered 201.
#[derive(Default)]
pub(super) struct Ledger {
    jobs: Mutex<HashMap<String, Told>>,
}

/// What was told of one job.
#[derive(Debug, Default, Clone)]
pub(super) struct Told {
    /// Its own name, which is in its inputs.
    pub(super) tag: u64,
    /// How far it counts.
    pub(super) to: u64,
    /// The newest checkpoint that was shown, with an attempt that had begun by then.
    pub(super) checkpoint: Option<(u64, u64)>,
    /// The last log line that was shown: its number and its text.
    pub(super) line: Option<(u64, String)>,
    /// The end that was shown.
    pub(super) end: Option<String>,
    /// What a stop was answered with: whether it is stopped.
    pub(super) stop: Option<bool>,
    /// Somebody asked for a resume, and may have been heard: an end that was told before need not be the last one.
    pub(super) resumed: bool,
    /// The resume was answered.
    pub(super) goes_on: bool,
}

impl Ledger {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Told>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A job was answered 201.
    pub(super) fn open(&self, id: String, told: Told) {
        self.lock().insert(id, told);
    }

    pub(super) fn change(&self, id: &str, change: impl FnOnce(&mut Told)) {
        if let Some(told) = self.lock().get_mut(id) {
            change(told);
        }
    }

    /// Everything that was told.
    pub(super) fn close(self) -> HashMap<String, Told> {
        self.jobs.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}
