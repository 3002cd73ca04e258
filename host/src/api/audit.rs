//! `GET /v1/audit`: who did what.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::extract::{PageLimit, Params, Position, limit_schema, part};
use super::json::{Parsed, json};
use super::problem::Problem;
use super::state::Shared;
use crate::domain::{AuditPage, NumberedEntry, Timestamp, TokenId};

/// Which entries.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditQuery {
    /// The last number that the reader has.
    #[param(value_type = Option<u64>, default = 0, maximum = 9_223_372_036_854_775_807_i64)]
    after: Option<Parsed<Position>>,
    /// How many at most; more than 1,000 counts as 1,000.
    #[param(schema_with = limit_schema, required = false)]
    limit: Option<Parsed<PageLimit>>,
}

/// Entries in the order of their numbers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditPage)]
pub(crate) struct AuditPageJson<'p> {
    /// The entries.
    entries: Vec<EntryJson<'p>>,
    /// The last number on this page, or the `after` asked for.
    next_after: u64,
    /// The number of the newest entry there is.
    last_seq: u64,
}

/// One entry.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEntry)]
pub(crate) struct EntryJson<'p> {
    /// Its number, which only grows.
    seq: u64,
    /// When the request was answered.
    #[schema(value_type = String, format = DateTime)]
    time: Timestamp,
    /// The token's name then; `local` for somebody on this machine before there was a token, `unknown` for somebody who
    /// was not let in.
    actor: &'p str,
    /// The token's id.
    #[schema(value_type = Option<uuid::Uuid>)]
    token: Option<TokenId>,
    /// From which address.
    peer: &'p str,
    /// What was asked for, such as `job.start`, or `authenticate` for somebody who was not let in.
    #[schema(example = "job.start")]
    action: &'p str,
    /// Of what: an id, or the path for somebody who was not let in.
    object: Option<&'p str>,
    /// The status of the answer.
    status: u16,
    /// The answer's `X-Request-Id`.
    request_id: uuid::Uuid,
}

/// Read the audit log
///
/// Every request that changed something or tried to, and every one that was not let in, oldest first.
#[utoipa::path(get, path = "/v1/audit", operation_id = "get_audit", tag = "tokens", params(AuditQuery),
    responses((status = 200, description = "A page of entries", body = AuditPageJson)))]
pub(crate) async fn audit(State(api): State<Shared>, Params(query): Params<AuditQuery>) -> Result<Response, Problem> {
    let page = api.access()?.audit(part(query.after, query.limit.as_ref())).await?;
    Ok(json(StatusCode::OK, &AuditPageJson::from(&page)))
}

impl<'p> From<&'p AuditPage> for AuditPageJson<'p> {
    fn from(page: &'p AuditPage) -> Self {
        Self {
            entries: page.entries.iter().map(EntryJson::from).collect(),
            next_after: page.next_after,
            last_seq: page.last_seq,
        }
    }
}

impl<'p> From<&'p NumberedEntry> for EntryJson<'p> {
    fn from(NumberedEntry { seq, entry }: &'p NumberedEntry) -> Self {
        Self {
            seq: *seq,
            time: entry.time,
            actor: entry.actor.name(),
            token: entry.actor.token(),
            peer: &entry.peer,
            action: &entry.action,
            object: entry.object.as_deref(),
            status: entry.status,
            request_id: entry.request,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::document::assert_documented;
    use crate::domain::{Actor, AuditEntry};

    #[test]
    fn the_audit_log_is_what_the_document_says() {
        let entry = AuditEntry {
            time: Timestamp::from_millis(0),
            actor: Actor::Unknown,
            peer: "10.0.0.1".to_owned(),
            action: "authenticate".to_owned(),
            object: Some("/v1/jobs".to_owned()),
            status: 401,
            request: uuid::Uuid::nil(),
        };
        let page = AuditPage { entries: vec![NumberedEntry { seq: 4, entry }], next_after: 4, last_seq: 9 };
        let shown = serde_json::to_value(AuditPageJson::from(&page)).expect("JSON");
        assert_documented("AuditPage", &shown);
        assert_documented("AuditEntry", &shown["entries"][0]);
        assert_eq!(
            (&shown["entries"][0]["actor"], &shown["entries"][0]["token"]),
            (&"unknown".into(), &serde_json::Value::Null)
        );
    }
}
