//! The one shape of every refusal: an RFC 9457 problem document.
//!
//! Owns the kinds of problems with their status, code and title. Which error becomes which kind is said in `error`.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::json::with_type;

/// What kind of refusal it is: the status, the code for programs and the title for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) title: &'static str,
}

macro_rules! kinds {
    ($($name:ident: $status:ident $code:literal $title:literal;)*) => {
        $(pub(crate) const $name: Kind = Kind { status: StatusCode::$status, code: $code, title: $title };)*
        /// All kinds there are.
        #[cfg(test)]
        pub(crate) const ALL: &[Kind] = &[$($name),*];
    };
}

kinds! {
    BODY_INCOMPLETE: BAD_REQUEST "body_incomplete" "The body did not arrive as a whole";
    INVALID_JSON: BAD_REQUEST "invalid_json" "The body is not JSON";
    INVALID_FIELD: BAD_REQUEST "invalid_field" "A field of the body is wrong";
    INVALID_QUERY: BAD_REQUEST "invalid_query" "A query parameter is wrong";
    INVALID_HEADER: BAD_REQUEST "invalid_header" "A header is wrong";
    INVALID_JOB_ID: BAD_REQUEST "invalid_job_id" "The path names no job";
    INVALID_MODULE_ID: BAD_REQUEST "invalid_module_id" "The path names no module";
    INVALID_SCHEDULE_ID: BAD_REQUEST "invalid_schedule_id" "The path names no schedule";
    INVALID_SECRET_NAME: BAD_REQUEST "invalid_secret_name" "The path names no secret";
    INVALID_WEBHOOK_ID: BAD_REQUEST "invalid_webhook_id" "The path names no webhook";
    INVALID_DELIVERY_ID: BAD_REQUEST "invalid_delivery_id" "The path names no delivery";
    VERSION_NEEDED: BAD_REQUEST "version_needed" "A version or digest is needed";
    INVALID_TOKEN_ID: BAD_REQUEST "invalid_token_id" "The path names no token";
    TICKET_NOT_HERE: BAD_REQUEST "ticket_not_here" "A ticket opens streams alone";
    TOKEN_IN_URL: BAD_REQUEST "token_in_url" "A token in a URL";
    BAD_CURSOR: BAD_REQUEST "bad_cursor" "The cursor is wrong";
    BAD_UPGRADE: BAD_REQUEST "bad_upgrade" "The WebSocket handshake is wrong";
    UNAUTHENTICATED: UNAUTHORIZED "unauthenticated" "A token is needed";
    SCOPE_MISSING: FORBIDDEN "scope_missing" "The token does not allow this";
    ORIGIN_NOT_ALLOWED: FORBIDDEN "origin_not_allowed" "Not from this web page";
    UNKNOWN_PATH: NOT_FOUND "unknown_path" "There is nothing here";
    UNKNOWN_JOB: NOT_FOUND "unknown_job" "There is no such job";
    UNKNOWN_MODULE: NOT_FOUND "unknown_module" "There is no such module";
    UNKNOWN_SCHEDULE: NOT_FOUND "unknown_schedule" "There is no such schedule";
    UNKNOWN_TOKEN: NOT_FOUND "unknown_token" "There is no such token";
    UNKNOWN_SECRET: NOT_FOUND "unknown_secret" "There is no such secret";
    UNKNOWN_WEBHOOK: NOT_FOUND "unknown_webhook" "There is no such webhook";
    UNKNOWN_DELIVERY: NOT_FOUND "unknown_delivery" "There is no such delivery";
    NO_WEBHOOKS_HERE: NOT_FOUND "no_webhooks_here" "No webhooks here";
    NO_CHECKPOINT: NOT_FOUND "no_checkpoint" "No checkpoint yet";
    METHOD_NOT_ALLOWED: METHOD_NOT_ALLOWED "method_not_allowed" "Not with this method";
    BODY_TIMEOUT: REQUEST_TIMEOUT "body_timeout" "The body came too slowly";
    VERSION_EXISTS: CONFLICT "version_exists" "That version exists already";
    SCHEDULE_EXISTS: CONFLICT "schedule_exists" "That schedule exists already";
    SCHEDULE_BUSY: CONFLICT "schedule_busy" "Others change this schedule";
    TOO_MANY_SCHEDULES: CONFLICT "too_many_schedules" "Too many schedules";
    MODULE_IN_USE: CONFLICT "module_in_use" "Jobs need this module";
    MODULE_MISSING: CONFLICT "module_missing" "The job's module is gone";
    JOB_ACTIVE: CONFLICT "job_active" "The job has not ended";
    NOT_UNIQUE: CONFLICT "not_unique" "There is such a job already";
    NOT_RESUMABLE: CONFLICT "not_resumable" "The job cannot be resumed";
    CHECKPOINT_REMOVED: CONFLICT "checkpoint_removed" "The job's checkpoint is gone";
    OTHER_DATABASE: CONFLICT "other_database" "The data is in PostgreSQL";
    BACKUP_UNDER_WAY: CONFLICT "backup_under_way" "Another backup is being taken";
    TOO_MANY_TOKENS: CONFLICT "too_many_tokens" "Too many tokens";
    TOO_MANY_WEBHOOKS: CONFLICT "too_many_webhooks" "Too many webhooks";
    WEBHOOK_DISABLED: CONFLICT "webhook_disabled" "The webhook is switched off";
    DELIVERY_UNDER_WAY: CONFLICT "delivery_under_way" "The delivery is under way";
    TOO_LARGE: PAYLOAD_TOO_LARGE "too_large" "Too large";
    WRONG_MEDIA_TYPE: UNSUPPORTED_MEDIA_TYPE "wrong_media_type" "Wrong media type";
    WRONG_ENCODING: UNSUPPORTED_MEDIA_TYPE "wrong_encoding" "A packed body";
    HOST_NOT_ALLOWED: MISDIRECTED_REQUEST "host_not_allowed" "This host does not answer to that name";
    EMPTY_COMPONENT: UNPROCESSABLE_ENTITY "empty_component" "The file is empty";
    NOT_WASM: UNPROCESSABLE_ENTITY "not_wasm" "Not WebAssembly";
    PRECOMPILED: UNPROCESSABLE_ENTITY "precompiled" "Machine code";
    MODULE_UNTRUSTED: UNPROCESSABLE_ENTITY "module_untrusted" "Nobody stands for the module";
    INVALID_SIGNATURE: UNPROCESSABLE_ENTITY "invalid_signature" "The signature is wrong";
    CORE_MODULE: UNPROCESSABLE_ENTITY "core_module" "Not a component";
    UNKNOWN_BINARY_VERSION: UNPROCESSABLE_ENTITY "unknown_binary_version" "Unknown binary version";
    TRUNCATED: UNPROCESSABLE_ENTITY "truncated" "The component was cut off";
    MALFORMED_COMPONENT: UNPROCESSABLE_ENTITY "malformed_component" "Not a valid component";
    ASYNC_COMPONENT: UNPROCESSABLE_ENTITY "async_component" "An asynchronous component";
    FEATURES_OFF: UNPROCESSABLE_ENTITY "features_off" "Features that this host leaves out";
    OVER_COMPONENT_LIMIT: UNPROCESSABLE_ENTITY "over_component_limit" "Too many parts";
    UNKNOWN_IMPORTS: UNPROCESSABLE_ENTITY "unknown_imports" "Imports that this host does not offer";
    IMPORT_TYPE: UNPROCESSABLE_ENTITY "import_type" "An import of another type";
    NO_RUNNER: UNPROCESSABLE_ENTITY "no_runner" "Not a Cofferdam module";
    RUNNER_VERSION: UNPROCESSABLE_ENTITY "runner_version" "Another version of the interface";
    RUNNER_INCOMPLETE: UNPROCESSABLE_ENTITY "runner_incomplete" "Functions are missing";
    EXPORT_TYPE: UNPROCESSABLE_ENTITY "export_type" "Functions of another type";
    NOT_COMPILED: UNPROCESSABLE_ENTITY "not_compiled" "The component cannot be compiled";
    COMPILE_LIMIT: UNPROCESSABLE_ENTITY "compile_limit" "Compiling takes too much";
    COMPILER_CRASHED: UNPROCESSABLE_ENTITY "compiler_crashed" "The compiler crashed";
    IDEMPOTENCY_KEY_REUSED: UNPROCESSABLE_ENTITY "idempotency_key_reused" "The idempotency key was used before";
    DESCRIBE_FAILED: UNPROCESSABLE_ENTITY "describe_failed" "The module cannot describe itself";
    DESCRIBE_TIME: UNPROCESSABLE_ENTITY "describe_time" "The description took too long";
    DESCRIBE_MEMORY: UNPROCESSABLE_ENTITY "describe_memory" "The description took too much memory";
    DESCRIBE_INVALID: UNPROCESSABLE_ENTITY "describe_invalid" "The description is wrong";
    SCHEMA_VIOLATION: UNPROCESSABLE_ENTITY "schema_violation" "Inputs or settings do not fit the module";
    INVALID_CRON: UNPROCESSABLE_ENTITY "invalid_cron" "Not a cron pattern";
    UNKNOWN_TIME_ZONE: UNPROCESSABLE_ENTITY "unknown_time_zone" "There is no such time zone";
    SCHEDULE_REFUSED: UNPROCESSABLE_ENTITY "schedule_refused" "The schedule's job cannot start";
    OVER_CEILING: UNPROCESSABLE_ENTITY "over_ceiling" "More than this host allows";
    ZERO_DURATION: UNPROCESSABLE_ENTITY "zero_duration" "No time at all";
    FIRST_TOKEN: UNPROCESSABLE_ENTITY "first_token" "The first token must be an administrator's";
    REACHES_FURTHER: UNPROCESSABLE_ENTITY "reaches_further" "Scopes that reach all modules";
    NO_METRICS_HERE: NOT_FOUND "no_metrics_here" "No figures here";
    NO_TOKENS_HERE: NOT_FOUND "no_tokens_here" "No tokens here";
    OTHER_MODULE: UNPROCESSABLE_ENTITY "other_module" "Another module";
    INVALID_GRANTS: UNPROCESSABLE_ENTITY "invalid_grants" "These grants are wrong";
    GRANTS_NOT_ALLOWED: UNPROCESSABLE_ENTITY "grants_not_allowed" "More than this host lets be granted";
    INVALID_SECRET: UNPROCESSABLE_ENTITY "invalid_secret" "Not a secret that can be stored";
    INVALID_WEBHOOK: UNPROCESSABLE_ENTITY "invalid_webhook" "Not a webhook that can be told";
    ADDRESS_NOT_ALLOWED: UNPROCESSABLE_ENTITY "address_not_allowed" "This host sends nothing there";
    TOO_MANY_STREAMS: TOO_MANY_REQUESTS "too_many_streams" "Too many log streams";
    TOO_MANY_UPLOADS: TOO_MANY_REQUESTS "too_many_uploads" "Too many uploads";
    TOO_MANY_TICKETS: TOO_MANY_REQUESTS "too_many_tickets" "Too many tickets";
    TOO_MANY_REQUESTS: TOO_MANY_REQUESTS "too_many_requests" "Too many requests";
    TOO_MANY_FAILURES: TOO_MANY_REQUESTS "too_many_failures" "Too many requests without a token that holds";
    INTERNAL: INTERNAL_SERVER_ERROR "internal" "The host made a mistake";
    UNAVAILABLE: SERVICE_UNAVAILABLE "database_unavailable" "The database is out of reach";
    SHUTTING_DOWN: SERVICE_UNAVAILABLE "shutting_down" "The host is shutting down";
    ADMISSION_FAILED: SERVICE_UNAVAILABLE "admission_failed" "The component could not be checked";
    NOT_READY: SERVICE_UNAVAILABLE "not_ready" "Not ready";
    DISK_FULL: INSUFFICIENT_STORAGE "disk_full" "The disk is full";
}

