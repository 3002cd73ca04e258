//! The map from what the floors below say to what clients are told: status, code and sentence. What is wrong with a
//! component has so many codes that they stand in `admission`.
//!
//! What only the operator should see (SQL, paths, rows) goes to the host's own log and never into an answer.

use std::io::ErrorKind;

use axum::http::{Method, Uri};

use super::problem::{
    ADDRESS_NOT_ALLOWED, ADMISSION_FAILED, BACKUP_UNDER_WAY, CHECKPOINT_REMOVED, DELIVERY_UNDER_WAY, DESCRIBE_INVALID,
    DISK_FULL, FIRST_TOKEN, FieldError, GRANTS_NOT_ALLOWED, IDEMPOTENCY_KEY_REUSED, INTERNAL, INVALID_CRON,
    INVALID_FIELD, INVALID_SIGNATURE, JOB_ACTIVE, Kind, METHOD_NOT_ALLOWED, MODULE_IN_USE, MODULE_MISSING,
    MODULE_UNTRUSTED, NOT_RESUMABLE, NOT_UNIQUE, OTHER_DATABASE, OTHER_MODULE, OVER_CEILING, Problem, REACHES_FURTHER,
    SCHEDULE_BUSY, SCHEDULE_EXISTS, SCHEMA_VIOLATION, SHUTTING_DOWN, TOO_LARGE, TOO_MANY_SCHEDULES, TOO_MANY_STREAMS,
    TOO_MANY_TICKETS, TOO_MANY_TOKENS, TOO_MANY_UPLOADS, TOO_MANY_WEBHOOKS, UNAVAILABLE, UNKNOWN_DELIVERY, UNKNOWN_JOB,
    UNKNOWN_MODULE, UNKNOWN_PATH, UNKNOWN_SCHEDULE, UNKNOWN_SECRET, UNKNOWN_TIME_ZONE, UNKNOWN_TOKEN, UNKNOWN_WEBHOOK,
    VERSION_EXISTS, VERSION_NEEDED, WEBHOOK_DISABLED, ZERO_DURATION,
};
use crate::access::{CreateError, RevokeError, TicketError};
use crate::registry::{AddError, GrantError, RemoveError, SecretError, TrustError, UnknownModule, Violation};
use crate::scheduler::{DeleteError, JobNotFound, ResumeError, ScheduleError, StartError, StopError, SubscribeError};
use crate::store::{BackupError, StoreError};
use crate::webhooks::WebhookError;

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::Unavailable(_) | StoreError::Conflict => {
                tracing::warn!(%error, "a request met a database out of reach");
                Self::new(UNAVAILABLE, "the database cannot be reached now; try again").retry_after(1)
            }
            StoreError::Closed => {
                Self::new(SHUTTING_DOWN, "the host is shutting down and takes no more changes").retry_after(5)
            }
            StoreError::DiskFull => {
                Self::new(DISK_FULL, "there is no room left for more data; new work is taken again when there is")
            }
            StoreError::Inconsistent { .. } => {
                tracing::error!(%error, "a stored row contradicts the program");
                Self::new(INTERNAL, "stored data cannot be read; the host's own log says more")
            }
        }
    }
}

impl From<BackupError> for Problem {
    fn from(error: BackupError) -> Self {
        let sentence = error.to_string();
        match error {
            BackupError::OtherDatabase => Self::new(OTHER_DATABASE, sentence),
            BackupError::UnderWay => Self::new(BACKUP_UNDER_WAY, sentence).retry_after(30),
            BackupError::NoRoom { .. } => Self::new(DISK_FULL, sentence),
            BackupError::Store(error) => error.into(),
            BackupError::Copy(_) => {
                tracing::error!(error = sentence, "no backup was taken");
                Self::new(INTERNAL, "the copy could not be made; the host's own log says why")
            }
        }
    }
}

impl From<JobNotFound> for Problem {
    fn from(error: JobNotFound) -> Self {
        Self::new(UNKNOWN_JOB, error.to_string())
    }
}

impl From<UnknownModule> for Problem {
    fn from(error: UnknownModule) -> Self {
        Self::new(UNKNOWN_MODULE, error.to_string())
    }
}

