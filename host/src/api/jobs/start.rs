//! `POST /v1/jobs`: starts a job.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use super::job_json::{JobJson, show};
use super::parts::keys_json::{QueueJson, UniqueJson};
use super::parts::retry_json::RetryJson;
use crate::access::Caller;
use crate::api::extract::{JsonRequest, KeyedJson, Who};
use crate::api::json::{DurationText, Parsed};
use crate::api::modules::sees;
use crate::api::problem::Problem;
use crate::api::state::Shared;
use crate::domain::limits::MIB;
use crate::domain::{Digest, JsonObject, Labels, ModuleRef, Priority, RetryPolicy, StartKey, Timestamp};
use crate::scheduler::{StartError, StartJob, Started};
use crate::traced::TraceLink;

/// Room for the largest checkpoint, inputs and settings together.
pub(crate) const JOB_BODY_BYTES: u64 = 20 * MIB;

/// A job to start.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StartJob)]
pub(crate) struct StartBody {
    /// `name` (its highest version), `name@version` or `sha256:<hex>`.
    #[schema(value_type = String, example = "csv-profile")]
    module_id: Parsed<ModuleRef>,
    /// What the module is given; must satisfy its inputs schema. At most 1 MiB.
    #[serde(default = "JsonObject::empty")]
    #[schema(value_type = Object, required = false)]
    inputs: JsonObject,
    /// How the module is told to work; must satisfy its settings schema. At most 1 MiB.
    #[serde(default = "JsonObject::empty")]
    #[schema(value_type = Object, required = false)]
    settings: JsonObject,
    /// State to start from, as if the module had saved it.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    checkpoint: Option<JsonObject>,
    /// The most run time over all attempts; the host's own limit unless given.
    #[schema(value_type = Option<String>, example = "1h")]
    max_duration: Option<DurationText>,
    /// How long the module may go on after it was told to stop.
    #[schema(value_type = Option<String>, example = "5s")]
    stop_grace: Option<DurationText>,
    /// When it may start at the earliest; at once unless given.
    #[schema(value_type = Option<String>, format = DateTime)]
    run_after: Option<Parsed<Timestamp>>,
    /// What becomes of the job when its module returns `retryable`; it fails at once unless given.
    retry: Option<RetryJson>,
    /// Of the jobs that are ready the one with the highest starts first, and among equal ones the oldest; 0 unless given.
    #[serde(default)]
    #[schema(value_type = i64, required = false, minimum = -1000, maximum = 1000)]
    priority: Priority,
    /// What its owner attaches to it, to find it again: at most 32; names of letters, digits, `.`, `_`, `-` and `/`,
    /// values without commas and control characters.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, String>, required = false, example = json!({"team": "billing"}))]
    labels: Labels,
    /// Which jobs it waits for: those of the same module with the same key.
    queue: Option<QueueJson>,
    /// Of the jobs of the module with this key only one has not ended.
    unique: Option<UniqueJson>,
}

impl JsonRequest for StartBody {
    const BODY_BYTES: u64 = JOB_BODY_BYTES;
}

/// Start a job
///
/// The job is stored before the answer. The `Location` header is the job's own path. Whoever sends the same
/// `Idempotency-Key` again within a day is given the job that it started, with 200 instead of 201; with another body it is
/// refused. With `unique`, a second job while the first has not ended is refused (409 `not_unique`), or the first is answered
/// with 200.
#[utoipa::path(post, path = "/v1/jobs", operation_id = "start_job", tag = "jobs", request_body = StartBody,
    params(("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255, pattern = "^[!-~]+$",
        description = "The caller's own name for this request")),
    responses((status = 201, description = "The job", body = JobJson, headers(("Location" = String))),
        (status = 200, description = "The job that the same request started before, or that has the unique key", body = JobJson,
            headers(("Location" = String)))))]