/// One place in the request's body that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct FieldError {
    /// JSON pointer into the body, such as `/inputs/rows/0`.
    pub(crate) pointer: String,
    /// What is wrong there and what would be right.
    pub(crate) detail: String,
}

/// A refusal, ready to be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) kind: Kind,
    pub(crate) detail: String,
    pub(crate) errors: Vec<FieldError>,
    /// After how many seconds another try makes sense.
    pub(crate) retry_after_s: Option<u32>,
}

/// A refusal (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemJson<'p> {
    /// Names the kind of problem; made of `code`.
    #[schema(example = "urn:cofferdam:problem:not_resumable")]
    r#type: String,
    /// The kind of problem, for people.
    title: &'p str,
    /// The HTTP status.
    status: u16,
    /// What was wrong, where, and what would be right.
    detail: &'p str,
    /// The kind of problem, for programs; never changes.
    #[schema(example = "not_resumable")]
    code: &'p str,
    /// Each place in the body that is wrong.
    #[serde(skip_serializing_if = "<[FieldError]>::is_empty")]
    #[schema(value_type = Vec<FieldError>, required = false)]
    errors: &'p [FieldError],
}

impl Problem {
    /// A problem with a sentence of its own.
    pub(crate) fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), errors: Vec::new(), retry_after_s: None }
    }

    /// A problem of which the title says all there is to say.
    pub(crate) fn of(kind: Kind) -> Self {
        Self::new(kind, kind.title)
    }

    /// The same, with the places in the body.
    pub(crate) fn at(mut self, errors: Vec<FieldError>) -> Self {
        self.errors = errors;
        self
    }

    /// The same, of something that stands in this field of the body.
    pub(crate) fn inside(mut self, field: &str) -> Self {
        for error in &mut self.errors {
            error.pointer.insert_str(0, &format!("/{field}"));
        }
        self
    }

    /// The same, with the advice to try again later.
    pub(crate) fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }
}

