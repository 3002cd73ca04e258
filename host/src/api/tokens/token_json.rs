//! How a token looks to those who keep them: everything but its text.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{Timestamp, Token, TokenId};

/// A token, without its text.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Token)]
pub(crate) struct TokenJson<'t> {
    /// Its id, which opens nothing.
    #[schema(value_type = uuid::Uuid)]
    id: TokenId,
    /// What its keepers call it.
    name: &'t str,
    /// What it lets its holder do.
    #[schema(example = json!(["jobs:read", "logs:read"]))]
    scopes: Vec<&'static str>,
    /// The modules whose jobs its holder sees and starts; null for all.
    modules: Option<Vec<&'t str>>,
    /// From when on it lets nobody in; null for never.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it last let somebody in, to about a minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
    /// When it was revoked.
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked_at: Option<Timestamp>,
}

impl<'t> From<&'t Token> for TokenJson<'t> {
    fn from(token: &'t Token) -> Self {
        Self {
            id: token.id,
            name: token.name.as_str(),
            scopes: token.scopes.iter().map(crate::domain::Scope::as_str).collect(),
            modules: token.reach.names().map(|names| names.iter().map(String::as_str).collect()),
            expires_at: token.expires_at,
            created_at: token.created_at,
            last_used_at: token.last_used_at,
            revoked_at: token.revoked_at,
        }
    }
}