impl From<StartError> for Problem {
    fn from(error: StartError) -> Self {
        let sentence = error.to_string();
        match error {
            StartError::UnknownModule(_) => Self::in_field(UNKNOWN_MODULE, "module_id", sentence),
            StartError::Violations(violations) => violated(&sentence, violations),
            StartError::TooLarge { field, .. } => Self::in_field(TOO_LARGE, field, sentence),
            StartError::OverCeiling { field, .. } => Self::in_field(OVER_CEILING, field, sentence),
            StartError::ZeroDuration { field } => Self::in_field(ZERO_DURATION, field, sentence),
            StartError::OutOfRange { field, .. } => Self::in_field(INVALID_FIELD, field, sentence),
            StartError::NotUnique(_) => Self::in_field(NOT_UNIQUE, "unique/key", sentence),
            StartError::EndlessQueue => Self::in_field(INVALID_FIELD, "queue", sentence),
            StartError::KeyTaken | StartError::KeyOfDeleted(_) => Self::new(IDEMPOTENCY_KEY_REUSED, sentence),
            StartError::Store(error) => error.into(),
        }
    }
}

impl From<ScheduleError> for Problem {
    fn from(error: ScheduleError) -> Self {
        let sentence = error.to_string();
        match error {
            ScheduleError::Unknown(_) => Self::new(UNKNOWN_SCHEDULE, sentence),
            ScheduleError::NameTaken(_) => Self::in_field(SCHEDULE_EXISTS, "name", sentence),
            ScheduleError::TooMany(_) => Self::new(TOO_MANY_SCHEDULES, sentence),
            ScheduleError::Cron { .. } | ScheduleError::Never(_) => Self::in_field(INVALID_CRON, "cron", sentence),
            ScheduleError::TimeZone(_) => Self::in_field(UNKNOWN_TIME_ZONE, "time_zone", sentence),
            ScheduleError::Span { field, .. } => Self::in_field(INVALID_FIELD, field, sentence),
            ScheduleError::CatchUpLimit { .. } => Self::in_field(INVALID_FIELD, "catch_up/limit", sentence),
            ScheduleError::AllAtOnce(_) => Self::in_field(INVALID_FIELD, "catch_up/policy", sentence),
            ScheduleError::OwnQueue(_) => Self::in_field(INVALID_FIELD, "job/queue", sentence),
            ScheduleError::Busy => Self::new(SCHEDULE_BUSY, sentence),
            ScheduleError::Job(error) => Self::from(error).inside("job"),
            ScheduleError::Store(error) => error.into(),
        }
    }
}

impl From<ResumeError> for Problem {
    fn from(error: ResumeError) -> Self {
        let sentence = error.to_string();
        match error {
            ResumeError::NotFound(error) => error.into(),
            ResumeError::NotResumable(_) => Self::new(NOT_RESUMABLE, sentence),
            ResumeError::NotUnique(_) => Self::new(NOT_UNIQUE, sentence),
            ResumeError::OtherModule { .. } => Self::in_field(OTHER_MODULE, "module_id", sentence),
            ResumeError::ModuleMissing(_) => Self::new(MODULE_MISSING, sentence),
            ResumeError::CheckpointRemoved(_) => Self::in_field(CHECKPOINT_REMOVED, "checkpoint", sentence),
            ResumeError::Invalid(error) => error.into(),
            ResumeError::Store(error) => error.into(),
        }
    }
}

impl From<StopError> for Problem {
    fn from(error: StopError) -> Self {
        match error {
            StopError::NotFound(error) => error.into(),
            StopError::Store(error) => error.into(),
        }
    }
}

impl From<DeleteError> for Problem {
    fn from(error: DeleteError) -> Self {
        let sentence = error.to_string();
        match error {
            DeleteError::NotFound(error) => error.into(),
            DeleteError::Active(_) => Self::new(JOB_ACTIVE, sentence),
            DeleteError::Store(error) => error.into(),
        }
    }
}

impl From<SubscribeError> for Problem {
    fn from(error: SubscribeError) -> Self {
        let sentence = error.to_string();
        match error {
            SubscribeError::NotFound(error) => error.into(),
            SubscribeError::TooMany(_) => Self::new(TOO_MANY_STREAMS, sentence).retry_after(5),
            SubscribeError::Store(error) => error.into(),
        }
    }
}

/// The code that an upload's refusal has; commands that look at modules without a server use the same.
pub(crate) fn code_of(refusal: AddError) -> &'static str {
    Problem::from(refusal).kind.code
}

impl From<CreateError> for Problem {
    fn from(error: CreateError) -> Self {
        let sentence = error.to_string();
        match error {
            CreateError::NoScope => Self::in_field(INVALID_FIELD, "scopes", sentence),
            CreateError::FirstIsNotAdmin => Self::in_field(FIRST_TOKEN, "scopes", sentence),
            CreateError::ReachesFurther => Self::in_field(REACHES_FURTHER, "modules", sentence),
            CreateError::NoTime => Self::in_field(ZERO_DURATION, "expires_in", sentence),
            CreateError::TooMany(_) => Self::new(TOO_MANY_TOKENS, sentence),
            CreateError::Random(_) => {
                tracing::error!(%error, "a token was not made");
                Self::of(INTERNAL)
            }
            CreateError::Store(error) => error.into(),
        }
    }
}

