//! `GET /v1/jobs/{job_id}/checkpoint`: the state that a job resumes from.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::extract::JobPath;
use crate::api::json::json;
use crate::api::problem::{NO_CHECKPOINT, Problem};
use crate::api::state::Shared;
use crate::domain::{JsonObject, StoredCheckpoint, Timestamp};
use crate::scheduler::JobNotFound;

/// The state that a job resumes from.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Checkpoint)]
pub(crate) struct CheckpointJson<'c> {
    /// What the module saved.
    #[schema(value_type = Object)]
    checkpoint: &'c JsonObject,
    /// Which attempt saved it; 0 when it was given with the job.
    attempt: u32,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    saved_at: Timestamp,
}

/// Show a job's newest checkpoint
#[utoipa::path(get, path = "/v1/jobs/{job_id}/checkpoint", operation_id = "get_checkpoint", tag = "jobs", params(("job_id" = uuid::Uuid, Path)),
    responses((status = 200, description = "The checkpoint", body = CheckpointJson)))]
pub(crate) async fn checkpoint(State(api): State<Shared>, JobPath(id): JobPath) -> Result<Response, Problem> {
    let stored = api.scheduler.checkpoint(id).await?.ok_or(JobNotFound(id))?;
    match &stored {
        Some(stored) => Ok(json(StatusCode::OK, &CheckpointJson::from(stored))),
        None => Err(Problem::new(NO_CHECKPOINT, format!("job {id} has not saved a checkpoint yet"))),
    }
}

impl<'c> From<&'c StoredCheckpoint> for CheckpointJson<'c> {
    fn from(stored: &'c StoredCheckpoint) -> Self {
        Self { checkpoint: &stored.checkpoint, attempt: stored.attempt, saved_at: stored.saved_at }
    }
}
