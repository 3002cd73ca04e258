//! Ids in paths. `name@version` and `sha256:…` may come percent-encoded or as they are.

use std::fmt::Display;
use std::str::FromStr;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

use super::Who;
use crate::api::problem::{
    INVALID_DELIVERY_ID, INVALID_JOB_ID, INVALID_MODULE_ID, INVALID_SCHEDULE_ID, INVALID_SECRET_NAME, INVALID_TOKEN_ID,
    INVALID_WEBHOOK_ID, Kind, Problem,
};
use crate::api::state::Shared;
use crate::domain::{EventId, JobId, ModuleRef, Reach, Schedule, ScheduleRef, SecretName, TokenId, WebhookId};
use crate::scheduler::{JobNotFound, ScheduleError};

/// The `{job_id}` of a path. A job that the caller does not see is not there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct JobPath(pub(crate) JobId);

/// The `{module_id}` of a path.
#[derive(Debug, Clone)]
pub(crate) struct ModulePath(pub(crate) ModuleRef);

/// The schedule that the `{schedule_id}` of a path means, which is an id or a name. One whose module the caller does not see
/// is not there.
#[derive(Debug, Clone)]
pub(crate) struct SchedulePath(pub(crate) Box<Schedule>);

/// The `{secret_name}` of a path.
#[derive(Debug, Clone)]
pub(crate) struct SecretPath(pub(crate) SecretName);

/// The `{token_id}` of a path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TokenPath(pub(crate) TokenId);

/// The `{webhook_id}` of a path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WebhookPath(pub(crate) WebhookId);

/// The `{webhook_id}` and the `{event_id}` of a path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DeliveryPath(pub(crate) WebhookId, pub(crate) EventId);

impl FromRequestParts<Shared> for JobPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Shared) -> Result<Self, Problem> {
        let id = uuid(parts, api, ("job", INVALID_JOB_ID)).await?;
        let Who(caller) = Who::from_request_parts(parts, api).await?;
        if caller.reach() != Reach::All {
            let module = api.scheduler.job_module(id).await?;
            module.filter(|module| caller.reaches(module)).ok_or(JobNotFound(id))?;
        }
        Ok(Self(id))
    }
}

impl FromRequestParts<Shared> for SchedulePath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Shared) -> Result<Self, Problem> {
        let text = segment(parts, api, INVALID_SCHEDULE_ID).await?;
        let which: ScheduleRef = parse(&text, INVALID_SCHEDULE_ID)?;
        let Who(caller) = Who::from_request_parts(parts, api).await?;
        let found = api.scheduler.schedule(&which).await?;
        let seen = found.filter(|schedule| caller.reaches(&schedule.module_name));
        Ok(Self(Box::new(seen.ok_or(ScheduleError::Unknown(which))?)))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for TokenPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        uuid(parts, state, ("token", INVALID_TOKEN_ID)).await.map(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for WebhookPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        uuid(parts, state, ("webhook", INVALID_WEBHOOK_ID)).await.map(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for DeliveryPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path((webhook, event)) =
            Path::<(String, String)>::from_request_parts(parts, state).await.map_err(|rejection| {
                Problem::new(INVALID_DELIVERY_ID, format!("the path cannot be read: {}", rejection.body_text()))
            })?;
        Ok(Self(
            read_uuid(&webhook, ("webhook", INVALID_WEBHOOK_ID))?,
            read_uuid(&event, ("event", INVALID_DELIVERY_ID))?,
        ))
    }
}

/// The id of something, which is a UUID.
async fn uuid<T: FromStr, S: Send + Sync>(parts: &mut Parts, state: &S, what: (&str, Kind)) -> Result<T, Problem> {
    let text = segment(parts, state, what.1).await?;
    read_uuid(&text, what)
}

fn read_uuid<T: FromStr>(text: &str, (what, kind): (&str, Kind)) -> Result<T, Problem> {
    text.parse().map_err(|_| {
        let shown: String = text.chars().take(50).collect();
        Problem::new(kind, format!("`{shown}` is not a {what}'s id, which is a UUID"))
    })
}

impl<S: Send + Sync> FromRequestParts<S> for ModulePath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let text = segment(parts, state, INVALID_MODULE_ID).await?;
        parse(&text, INVALID_MODULE_ID).map(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for SecretPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let text = segment(parts, state, INVALID_SECRET_NAME).await?;
        parse(&text, INVALID_SECRET_NAME).map(Self)
    }
}

fn parse<T: FromStr<Err: Display>>(text: &str, kind: Kind) -> Result<T, Problem> {
    text.parse().map_err(|error: T::Err| Problem::new(kind, error.to_string()))
}

/// The one parameter of the path, decoded.
async fn segment<S: Send + Sync>(parts: &mut Parts, state: &S, kind: Kind) -> Result<String, Problem> {
    let Path(text) = Path::<String>::from_request_parts(parts, state)
        .await
        .map_err(|rejection| Problem::new(kind, format!("the path cannot be read: {}", rejection.body_text())))?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::extract::Request;
    use axum::http::StatusCode;
    use axum::routing::get;
    use tower::Service as _;

    use super::*;

    async fn answer(path: &str) -> (StatusCode, String) {
        let mut router = Router::<()>::new()
            .route("/tokens/{token_id}", get(|TokenPath(token): TokenPath| async move { token.to_string() }))
            .route("/modules/{module_id}", get(|ModulePath(module): ModulePath| async move { module.to_string() }));
        let request = Request::builder().uri(path).body(Body::empty()).expect("a request");
        let response = router.call(request).await.expect("infallible");
        let status = response.status();
        let body = to_bytes(response.into_body(), 4096).await.expect("a short body");
        (status, String::from_utf8(body.to_vec()).expect("text"))
    }

    #[tokio::test]
    async fn modules_are_named_encoded_or_not() {
        let digest = format!("sha256:{}", "ab".repeat(32));
        for (path, module) in [
            ("csv-profile".to_owned(), "csv-profile"),
            ("csv-profile@1.0.0".to_owned(), "csv-profile@1.0.0"),
            ("csv-profile%401.0.0%2Bbuild.1".to_owned(), "csv-profile@1.0.0+build.1"),
            ("csv-profile@1.0.0+build.1".to_owned(), "csv-profile@1.0.0+build.1"),
            (digest.clone(), digest.as_str()),
            (digest.replace(':', "%3A"), digest.as_str()),
        ] {
            assert_eq!(answer(&format!("/modules/{path}")).await, (StatusCode::OK, module.to_owned()), "{path}");
        }
    }

    #[tokio::test]
    async fn what_is_no_id_is_a_problem_that_says_what_is() {
        for (path, code, hint) in [
            ("/tokens/12", "invalid_token_id", "a token's id, which is a UUID"),
            ("/tokens/%FF", "invalid_token_id", "UTF-8"),
            ("/modules/a@1", "invalid_module_id", "name@version"),
            ("/modules/sha256:12", "invalid_module_id", "64 hexadecimal digits"),
            ("/modules/a%2Fb", "invalid_module_id", "name@version"),
        ] {
            let (status, body) = answer(path).await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{path}");
            assert!(body.contains(code) && body.contains(hint), "{path}: {body}");
        }
    }
}
