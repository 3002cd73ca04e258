//! Does the same with each of many jobs.

use axum::http::StatusCode;
use axum::response::Response;
use futures_util::stream::{self, StreamExt as _};

use super::many_json::{ManyJobsJson, RefusedJobJson, SelectJobs, Selected};
use crate::access::Caller;
use crate::api::cursor;
use crate::api::json::json;
use crate::api::problem::Problem;
use crate::api::state::Shared;
use crate::domain::{JobFilter, JobId, Reach, ScheduleRef, Status};
use crate::scheduler::JobNotFound;

/// Jobs with which it is done at the same time: enough to be committed together.
const AT_ONCE: usize = 64;

/// Those that are looked at, and what is left.
struct Part {
    jobs: Vec<JobId>,
    remaining: u64,
    next: Option<JobId>,
}

/// Does it with those that are meant, and answers what became of them. What one comes to does no harm to the others.
pub(super) async fn each<F>(
    api: &Shared,
    caller: &Caller,
    (select, sensible): (SelectJobs, &[Status]),
    verb: impl Fn(JobId) -> F,
) -> Result<Response, Problem>
where
    F: Future<Output = Result<(), Problem>>,
{
    let reach = caller.reach();
    let (part, unseen) = match select.read(sensible)? {
        Selected::Ids(ids) => {
            let (jobs, unseen) = seen(api, &reach, ids).await?;
            (Part { jobs, remaining: 0, next: None }, unseen)
        }
        Selected::Fitting(filter, statuses, schedule) => {
            (fitting(api, JobFilter { reach, ..*filter }, &statuses, schedule).await?, Vec::new())
        }
    };
    let asked = part.jobs.len();
    let done = stream::iter(part.jobs).map(|job| {
        let work = verb(job);
        async move { work.await.err().map(|problem| (job, problem)) }
    });
    let mut refused: Vec<(JobId, Problem)> =
        done.buffered(AT_ONCE).filter_map(|refused| async { refused }).collect().await;
    let done = asked - refused.len();
    refused.extend(unseen.into_iter().map(|job| (job, JobNotFound(job).into())));
    let refused = refused.iter().map(|(id, problem)| RefusedJobJson { id: *id, error: problem.into() }).collect();
    let next_cursor = part.next.map(cursor::after_job);
    Ok(json(StatusCode::OK, &ManyJobsJson { done, refused, remaining: part.remaining, next_cursor }))
}

/// Those of some jobs that the caller sees, and the others.
async fn seen(api: &Shared, reach: &Reach, ids: Vec<JobId>) -> Result<(Vec<JobId>, Vec<JobId>), Problem> {
    let (mut jobs, mut unseen) = (Vec::new(), Vec::new());
    for id in ids {
        let is_seen =
            *reach == Reach::All || api.scheduler.job_module(id).await?.is_some_and(|module| reach.includes(&module));
        if is_seen { jobs.push(id) } else { unseen.push(id) }
    }
    Ok((jobs, unseen))
}

/// The newest of those that fit, in whichever of the statuses.
async fn fitting(
    api: &Shared,
    filter: JobFilter,
    statuses: &[Status],
    schedule: Option<ScheduleRef>,
) -> Result<Part, Problem> {
    let schedule = match schedule {
        None => None,
        Some(ScheduleRef::Id(id)) => Some(id),
        Some(which) => match api.scheduler.schedule(&which).await? {
            Some(schedule) => Some(schedule.id),
            None => return Ok(Part { jobs: Vec::new(), remaining: 0, next: None }),
        },
    };
    let of = |status: Status, before| JobFilter { status: Some(status), schedule, before, ..filter.clone() };
    let (mut jobs, limit) = (Vec::new(), filter.limit as usize);
    for status in statuses {
        jobs.extend(api.scheduler.job_ids(of(*status, filter.before)).await?);
    }
    jobs.sort_unstable_by(|a, b| b.cmp(a));
    jobs.truncate(limit);
    let Some(last) = jobs.last().copied().filter(|_| jobs.len() == limit) else {
        return Ok(Part { jobs, remaining: 0, next: None });
    };
    let mut remaining = 0;
    for status in statuses {
        remaining += api.scheduler.count_jobs(of(*status, Some(last))).await?;
    }
    Ok(Part { jobs, remaining, next: (remaining > 0).then_some(last) })
}