pub(crate) async fn start(
    State(api): State<Shared>,
    Who(caller): Who,
    headers: HeaderMap,
    KeyedJson { body, key }: KeyedJson<StartBody>,
) -> Result<Response, Problem> {
    let key = key.map(|(key, request)| start_key(&caller, &key, request));
    let request = StartJob { key, trace: trace_link(&headers), ..body.into() };
    let started = begin(&api, &caller, request).await?;
    let status = match &started {
        Started::New(_) => StatusCode::CREATED,
        Started::Known(_) => StatusCode::OK,
    };
    let job = started.job();
    let mut response = show(status, job, &api.limits.get());
    let location = HeaderValue::try_from(format!("/v1/jobs/{}", job.id)).expect("a UUID is visible ASCII");
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}

/// Starts a job for a caller who sees its module.
pub(super) async fn begin(api: &Shared, caller: &Caller, request: StartJob) -> Result<Started, Problem> {
    if !sees(api, caller, &request.module).await? {
        return Err(StartError::UnknownModule(request.module).into());
    }
    let scheduler = api.scheduler.clone();
    api.change(async move { scheduler.create_job(request).await }).await
}

/// The step of the caller's own trace; a header that is none is as good as none, as its specification says.
pub(super) fn trace_link(headers: &HeaderMap) -> Option<TraceLink> {
    headers.get("traceparent")?.to_str().ok()?.parse().ok()
}

/// Each token has keys of its own.
fn start_key(caller: &Caller, key: &HeaderValue, request: Digest) -> StartKey {
    let mut hash = Sha256::new();
    if let Some(token) = caller.token() {
        hash.update(token.id.uuid().as_bytes());
    }
    hash.update(key.as_bytes());
    StartKey { key: Digest::from_bytes(hash.finalize().into()), request }
}

