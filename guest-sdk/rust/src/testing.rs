//! Runs a module's function natively, with a stand-in for the host, and records what the module did.
//!
//! Only on native targets. Nothing sleeps: [`Recording::slept_ms`] adds up what the module asked for.
//!
//! ```
//! use cofferdam_sdk::{Failure, Job, testing::Attempt};
//!
//! fn count(job: &Job, limit: u64) -> Result<(), Failure> {
//!     job.save_result(&serde_json::json!({ "limit": limit }))?;
//!     Ok(())
//! }
//!
//! let recording = Attempt::first().run(|job| count(&job, 3));
//! assert_eq!(recording.outcome, Ok(()));
//! assert_eq!(recording.results[0]["limit"], 3);
//! ```

use serde_json::Value;

use crate::host::stand_in::{STATE, State};
use crate::{Failure, Job, LogLevel, logging};

/// How a job starts: from the beginning or from a checkpoint, and when it is asked to stop.
#[derive(Debug)]
pub struct Attempt {
    number: u32,
    checkpoint: Option<Value>,
    cancel_after: Option<u64>,
}

impl Attempt {
    /// The first attempt at a job, without a checkpoint.
    pub fn first() -> Self {
        Self { number: 1, checkpoint: None, cancel_after: None }
    }

    /// A second attempt that goes on from this checkpoint, or from the beginning if there is none.
    pub fn second(checkpoint: Option<Value>) -> Self {
        Self { number: 2, checkpoint, cancel_after: None }
    }

    /// Asks the job to stop once it has looked this many times at `is_cancelled`.
    #[must_use]
    pub fn cancel_after(mut self, looks: u64) -> Self {
        self.cancel_after = Some(looks);
        self
    }

    /// Runs `body`, the module's function, on this thread.
    pub fn run(self, body: impl FnOnce(Job) -> Result<(), Failure>) -> Recording {
        logging::install();
        STATE.set(State { cancel_after: self.cancel_after, ..State::default() });
        let checkpoint = self.checkpoint.map(|checkpoint| checkpoint.to_string());
        let outcome = body(Job::new("test-job".into(), self.number, checkpoint));
        Recording { outcome, ..STATE.take().recording }
    }
}

/// What a module did in one attempt.
#[derive(Debug)]
pub struct Recording {
    /// What the module's function returned.
    pub outcome: Result<(), Failure>,
    /// Log lines, oldest first, those of the `log` crate's macros among them.
    pub log: Vec<(LogLevel, String)>,
    /// Results, in the order in which they were saved.
    pub results: Vec<Value>,
    /// How many of the results the last checkpoint made final: the first ones of `results`.
    pub final_results: usize,
    /// Checkpoints, in the order in which they were saved.
    pub checkpoints: Vec<Value>,
    /// What `report_progress` was told: done, and the total if given.
    pub progress: Vec<(u64, Option<u64>)>,
    /// The sum of all sleeps.
    pub slept_ms: u64,
}

impl Default for Recording {
    fn default() -> Self {
        Self {
            outcome: Ok(()),
            log: Vec::new(),
            results: Vec::new(),
            final_results: 0,
            checkpoints: Vec::new(),
            progress: Vec::new(),
            slept_ms: 0,
        }
    }
}
