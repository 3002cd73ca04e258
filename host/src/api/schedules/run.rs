//! `POST /v1/schedules/{schedule_id}/run`: starts the job of a schedule now.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use crate::api::extract::SchedulePath;
use crate::api::jobs::job_json::{JobJson, show};
use crate::api::problem::{Problem, SCHEDULE_REFUSED};
use crate::api::state::Shared;
use crate::domain::{JobId, ScheduleRef, ScheduleRunWhat};
use crate::scheduler::JobNotFound;

/// Start the job of a schedule now
///
/// Also while it is paused, and also while an earlier job has not ended, which `replace` asks to stop. Its next occurrence
/// stays as it is.
#[utoipa::path(post, path = "/v1/schedules/{schedule_id}/run", operation_id = "run_schedule", tag = "schedules",
    params(("schedule_id" = String, Path, description = "Its id or its name")),
    responses((status = 201, description = "The job", body = JobJson)))]
pub(crate) async fn run(State(api): State<Shared>, SchedulePath(schedule): SchedulePath) -> Result<Response, Problem> {
    let (scheduler, which) = (api.scheduler.clone(), ScheduleRef::Id(schedule.id));
    let what = api.change(async move { scheduler.run_schedule(&which).await }).await?;
    let id: JobId = match what {
        ScheduleRunWhat::Started(job) => job,
        ScheduleRunWhat::Refused(problem) => return Err(Problem::new(SCHEDULE_REFUSED, problem)),
        ScheduleRunWhat::Skipped(_) | ScheduleRunWhat::Missed { .. } => {
            return Err(Problem::new(SCHEDULE_REFUSED, "nothing was started"));
        }
    };
    let job = api.scheduler.job(id).await?.ok_or(JobNotFound(id))?;
    Ok(show(StatusCode::CREATED, &job, &api.limits.get()))
}