impl From<StartBody> for StartJob {
    fn from(body: StartBody) -> Self {
        Self {
            module: body.module_id.0,
            inputs: body.inputs,
            settings: body.settings,
            checkpoint: body.checkpoint,
            max_duration: body.max_duration.map(|DurationText(duration)| duration),
            stop_grace: body.stop_grace.map(|DurationText(duration)| duration),
            retry: body.retry.map(RetryPolicy::from).unwrap_or_default(),
            run_after: body.run_after.map(|Parsed(time)| time),
            priority: body.priority,
            labels: body.labels,
            queue: body.queue.map(Into::into),
            unique: body.unique.map(Into::into),
            key: None,
            fuse: None,
            trace: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::api::extract::parse_json;
    use crate::api::problem::{INVALID_FIELD, INVALID_JSON};

    fn read(text: &str) -> Result<StartJob, Problem> {
        parse_json::<StartBody>(text.as_bytes()).map(StartJob::from)
    }

    #[test]
    fn only_the_module_must_be_given() {
        let request = read(r#"{"module_id": "csv-profile"}"#).expect("a request");
        assert_eq!(request.module, ModuleRef::Newest("csv-profile".to_owned()));
        assert_eq!((request.inputs.as_str(), request.settings.as_str()), ("{}", "{}"));
        assert_eq!((request.checkpoint, request.max_duration, request.stop_grace), (None, None, None));
    }

    #[test]
    fn everything_given_is_kept_as_it_came() {
        let request = read(
            r#"{"module_id": "a@1.0.0", "inputs": {"b": 1, "a" : 2.50}, "settings": {}, "checkpoint": {"n": 3},
                "max_duration": "1h 30m", "stop_grace": "2s", "priority": -7, "labels": {"team": "billing"}}"#,
        )
        .expect("a request");
        assert_eq!(request.inputs.as_str(), r#"{"b": 1, "a" : 2.50}"#);
        assert_eq!(request.checkpoint.map(|checkpoint| checkpoint.as_str().to_owned()).as_deref(), Some(r#"{"n": 3}"#));
        assert_eq!(request.max_duration, Some(Duration::from_mins(90)));
        assert_eq!(request.stop_grace, Some(Duration::from_secs(2)));
        assert_eq!(request.priority.value(), -7);
        assert_eq!(request.labels.iter().collect::<Vec<_>>(), [("team", "billing")]);
        let request = read(r#"{"module_id": "a", "checkpoint": null, "max_duration": null}"#).expect("a request");
        assert_eq!((request.checkpoint, request.max_duration), (None, None));
    }

    #[test]
    fn a_retry_needs_only_its_attempts() {
        let retry = |text: &str| read(&format!(r#"{{"module_id": "a", "retry": {text}}}"#)).expect("a request").retry;
        assert_eq!(retry("null"), RetryPolicy::NEVER);
        assert_eq!(retry(r#"{"max_attempts": 3}"#), RetryPolicy { max_attempts: 3, backoff: RetryPolicy::BACKOFF });
        let backoff = Duration::from_millis(1500);
        assert_eq!(retry(r#"{"max_attempts": 3, "backoff": "1500ms"}"#), RetryPolicy { max_attempts: 3, backoff });
    }

    #[test]
    fn a_wrong_field_is_named_by_its_path_with_what_it_should_be() {
        for (text, pointer, hint) in [
            ("{}", "", "missing field `module_id`"),
            ("[]", "", "a JSON object is needed, found an array"),
            (r#"{"module_id": "A"}"#, "/module_id", "`A` names no module"),
            (r#"{"module_id": 5}"#, "/module_id", "expected a string"),
            (r#"{"module_id": "a", "inputs": [1]}"#, "/inputs", "a JSON object is needed, found an array"),
            (r#"{"module_id": "a", "inputs": null}"#, "/inputs", "a JSON object is needed, found null"),
            (r#"{"module_id": "a", "checkpoint": 5}"#, "/checkpoint", "a JSON object is needed, found a number"),
            (r#"{"module_id": "a", "max_duration": "soon"}"#, "/max_duration", "such as `90s`"),
            (r#"{"module_id": "a", "max_duration": 5}"#, "/max_duration", "expected a string"),
            (r#"{"module_id": "a", "retry": 3}"#, "/retry", "expected an object such as"),
            (r#"{"module_id": "a", "retry": {}}"#, "/retry", "missing field `max_attempts`"),
            (r#"{"module_id": "a", "retry": {"max_attempts": -1}}"#, "/retry/max_attempts", "-1"),
            (r#"{"module_id": "a", "priority": 1001}"#, "/priority", "from -1000 to 1000"),
            (r#"{"module_id": "a", "priority": 0.5}"#, "/priority", "expected i64"),
            (r#"{"module_id": "a", "labels": {"a b": "c"}}"#, "/labels", "`a b` is no name of a label"),
            (r#"{"module_id": "a", "labels": {"a": 5}}"#, "/labels/a", "expected a string"),
            (r#"{"module_id": "a", "run_after": "noon"}"#, "/run_after", "such as `2026-01-31T12:00:00Z`"),
            (r#"{"module_id": "a", "imputs": {}}"#, "/imputs", "expected one of `module_id`, `inputs`"),
        ] {
            let problem = read(text).expect_err(text);
            assert_eq!(problem.kind, INVALID_FIELD, "{text}");
            assert_eq!(problem.errors[0].pointer, pointer, "{text}: {problem:?}");
            assert!(problem.detail.contains(hint), "{text}: {}", problem.detail);
        }
        for text in ["", "{", "{\"module_id\": \"a\"} x", "\u{feff}{}"] {
            assert_eq!(read(text).expect_err(text).kind, INVALID_JSON, "{text}");
        }
    }

    #[test]
    fn nesting_without_end_is_refused() {
        let inputs = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
        let problem = read(&format!(r#"{{"module_id": "a", "inputs": {inputs}}}"#)).expect_err("too deep");
        assert_eq!(problem.errors[0].pointer, "/inputs");
        assert!(problem.detail.contains("nested deeper than"), "{}", problem.detail);
    }
}