impl<'p> From<&'p Problem> for ProblemJson<'p> {
    fn from(problem: &'p Problem) -> Self {
        let Kind { status, code, title } = problem.kind;
        let r#type = format!("urn:cofferdam:problem:{code}");
        Self { r#type, title, status: status.as_u16(), detail: &problem.detail, code, errors: &problem.errors }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.kind.status;
        let mut response = with_type(status, "application/problem+json", &ProblemJson::from(&self));
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer realm=\"cofferdam\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_kinds_share_a_code() {
        let mut codes: Vec<_> = ALL.iter().map(|kind| kind.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ALL.len());
        assert!(ALL.iter().all(|kind| kind.status.is_client_error() || kind.status.is_server_error()));
    }

    #[tokio::test]
    async fn a_problem_carries_its_parts_and_the_time_to_wait() {
        let problem = Problem::new(SCHEMA_VIOLATION, "`rows` is missing")
            .retry_after(7)
            .at(vec![FieldError { pointer: "/inputs/rows".to_owned(), detail: "is missing".to_owned() }]);
        let response = problem.into_response();
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(response.headers()[header::RETRY_AFTER], "7");
        let body = axum::body::to_bytes(response.into_body(), 4096).await.expect("a short body");
        let document: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(
            document,
            serde_json::json!({
                "type": "urn:cofferdam:problem:schema_violation",
                "title": "Inputs or settings do not fit the module",
                "status": 422,
                "detail": "`rows` is missing",
                "code": "schema_violation",
                "errors": [{"pointer": "/inputs/rows", "detail": "is missing"}],
            })
        );
    }
}
