//! How a secret looks to clients: without its value.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{Secret, Timestamp};

/// A secret. Its value is never answered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Secret)]
pub(crate) struct SecretJson {
    /// Lowercase words joined by single hyphens.
    #[schema(example = "billing-api-key")]
    name: String,
    /// The hosts that may get its value.
    #[schema(example = json!(["api.example.com"]))]
    hosts: Vec<String>,
    /// What a module has instead of the value.
    #[schema(example = "{cofferdam-secret:billing-api-key}")]
    placeholder: String,
    /// When it was first stored.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When its value or its hosts were last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl From<Secret> for SecretJson {
    fn from(secret: Secret) -> Self {
        Self {
            placeholder: secret.name.placeholder(),
            name: secret.name.into(),
            hosts: secret.hosts,
            created_at: secret.created_at,
            updated_at: secret.updated_at,
        }
    }
}
