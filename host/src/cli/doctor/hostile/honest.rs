//! Honest jobs, again and again beside the hostile ones: every one of them has to complete with all its results.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde::Serialize;

use super::one_row::{answers, start_body, told, upload};
use super::table::{HONEST_ANSWERS, honest};
use super::visit::Visit;
use crate::cli::Failure;
use crate::cli::client::Upload;
use crate::domain::{JobId, Status};

/// How many at once.
const AT_ONCE: usize = 20;
/// They nap for 0.2 s altogether; what takes longer than this never ends.
const PATIENCE: Duration = Duration::from_mins(2);

/// What became of them.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Honest {
    pub(super) completed: usize,
    /// What became of those that did not complete as they should.
    pub(super) failed: Vec<String>,
    /// From the start of twenty to the end of the last.
    pub(super) longest_ms: u64,
}

/// Runs twenty at a time, at least once, until told that it is enough.
pub(super) fn run(visit: &Visit, is_over: &AtomicBool) -> Honest {
    let mut honest = Honest::default();
    if let Err(failure) = run_into(&mut honest, visit, is_over) {
        honest.failed.push(told(&failure));
    }
    honest
}

fn run_into(honest: &mut Honest, visit: &Visit, is_over: &AtomicBool) -> Result<(), Failure> {
    let module = match upload(visit, &self::honest(&visit.name("honest")))? {
        Upload::Taken(module) => module,
        Upload::Refused { code, detail, .. } => {
            return Err(Failure::failed(format!("the honest module was refused with `{code}`: {detail}")));
        }
    };
    visit.took(&module);
    loop {
        let since = Instant::now();
        let jobs: Vec<JobId> =
            (0..AT_ONCE).map(|_| visit.start(&start_body(&module)?)).collect::<Result<_, Failure>>()?;
        for job in &jobs {
            match end(visit, *job)? {
                None => honest.completed += 1,
                Some(_) if visit.is_broken_off() => {}
                Some(why) => honest.failed.push(why),
            }
        }
        let took = u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX);
        honest.longest_ms = honest.longest_ms.max(took);
        jobs.into_iter().try_for_each(|job| visit.take_job_back(job))?;
        if is_over.load(Ordering::Relaxed) || visit.is_broken_off() {
            return visit.take_module_back(&module);
        }
    }
}

/// What is wrong with how a job ended.
fn end(visit: &Visit, job: JobId) -> Result<Option<String>, Failure> {
    let Some(view) = visit.until(job, PATIENCE, |job| job.status.is_ended())? else {
        return Ok(Some(format!("job {job} did not end within two minutes")));
    };
    if view.status != Status::Completed {
        let reason = view.end().reason.unwrap_or_default();
        return Ok(Some(format!("job {job} is {}: {reason}", view.status)));
    }
    let answers = answers(visit, job, view.results)?;
    Ok((answers != HONEST_ANSWERS).then(|| format!("job {job} has the results {answers:?}")))
}
