//! `GET /v1/tokens/self`: what the token that asks lets its holder do.

use std::future::{Ready, ready};

use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::Caller;
use crate::api::extract::Who;
use crate::api::json::json;
use crate::domain::{Scope, Timestamp, TokenId};

/// Who asks, and what that allows.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnToken)]
pub(crate) struct OwnJson {
    /// The token's id; null while no token is asked for, and everybody may do everything.
    #[schema(value_type = Option<uuid::Uuid>)]
    id: Option<TokenId>,
    /// What its keepers call it.
    name: Option<String>,
    /// What it lets its holder do; `admin` means everything.
    #[schema(example = json!(["jobs:read", "logs:read"]))]
    scopes: Vec<&'static str>,
    /// The modules whose jobs its holder sees and starts; null for all.
    modules: Option<Vec<String>>,
    /// From when on it lets nobody in; null for never.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// Show what the own token allows
///
/// Any token may ask, so that a program can offer what its token allows and nothing else.
#[utoipa::path(get, path = "/v1/tokens/self", operation_id = "get_own_token", tag = "tokens",
    responses((status = 200, description = "The token that asks", body = OwnJson)))]
pub(crate) fn own(Who(caller): Who) -> Ready<Response> {
    ready(json(StatusCode::OK, &OwnJson::from(&caller)))
}

impl From<&Caller> for OwnJson {
    fn from(caller: &Caller) -> Self {
        let token = caller.token();
        Self {
            id: token.map(|token| token.id),
            name: token.map(|token| token.name.as_str().to_owned()),
            scopes: match token {
                Some(token) => token.scopes.iter().map(Scope::as_str).collect(),
                None => vec![Scope::Admin.as_str()],
            },
            modules: caller.reach().names().map(|names| names.iter().cloned().collect()),
            expires_at: token.and_then(|token| token.expires_at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::document::assert_documented;

    #[test]
    fn whoever_comes_without_a_token_may_do_everything() {
        let shown = serde_json::to_value(OwnJson::from(&Caller::anybody())).expect("JSON");
        assert_documented("OwnToken", &shown);
        assert_eq!(shown["scopes"], serde_json::json!(["admin"]));
        assert!(shown["name"].is_null());
    }
}