impl From<TicketError> for Problem {
    fn from(error: TicketError) -> Self {
        match error {
            TicketError::TooMany(_) => Self::new(TOO_MANY_TICKETS, error.to_string()).retry_after(30),
            TicketError::Random(_) => {
                tracing::error!(%error, "a ticket was not made");
                Self::of(INTERNAL)
            }
            TicketError::Store(error) => error.into(),
        }
    }
}

impl From<RevokeError> for Problem {
    fn from(error: RevokeError) -> Self {
        match error {
            RevokeError::Unknown(_) => Self::new(UNKNOWN_TOKEN, error.to_string()),
            RevokeError::Store(error) => error.into(),
        }
    }
}

impl From<AddError> for Problem {
    fn from(error: AddError) -> Self {
        let sentence = error.to_string();
        match error {
            AddError::TooLarge { .. } => Self::new(TOO_LARGE, sentence),
            AddError::TooMany { .. } => Self::new(TOO_MANY_UPLOADS, sentence).retry_after(5),
            AddError::Unreceived(error) if error.kind() == ErrorKind::StorageFull => StoreError::DiskFull.into(),
            AddError::Unreceived(_) => {
                tracing::error!(error = sentence, "an upload could not be received");
                Self::new(ADMISSION_FAILED, "the host could not receive the component; its own log says why")
                    .retry_after(5)
            }
            AddError::Trust(TrustError::Missing | TrustError::UnknownKey(_)) => Self::new(MODULE_UNTRUSTED, sentence),
            AddError::Trust(TrustError::Malformed(_) | TrustError::Mismatch(_) | TrustError::OldKind(_)) => {
                Self::new(INVALID_SIGNATURE, sentence)
            }
            AddError::Admission(error) => error.into(),
            AddError::Info(_) => Self::new(DESCRIBE_INVALID, sentence),
            AddError::VersionExists { .. } => Self::new(VERSION_EXISTS, sentence),
            AddError::Store(error) => error.into(),
        }
    }
}

impl From<GrantError> for Problem {
    fn from(error: GrantError) -> Self {
        let sentence = error.to_string();
        match error {
            GrantError::Unknown(error) => error.into(),
            GrantError::NotAllowed(faults) => {
                let errors =
                    faults.into_iter().map(|fault| FieldError { pointer: fault.pointer, detail: fault.detail });
                Self::new(GRANTS_NOT_ALLOWED, sentence).at(errors.collect())
            }
            GrantError::Broken => Self::new(INTERNAL, sentence),
            GrantError::Store(error) => error.into(),
        }
    }
}

impl From<RemoveError> for Problem {
    fn from(error: RemoveError) -> Self {
        let sentence = error.to_string();
        match error {
            RemoveError::Unknown(error) => error.into(),
            RemoveError::NameOnly(_) => Self::new(VERSION_NEEDED, sentence),
            RemoveError::InUse { .. } => Self::new(MODULE_IN_USE, sentence),
            RemoveError::Store(error) => error.into(),
        }
    }
}

impl From<SecretError> for Problem {
    fn from(error: SecretError) -> Self {
        let sentence = error.to_string();
        match error {
            SecretError::Unknown(_) => Self::new(UNKNOWN_SECRET, sentence),
            SecretError::Store(error) => error.into(),
            SecretError::Key(_) | SecretError::Sealed(_) => {
                tracing::error!(%error, "a secret was asked for");
                Self::new(INTERNAL, "this node's key for secrets cannot be used; the host's own log says more")
            }
        }
    }
}

impl From<WebhookError> for Problem {
    fn from(error: WebhookError) -> Self {
        let sentence = error.to_string();
        match error {
            WebhookError::Unknown(_) => Self::new(UNKNOWN_WEBHOOK, sentence),
            WebhookError::UnknownDelivery(_) => Self::new(UNKNOWN_DELIVERY, sentence),
            WebhookError::HttpOff | WebhookError::PrivateAddress(_) => {
                Self::in_field(ADDRESS_NOT_ALLOWED, "url", format!("`url` {sentence}"))
            }
            WebhookError::ReachesFurther => Self::in_field(REACHES_FURTHER, "modules", format!("`modules` {sentence}")),
            WebhookError::TooMany(_) => Self::new(TOO_MANY_WEBHOOKS, sentence),
            WebhookError::Disabled => Self::new(WEBHOOK_DISABLED, sentence),
            WebhookError::UnderWay => Self::new(DELIVERY_UNDER_WAY, sentence).retry_after(5),
            WebhookError::Key(_) | WebhookError::Random(_) => {
                tracing::error!(%error, "a webhook's secret was not made");
                Self::new(INTERNAL, "this node's key for secrets cannot be used; the host's own log says more")
            }
            WebhookError::Store(error) => error.into(),
        }
    }
}

