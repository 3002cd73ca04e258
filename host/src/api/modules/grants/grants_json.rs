//! How grants look to clients, in both directions.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::grants::{DirGrant, Grants, HttpGrant, LimitGrants, SecretGrant};

/// What a module may do. All of it is empty unless given.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Grants)]
pub(crate) struct GrantsJson<'g> {
    /// Hosts that it may call: `api.example.com` (https on its usual port, every method), `*.example.org:8443`,
    /// `http://127.0.0.1:8080`, or an object with the same text in `host`.
    #[schema(value_type = Vec<HttpGrantJson>, required = false)]
    http: &'g [HttpGrant],
    /// Environment variables that it sees.
    #[schema(value_type = BTreeMap<String, String>, required = false)]
    env: &'g BTreeMap<String, String>,
    /// Folders that it sees.
    #[schema(value_type = Vec<DirGrantJson>, required = false)]
    dirs: &'g [DirGrant],
    /// Secrets that it may have put into its requests.
    #[schema(value_type = Vec<SecretGrantJson>, required = false)]
    secrets: &'g [SecretGrant],
    /// Limits of its own, within the host's.
    #[schema(value_type = LimitGrantsJson, required = false)]
    limits: &'g LimitGrants,
}

impl<'g> From<&'g Grants> for GrantsJson<'g> {
    fn from(grants: &'g Grants) -> Self {
        let Grants { http, env, dirs, secrets, limits } = grants;
        Self { http, env, dirs, secrets, limits }
    }
}

/// A host that a module may call.
#[derive(ToSchema)]
#[schema(as = HttpGrant)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes `domain::grants::HttpGrant`, which knows nothing of documents")]
pub(crate) enum HttpGrantJson {
    /// https on the given port or 443, and every method; `http://` in front makes it plain.
    Text(String),
    /// The same with fewer methods, or with private addresses.
    Object(HttpGrantObjectJson),
}

/// A host that a module may call, with what narrows or widens it.
#[derive(ToSchema)]
#[schema(as = HttpGrantObject)]
#[expect(dead_code, reason = "describes `domain::grants::HttpGrant`, which knows nothing of documents")]
pub(crate) struct HttpGrantObjectJson {
    /// As in the text form.
    #[schema(example = "http://127.0.0.1:8080")]
    host: String,
    /// Methods in capitals; all when it is empty.
    #[schema(required = false)]
    methods: Vec<String>,
    /// Whether its addresses may be private ones, as far as the operator's ceiling has them; only for one host and port.
    #[schema(required = false)]
    private: bool,
}

/// A folder that a module sees.
#[derive(ToSchema)]
#[schema(as = DirGrant)]
#[expect(dead_code, reason = "describes `domain::grants::DirGrant`, which knows nothing of documents")]
pub(crate) struct DirGrantJson {
    /// Its absolute path on the host.
    #[schema(example = "/srv/data")]
    host: String,
    /// Its path for the module.
    #[schema(example = "/data")]
    guest: String,
    /// Whether the module may change what is in it.
    #[schema(required = false)]
    write: bool,
}

/// A secret that a module may have put into its requests.
#[derive(ToSchema)]
#[schema(as = SecretGrant)]
#[expect(dead_code, reason = "describes `domain::grants::SecretGrant`, which knows nothing of documents")]
pub(crate) struct SecretGrantJson {
    /// The secret's name.
    #[schema(example = "billing-api-key")]
    name: String,
    /// The variable in which the module finds the placeholder.
    #[schema(example = "API_KEY")]
    env: String,
}

/// Limits of a module, within the host's; what is left out is as the host has it.
#[derive(ToSchema)]
#[schema(as = LimitGrants)]
#[expect(dead_code, reason = "describes `domain::grants::LimitGrants`, which knows nothing of documents")]
pub(crate) struct LimitGrantsJson {
    #[schema(required = false)]
    memory: u64,
    #[schema(required = false, example = "1h")]
    max_duration: String,
    #[schema(required = false, example = "10m")]
    cpu_time: String,
    #[schema(required = false)]
    log_rate: u64,
    #[schema(required = false)]
    log_bytes: u64,
    #[schema(required = false)]
    result_bytes: u64,
    #[schema(required = false)]
    results_bytes: u64,
    #[schema(required = false)]
    result_rate: u64,
    #[schema(required = false)]
    checkpoint_bytes: u64,
    #[schema(required = false)]
    checkpoint_rate: u64,
    #[schema(required = false)]
    host_call_rate: u64,
    #[schema(required = false)]
    http_requests: u64,
    #[schema(required = false)]
    http_bytes: u64,
    #[schema(required = false)]
    http_concurrent: u64,
    /// How many jobs of the module may run at once, on all nodes together; the others stay `pending`.
    #[schema(required = false)]
    jobs_concurrent: u64,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::document::assert_documented;

    #[test]
    fn every_grant_is_what_the_document_says() {
        let mut text = json!({
            "http": [{"host": "http://127.0.0.1:8080", "methods": ["GET"], "private": true}],
            "env": {"MODE": "fast"},
            "dirs": [{"host": "/srv/data", "guest": "/data", "write": true}],
            "secrets": [{"name": "api-key", "env": "API_KEY"}],
            "limits": {},
        });
        for name in LimitGrants::NAMES {
            text["limits"][name] = if LimitGrants::is_duration(name) { json!("1m") } else { json!(5) };
        }
        let grants = Grants::from_json(&text.to_string()).expect("every documented field is taken");
        let shown = serde_json::to_value(GrantsJson::from(&grants)).expect("JSON");
        assert_eq!(shown, text);
        assert_documented("Grants", &shown);
        assert_documented("HttpGrantObject", &shown["http"][0]);
        assert_documented("DirGrant", &shown["dirs"][0]);
        assert_documented("SecretGrant", &shown["secrets"][0]);
        assert_documented("LimitGrants", &shown["limits"]);
    }
}
