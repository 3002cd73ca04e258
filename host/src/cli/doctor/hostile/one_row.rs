//! One row, from the upload of its module to its end, and nothing of it left behind.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::row::{Course, Expected, GRACE, RUN_LIMIT, Row, Way};
use super::seen::Seen;
use super::visit::Visit;
use crate::cli::Failure;
use crate::cli::client::api::read;
use crate::cli::client::{JobView, ResultView, StartBody, Upload};
use crate::cli::failure::Verbosity;
use crate::cli::output::Look;
use crate::domain::{JobId, Status};

/// Far longer than any row takes; what takes longer never ends.
const PATIENCE: Duration = Duration::from_mins(2);
/// How late a forced end may be on a machine that has other things to do.
const LATE: Duration = Duration::from_secs(5);
/// How many of its last lines and results are looked at.
const LAST: u64 = 8;
/// How long an upload is tried again that the host has no room for at the moment.
const BUSY: Duration = Duration::from_secs(30);

/// A row that was tried.
#[derive(Debug, Clone)]
pub(super) struct Tried {
    pub(super) seen: Seen,
    pub(super) ok: bool,
    pub(super) took: Duration,
}

/// Tries a row.
pub(super) fn try_row(visit: &Visit, row: &Row) -> Tried {
    let since = Instant::now();
    let seen = tried(visit, row).unwrap_or_else(|failure| Seen::Unknown(told(&failure)));
    Tried { ok: seen.fits(&row.expected), seen, took: since.elapsed() }
}

/// A failure in one line.
pub(super) fn told(failure: &Failure) -> String {
    failure.render(Look::Plain, Verbosity::Brief).replace('\n', " ")
}

fn tried(visit: &Visit, row: &Row) -> Result<Seen, Failure> {
    let name = visit.name(row.name);
    let module = match upload(visit, &row.component(&name))? {
        Upload::Refused { code, detail, .. } => return Ok(Seen::Refused { code, detail }),
        Upload::Taken(module) => module,
    };
    visit.took(&module);
    if !row.grants.is_empty() {
        visit.grant(&module, &row.grants)?;
    }
    let seen = run(visit, row, &module);
    visit.take_module_back(&module)?;
    seen
}

/// Uploads, again if the host only has no room for it now.
pub(super) fn upload(visit: &Visit, component: &[u8]) -> Result<Upload, Failure> {
    let since = Instant::now();
    loop {
        let upload = visit.client.upload(component)?;
        let is_busy = matches!(upload, Upload::Refused { status: 429 | 503, .. });
        if !is_busy || since.elapsed() > BUSY || visit.is_broken_off() {
            return Ok(upload);
        }
        thread::sleep(Duration::from_millis(500));
    }
}

/// The request for a job of this module.
pub(super) fn start_body(module: &str) -> Result<StartBody, Failure> {
    let module_id = module.parse().map_err(|_| Failure::failed(format!("`{module}` is no module's id")))?;
    Ok(StartBody {
        module_id,
        inputs: None,
        settings: None,
        checkpoint: None,
        max_duration: None,
        stop_grace: None,
        retry: None,
        run_after: None,
        priority: None,
        queue: None,
        unique: None,
        labels: BTreeMap::new(),
    })
}

fn run(visit: &Visit, row: &Row, module: &str) -> Result<Seen, Failure> {
    let max_duration = (row.course == Course::Limited).then_some(RUN_LIMIT);
    let job = visit.start(&StartBody { max_duration, stop_grace: Some(GRACE), ..start_body(module)? })?;
    let seen = watch(visit, row, job);
    visit.take_job_back(job)?;
    seen
}

fn watch(visit: &Visit, row: &Row, job: JobId) -> Result<Seen, Failure> {
    if row.course == Course::Stopped && visit.until(job, PATIENCE, |job| job.status != Status::Pending)?.is_some() {
        visit.client.stop_job(job)?;
    }
    let Some(view) = visit.until(job, PATIENCE, |job| job.status.is_ended())? else {
        let why = if visit.is_broken_off() { "broken off" } else { "it did not end within two minutes" };
        return Ok(Seen::Unknown(why.to_owned()));
    };
    if row.course == Course::Upload {
        return Ok(Seen::Unknown(format!("the host took it, and its job is {}", view.status)));
    }
    if view.attempt != 1 {
        return Ok(Seen::Unknown(format!("it was run {} times", view.attempt)));
    }
    if let Some(late) = lateness(&view, row.expected) {
        return Ok(Seen::Unknown(format!("it was stopped, and ran for {} ms too long", late.as_millis())));
    }
    seen(visit, job, view)
}

/// By how much a job with a limit ran on beyond what is allowed.
fn lateness(view: &JobView, expected: Expected) -> Option<Duration> {
    let allowed = RUN_LIMIT + GRACE + LATE;
    let ran = Duration::from_millis(view.usage.run_time_ms);
    matches!(expected, Expected::Stopped("duration-limit", _)).then(|| ran.checked_sub(allowed)).flatten()
}

/// How an ended job ended.
fn seen(visit: &Visit, job: JobId, view: JobView) -> Result<Seen, Failure> {
    Ok(match (view.status, view.error, view.stop) {
        (Status::Failed, Some(error), _) => Seen::Failed { code: error.code, message: error.message },
        (Status::Stopped, _, Some(stop)) => {
            let way = if stop.forced { Way::Forced } else { Way::Willing };
            Seen::Stopped { reason: stop.reason, way }
        }
        (Status::Completed, ..) => Seen::Completed {
            answers: answers(visit, job, view.results)?,
            log: last_lines(visit, job, view.last_log_seq)?,
        },
        (status, ..) => Seen::Unknown(format!("the job is {status}, and does not say why")),
    })
}

/// The numbers that a job told, which are its last results.
pub(super) fn answers(visit: &Visit, job: JobId, results: u64) -> Result<Vec<i64>, Failure> {
    #[derive(Deserialize)]
    struct Answer {
        answer: Option<i64>,
    }
    let (mut answers, mut after) = (Vec::new(), results.saturating_sub(LAST.max(16)));
    loop {
        let page = visit.client.results(job, after, None)?;
        if page.entries.is_empty() {
            return Ok(answers);
        }
        after = page.next;
        for entry in &page.entries {
            let result: ResultView = read(entry.get())?;
            answers.extend(read::<Answer>(result.data.get())?.answer);
        }
    }
}

fn last_lines(visit: &Visit, job: JobId, last: u64) -> Result<Vec<String>, Failure> {
    #[derive(Deserialize)]
    struct Line {
        message: String,
    }
    let (page, _) = visit.client.logs(job, last.saturating_sub(LAST))?;
    page.entries.iter().map(|entry| read::<Line>(entry.get()).map(|line| line.message)).collect()
}
