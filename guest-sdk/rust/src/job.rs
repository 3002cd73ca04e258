//! The running job as its module sees it.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Failure, SaveError, host, typed};

/// One attempt at one job: who it is, and what it can ask of its host.
#[derive(Clone, Debug)]
pub struct Job {
    /// The id that the host's API shows. It stays the same over all attempts.
    pub id: String,
    /// 1 for the first run, one more each time the job starts again.
    pub attempt: u32,
    checkpoint: Option<String>,
}

impl Job {
    #[doc(hidden)]
    pub fn new(id: String, attempt: u32, checkpoint: Option<String>) -> Self {
        Self { id, attempt, checkpoint }
    }

    /// The checkpoint to go on from, or `None` when the job starts from the beginning.
    ///
    /// # Errors
    /// A permanent failure that names the place when the checkpoint does not have the shape of `T`, as after an
    /// incompatible change of the module.
    pub fn checkpoint<T: DeserializeOwned>(&self) -> Result<Option<T>, Failure> {
        self.checkpoint.as_deref().map(|json| typed::parse("checkpoint", json)).transpose()
    }

    /// Saves the state to go on from, together with every result saved before it. Returns once both would survive a
    /// crash of the host, so save no oftener than work is worth repeating: a few times a second at most.
    ///
    /// The value must serialize to a JSON object.
    pub fn save_checkpoint(&self, state: &(impl Serialize + ?Sized)) -> Result<(), SaveError> {
        host::save_checkpoint(&to_json(state)?)
    }

    /// Saves one result, visible at once. It stays provisional until the next checkpoint or the end of the job, and a
    /// job that starts again is expected to produce the results after its last checkpoint once more.
    ///
    /// The value must serialize to a JSON object.
    pub fn save_result(&self, result: &(impl Serialize + ?Sized)) -> Result<(), SaveError> {
        host::save_result(&to_json(result)?)
    }

    /// Says how far the job is, in a unit of the module's choice. Cheap: only the newest value is kept.
    pub fn report_progress(&self, done: u64, total: impl Into<Option<u64>>) {
        host::report_progress(done, total.into());
    }

    /// Whether the job was asked to stop: by a person, by its duration limit, or because the host shuts down. Cheap
    /// enough for every turn of a loop. A module that sees `true` saves a checkpoint and returns `Ok`.
    pub fn is_cancelled(&self) -> bool {
        host::is_cancelled()
    }

    /// Waits this long, in whole milliseconds rounded up, or until the job is asked to stop. Unlike
    /// `std::thread::sleep` it ends at once then.
    pub fn sleep(&self, duration: Duration) {
        let milliseconds = duration.as_nanos().div_ceil(1_000_000);
        host::sleep(u64::try_from(milliseconds).unwrap_or(u64::MAX));
    }
}

fn to_json(value: &(impl Serialize + ?Sized)) -> Result<String, SaveError> {
    serde_json::to_string(value).map_err(|error| SaveError::InvalidJson(error.to_string()))
}
