//! `PUT /v1/secrets/{secret_name}`: stores a secret.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::secret_json::SecretJson;
use crate::api::extract::{JsonBody, JsonRequest, SecretPath};
use crate::api::json::json;
use crate::api::problem::{FieldError, INVALID_SECRET, Problem};
use crate::api::state::Shared;
use crate::domain::SecretValue;
use crate::domain::grants::HttpGrant;
use crate::domain::limits::KIB;

/// The most hosts that may get a secret; more would be a list that nobody reads.
const HOSTS: usize = 64;

/// A secret to store.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PutSecret {
    /// The value: at least 8 characters and at most 4,096 bytes, without control characters and without white space at
    /// its ends. It is never answered.
    #[schema(min_length = 8, max_length = 4096)]
    value: String,
    /// The hosts that may get it, as in a module's grant of HTTP.
    #[schema(min_items = 1, max_items = 64, example = json!(["api.example.com"]))]
    hosts: Vec<String>,
}

impl JsonRequest for PutSecret {
    const BODY_BYTES: u64 = 64 * KIB;
}

/// Store a secret
///
/// A module that was granted it gets a placeholder; the host puts the value into headers of requests to the hosts named
/// here. Storing one again changes value and hosts; attempts that run keep what they began with.
#[utoipa::path(put, path = "/v1/secrets/{secret_name}", operation_id = "put_secret", tag = "secrets",
    params(("secret_name" = String, Path)), request_body = PutSecret,
    responses((status = 201, description = "It is new", body = SecretJson),
        (status = 200, description = "It has another value", body = SecretJson)))]
pub(crate) async fn put(
    State(api): State<Shared>,
    SecretPath(name): SecretPath,
    JsonBody(PutSecret { value, hosts }): JsonBody<PutSecret>,
) -> Result<Response, Problem> {
    let value = SecretValue::parse(value).map_err(|error| wrong("/value", &error.to_string()))?;
    if !(1..=HOSTS).contains(&hosts.len()) {
        let detail = format!("has {} entries; 1 to {HOSTS} hosts may get a secret", hosts.len());
        return Err(wrong("/hosts", &detail));
    }
    for (at, host) in hosts.iter().enumerate() {
        host.parse::<HttpGrant>().map_err(|error| wrong(&format!("/hosts/{at}"), &error.to_string()))?;
    }
    let vault = api.vault.clone();
    let (secret, is_new) = api.change(async move { vault.put(name, hosts, value).await }).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok(json(status, &SecretJson::from(secret)))
}

fn wrong(pointer: &str, detail: &str) -> Problem {
    let field = FieldError { pointer: pointer.to_owned(), detail: detail.to_owned() };
    Problem::new(INVALID_SECRET, format!("`{pointer}`: {detail}")).at(vec![field])
}
