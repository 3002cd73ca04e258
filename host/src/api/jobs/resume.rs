//! `POST /v1/jobs/{job_id}/resume`: takes a stopped or failed job up again.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::job_json::{JobJson, show};
use super::start::JOB_BODY_BYTES;
use crate::api::extract::{JobPath, JsonBody, JsonRequest, present};
use crate::api::json::{DurationText, Parsed};
use crate::api::problem::Problem;
use crate::api::state::Shared;
use crate::domain::{JsonObject, ModuleRef};
use crate::scheduler::{CheckpointChange, ResumeJob};

/// What changes when a job is resumed; what is left out stays as it is.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ResumeJob)]
pub(crate) struct ResumeBody {
    /// Another version of the same module.
    #[schema(value_type = Option<String>)]
    module_id: Option<Parsed<ModuleRef>>,
    /// Other inputs.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Object, required = false)]
    inputs: Option<JsonObject>,
    /// Other settings.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Object, required = false)]
    settings: Option<JsonObject>,
    /// Another checkpoint; `null` starts over and supersedes all earlier results.
    #[serde(default, deserialize_with = "checkpoint_change")]
    #[schema(value_type = Option<Object>)]
    checkpoint: CheckpointChange,
    /// Another run time; the budget starts anew in any case.
    #[schema(value_type = Option<String>, example = "1h")]
    max_duration: Option<DurationText>,
}

impl JsonRequest for ResumeBody {
    const BODY_BYTES: u64 = JOB_BODY_BYTES;

    fn when_empty() -> Option<Self> {
        Some(Self::default())
    }
}

/// Resume a job
///
/// Takes a stopped or failed job back to `pending`; it goes on from its last checkpoint.
#[utoipa::path(post, path = "/v1/jobs/{job_id}/resume", operation_id = "resume_job", tag = "jobs", params(("job_id" = uuid::Uuid, Path)),
    request_body = Option<ResumeBody>, responses((status = 200, description = "The job", body = JobJson)))]
pub(crate) async fn resume(
    State(api): State<Shared>,
    JobPath(id): JobPath,
    JsonBody(body): JsonBody<ResumeBody>,
) -> Result<Response, Problem> {
    let scheduler = api.scheduler.clone();
    let job = api.change(async move { scheduler.resume_job(id, body.into()).await }).await?;
    Ok(show(StatusCode::OK, &job, &api.limits.get()))
}

/// A field that is there: `null` starts over, an object replaces. One that is not there never comes here.
fn checkpoint_change<'de, D: Deserializer<'de>>(deserializer: D) -> Result<CheckpointChange, D::Error> {
    Ok(match Option::<JsonObject>::deserialize(deserializer)? {
        None => CheckpointChange::StartOver,
        Some(checkpoint) => CheckpointChange::Replace(checkpoint),
    })
}

impl From<ResumeBody> for ResumeJob {
    fn from(body: ResumeBody) -> Self {
        Self {
            module: body.module_id.map(|Parsed(module)| module),
            inputs: body.inputs,
            settings: body.settings,
            checkpoint: body.checkpoint,
            max_duration: body.max_duration.map(|DurationText(duration)| duration),
            fuse: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::extract::Request;
    use axum::routing::post;
    use tower::Service as _;

    use super::*;
    use crate::api::extract::parse_json;

    fn read(text: &str) -> Result<ResumeJob, Problem> {
        parse_json::<ResumeBody>(text.as_bytes()).map(Into::into)
    }

    #[test]
    fn a_null_checkpoint_is_not_an_absent_one() {
        let change = |text| read(text).expect("a request").checkpoint;
        assert_eq!(change("{}"), CheckpointChange::Keep);
        assert_eq!(change(r#"{"checkpoint": null}"#), CheckpointChange::StartOver);
        let given = JsonObject::parse(r#"{"n":1}"#).expect("an object");
        assert_eq!(change(r#"{"checkpoint": {"n":1}}"#), CheckpointChange::Replace(given));
    }

    #[test]
    fn null_inputs_are_refused_since_they_could_mean_two_things() {
        let problem = read(r#"{"inputs": null}"#).expect_err("null");
        assert_eq!(problem.errors[0].pointer, "/inputs");
        assert!(problem.detail.contains("a JSON object is needed, found null"), "{}", problem.detail);
    }

    #[tokio::test]
    async fn the_body_may_be_left_out_but_not_be_of_another_type() {
        let mut router = Router::<()>::new().route(
            "/",
            post(
                |JsonBody(body): JsonBody<ResumeBody>| async move { format!("{:?}", ResumeJob::from(body).checkpoint) },
            ),
        );
        for (media_type, body, status, text) in [
            (None, "", StatusCode::OK, "Keep"),
            (Some("application/json"), "", StatusCode::OK, "Keep"),
            (Some("application/json"), " null\n", StatusCode::OK, "Keep"),
            (Some("application/json"), r#"{"checkpoint":null}"#, StatusCode::OK, "StartOver"),
            (None, "{}", StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong_media_type"),
            (Some("text/plain"), "{}", StatusCode::UNSUPPORTED_MEDIA_TYPE, "not `text/plain`"),
        ] {
            let mut request = Request::post("/");
            if let Some(media_type) = media_type {
                request = request.header("content-type", media_type);
            }
            let response = router.call(request.body(Body::from(body)).expect("a request")).await.expect("infallible");
            assert_eq!(response.status(), status, "{media_type:?} {body}");
            let answer = to_bytes(response.into_body(), 4096).await.expect("a short body");
            assert!(String::from_utf8_lossy(&answer).contains(text), "{answer:?}");
        }
    }
}