impl Problem {
    /// A problem of one field of the body.
    pub(super) fn in_field(kind: Kind, field: &str, sentence: String) -> Self {
        let pointer = format!("/{field}");
        Self::new(kind, sentence.clone()).at(vec![FieldError { pointer, detail: sentence }])
    }
}

/// The detail names the first place, so that it says something without the list.
fn violated(sentence: &str, violations: Vec<Violation>) -> Problem {
    let detail = match violations.as_slice() {
        [] => sentence.to_owned(),
        [only] => format!("`{}`: {}", only.pointer, only.message),
        [first, rest @ ..] => format!("`{}`: {} (and {} more)", first.pointer, first.message, rest.len()),
    };
    let errors = violations.into_iter().map(|found| FieldError { pointer: found.pointer, detail: found.message });
    Problem::new(SCHEMA_VIOLATION, detail).at(errors.collect())
}

/// The path of a request that is refused, short enough to be shown.
fn shown_path(uri: &Uri) -> String {
    uri.path().chars().take(100).collect()
}

/// Answers for a path that is not there.
pub(crate) async fn unknown_path(uri: Uri) -> Problem {
    let path = shown_path(&uri);
    Problem::new(UNKNOWN_PATH, format!("there is nothing at `{path}`; `/openapi.json` lists all paths"))
}

/// Answers for a path that is there, but not with this method; the `Allow` header lists those it has.
pub(crate) async fn wrong_method(method: Method, uri: Uri) -> Problem {
    let path = shown_path(&uri);
    let detail = format!("`{path}` does not take `{method}`; the `Allow` header lists what it takes");
    Problem::new(METHOD_NOT_ALLOWED, detail)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::{JobId, Status};

    #[test]
    fn no_answer_carries_what_only_the_operator_should_see() {
        let secret = "SELECT * FROM jobs in /var/lib/x.db";
        for (error, kind) in [
            (StoreError::Unavailable(secret.to_owned()), UNAVAILABLE),
            (StoreError::Inconsistent { place: "jobs.id", reason: secret.to_owned() }, INTERNAL),
            (StoreError::DiskFull, DISK_FULL),
            (StoreError::Closed, SHUTTING_DOWN),
        ] {
            let waits = matches!(error, StoreError::Unavailable(_) | StoreError::Closed);
            let problem = Problem::from(error);
            assert_eq!((problem.kind, problem.retry_after_s.is_some()), (kind, waits));
            assert!(!problem.detail.contains("SELECT") && !problem.detail.contains("jobs"), "{}", problem.detail);
        }
    }

    #[test]
    fn violations_come_with_their_pointers_and_a_detail_that_stands_alone() {
        let violation =
            |pointer: &str| Violation { pointer: pointer.to_owned(), message: "is not a number".to_owned() };
        let problem = Problem::from(StartError::Violations(vec![violation("/inputs/rows"), violation("/settings/x")]));
        assert_eq!(problem.kind, SCHEMA_VIOLATION);
        assert_eq!(problem.detail, "`/inputs/rows`: is not a number (and 1 more)");
        assert_eq!(problem.errors[1].pointer, "/settings/x");
    }

    #[test]
    fn each_refusal_has_the_status_that_the_api_promises() {
        let asked = Duration::from_hours(2);
        let over = StartError::OverCeiling { field: "max_duration", asked, ceiling: asked / 2 };
        for (problem, status, code) in [
            (Problem::from(JobNotFound(JobId::new())), 404, "unknown_job"),
            (StartError::TooLarge { field: "inputs", bytes: 2, max: 1 }.into(), 413, "too_large"),
            (over.into(), 422, "over_ceiling"),
            (StartError::ZeroDuration { field: "max_duration" }.into(), 422, "zero_duration"),
            (ResumeError::NotResumable(Status::Completed).into(), 409, "not_resumable"),
            (ResumeError::ModuleMissing("a@1.0.0".to_owned()).into(), 409, "module_missing"),
            (DeleteError::Active(Status::Running).into(), 409, "job_active"),
            (SubscribeError::TooMany(1024).into(), 429, "too_many_streams"),
            (AddError::TooLarge { bytes: 2, max: 1 }.into(), 413, "too_large"),
            (RemoveError::NameOnly("a".to_owned()).into(), 400, "version_needed"),
        ] {
            assert_eq!((problem.kind.status.as_u16(), problem.kind.code), (status, code));
            assert!(!problem.detail.is_empty());
        }
    }
}
