//! What one visit leaves at a server, so that all of it can be taken back, and whether the visit was broken off.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::cli::Failure;
use crate::cli::client::api::read;
use crate::cli::client::{Client, JobView, StartBody};
use crate::domain::{Grants, JobId, ModuleRef};

/// How often a job is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// One visit. Cheap to clone; all clones are the same visit.
#[derive(Debug, Clone)]
pub(super) struct Visit {
    pub(super) client: Client,
    /// How the names of its modules begin.
    prefix: String,
    broken_off: Arc<AtomicBool>,
    left: Arc<Mutex<Left>>,
}

/// What is at the server now.
#[derive(Debug, Default)]
struct Left {
    jobs: BTreeSet<JobId>,
    modules: BTreeSet<String>,
}

impl Visit {
    pub(super) fn begin(client: Client, broken_off: Arc<AtomicBool>) -> Self {
        let prefix = format!("doctor-{:08x}", fastrand::u32(..));
        Self { client, prefix, broken_off, left: Arc::default() }
    }

    /// The name of a module that nobody else has.
    pub(super) fn name(&self, what: &str) -> String {
        format!("{}-{what}", self.prefix)
    }

    /// Whether somebody pressed Ctrl-C.
    pub(super) fn is_broken_off(&self) -> bool {
        self.broken_off.load(Ordering::Relaxed)
    }

    /// The server has this module now.
    pub(super) fn took(&self, module: &str) {
        self.left().modules.insert(module.to_owned());
    }

    /// Starts a job.
    pub(super) fn start(&self, body: &StartBody) -> Result<JobId, Failure> {
        let job: JobView = read(&self.client.start_job(body, None)?)?;
        let id = job.id.parse().map_err(|_| Failure::failed(format!("the server gave a job the id `{}`", job.id)))?;
        self.left().jobs.insert(id);
        Ok(id)
    }

    /// Waits until a job is as wanted; `None` when it took too long or the visit was broken off.
    pub(super) fn until(
        &self,
        job: JobId,
        patience: Duration,
        wanted: impl Fn(&JobView) -> bool,
    ) -> Result<Option<JobView>, Failure> {
        let since = Instant::now();
        loop {
            let view: JobView = read(&self.client.job(job)?)?;
            if wanted(&view) {
                return Ok(Some(view));
            }
            if since.elapsed() > patience || self.is_broken_off() {
                return Ok(None);
            }
            thread::sleep(LOOK_EVERY);
        }
    }

    /// Takes a job back, which is stopped first if it still runs.
    pub(super) fn take_job_back(&self, job: JobId) -> Result<(), Failure> {
        let view: JobView = read(&self.client.job(job)?)?;
        if !view.status.is_ended() {
            self.client.stop_job_and_wait(job)?;
        }
        self.client.delete_job(job)?;
        self.left().jobs.remove(&job);
        Ok(())
    }

    /// Grants a module what its row says.
    pub(super) fn grant(&self, module: &str, grants: &Grants) -> Result<(), Failure> {
        self.client.put_grants(&exactly(module)?, grants).map(drop)
    }

    /// Takes a module back, whose jobs must be gone.
    pub(super) fn take_module_back(&self, module: &str) -> Result<(), Failure> {
        self.client.remove_module(&exactly(module)?)?;
        self.left().modules.remove(module);
        Ok(())
    }

    /// Takes everything back that is still there; says what could not be.
    pub(super) fn end(&self) -> Vec<String> {
        let (jobs, modules) = {
            let left = self.left();
            (left.jobs.clone(), left.modules.clone())
        };
        let jobs = jobs.into_iter().filter(|job| self.take_job_back(*job).is_err()).map(|job| format!("job {job}"));
        let mut remaining: Vec<_> = jobs.collect();
        let modules = modules.into_iter().filter(|module| self.take_module_back(module).is_err());
        remaining.extend(modules.map(|module| format!("module {module}")));
        remaining
    }

    fn left(&self) -> MutexGuard<'_, Left> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The module with this id.
fn exactly(module: &str) -> Result<ModuleRef, Failure> {
    module.parse().map_err(|_| Failure::failed(format!("the server gave a module the id `{module}`")))
}
