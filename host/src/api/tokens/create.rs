//! `POST /v1/tokens`: makes a token and shows it, this once.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::token_json::TokenJson;
use crate::access::NewToken;
use crate::api::extract::{JsonBody, JsonRequest, module_names};
use crate::api::json::{DurationText, Parsed, json};
use crate::api::problem::Problem;
use crate::api::state::Shared;
use crate::domain::limits::KIB;
use crate::domain::{Reach, Scope, TokenName};

/// A token to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateToken)]
pub(crate) struct CreateBody {
    /// What to call it: 1 to 100 characters in one line.
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "ci")]
    name: Parsed<TokenName>,
    /// What it lets its holder do; `admin` means everything. The first token must have `admin`.
    #[schema(value_type = Vec<String>, min_items = 1, example = json!(["jobs:read", "logs:read"]))]
    scopes: Vec<Parsed<Scope>>,
    /// For how long it lets its holder in; for ever unless given.
    #[schema(value_type = Option<String>, example = "30d")]
    expires_in: Option<DurationText>,
    /// The names of the modules whose jobs its holder sees and starts; all unless given. Not together with `admin` or
    /// `modules:write`.
    #[serde(default, deserialize_with = "module_names")]
    #[schema(value_type = Option<Vec<String>>, min_items = 1, max_items = 100)]
    modules: Option<Vec<String>>,
}

impl JsonRequest for CreateBody {
    const BODY_BYTES: u64 = 64 * KIB;
}

/// A token that was made.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CreatedToken)]
pub(crate) struct CreatedJson<'t> {
    /// What its holder sends as `Authorization: Bearer …`. It is not kept and never shown again.
    secret: &'t str,
    /// All the rest.
    token: TokenJson<'t>,
}

/// Make a token
///
/// Its text is in the answer and nowhere else. From the first token on, every request but `/healthz` and `/readyz` needs
/// one.
#[utoipa::path(post, path = "/v1/tokens", operation_id = "create_token", tag = "tokens", request_body = CreateBody,
    responses((status = 201, description = "The token with its text", body = CreatedJson, headers(("Location" = String)))))]
pub(crate) async fn create(
    State(api): State<Shared>,
    JsonBody(body): JsonBody<CreateBody>,
) -> Result<Response, Problem> {
    let (access, lifetime) = (api.access()?.clone(), body.expires_in.map(|DurationText(lifetime)| lifetime));
    let (Parsed(name), reach) = (body.name, Reach::of(body.modules.unwrap_or_default()));
    let scopes = body.scopes.into_iter().map(|Parsed(scope)| scope).collect();
    let new = NewToken { name, scopes, reach, lifetime };
    let created = api.change(async move { access.create_token(new).await }).await?;
    let shown = CreatedJson { secret: created.text.reveal(), token: TokenJson::from(&created.token) };
    let mut response = json(StatusCode::CREATED, &shown);
    let location = HeaderValue::try_from(format!("/v1/tokens/{}", created.token.id)).expect("a UUID is visible ASCII");
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::document::assert_documented;
    use crate::api::extract::parse_json;
    use crate::api::problem::INVALID_FIELD;
    use crate::domain::{Timestamp, Token, TokenId};

    #[test]
    fn a_token_is_what_the_document_says() {
        let token = Token {
            id: TokenId::new(),
            name: "ci".parse().expect("a name"),
            scopes: [Scope::JobsRead].into_iter().collect(),
            reach: Reach::of(["hello".to_owned()]),
            expires_at: None,
            created_at: Timestamp::from_millis(0),
            last_used_at: None,
            revoked_at: None,
        };
        let shown = serde_json::to_value(CreatedJson { secret: "x", token: TokenJson::from(&token) }).expect("JSON");
        assert_documented("CreatedToken", &shown);
        assert_documented("Token", &shown["token"]);
        assert_eq!(shown["token"]["modules"], serde_json::json!(["hello"]));
    }

    #[test]
    fn what_is_wrong_with_a_new_token_is_named() {
        for (body, hint) in [
            (r#"{"scopes": ["admin"]}"#, "`name`"),
            (r#"{"name": "", "scopes": ["admin"]}"#, "1 to 100 characters"),
            (r#"{"name": "a", "scopes": ["jobs"]}"#, "there are jobs:read"),
            (r#"{"name": "a", "scopes": [], "modules": []}"#, "leave it out for all"),
            (r#"{"name": "a", "scopes": [], "modules": ["A"]}"#, "is not the name of a module"),
            (r#"{"name": "a", "scopes": [], "expires_in": "soon"}"#, "is not a duration"),
        ] {
            let problem = parse_json::<CreateBody>(body.as_bytes()).expect_err(body);
            assert_eq!(problem.kind, INVALID_FIELD);
            assert!(problem.detail.contains(hint), "{body}: {}", problem.detail);
        }
    }
}
