//! Everything that one component was granted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{DirGrant, HttpGrant, LimitGrants};
use crate::domain::SecretName;

/// What a component may do. It belongs to the component's bytes: other bytes begin with nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Grants {
    /// Hosts that it may call over HTTP.
    pub http: Vec<HttpGrant>,
    /// Environment variables that it sees, by name.
    pub env: BTreeMap<String, String>,
    /// Folders that it sees.
    pub dirs: Vec<DirGrant>,
    /// Secrets that it may have put into its requests.
    pub secrets: Vec<SecretGrant>,
    /// Limits of its own, within the host's.
    pub limits: LimitGrants,
}

/// A secret that a module may have put into its requests: it finds the placeholder in a variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretGrant {
    /// Which.
    pub name: SecretName,
    /// The variable with the placeholder.
    pub env: String,
}

impl Grants {
    /// Whether nothing is granted.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// As it is stored.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("grants are texts and numbers")
    }

    /// As it was stored.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grants_survive_their_text_form() {
        let text = r#"{"http":["api.example.com","*.example.org:8443",{"host":"http://127.0.0.1:8080","methods":["GET"],"private":true}],"env":{"MODE":"fast"},"dirs":[{"host":"/srv/data","guest":"/data","write":false}],"secrets":[{"name":"api-key","env":"API_KEY"}],"limits":{"memory":1048576,"max_duration":"1m"}}"#;
        let grants = Grants::from_json(text).expect("grants");
        assert_eq!(grants.to_json(), text);
        assert!(Grants::from_json("{}").expect("nothing").is_empty());
        assert_eq!(Grants::default().to_json(), r#"{"http":[],"env":{},"dirs":[],"secrets":[],"limits":{}}"#);
    }

    #[test]
    fn what_nobody_knows_is_refused() {
        for text in [
            r#"{"https": []}"#,
            r#"{"http": [{"host": "a.example", "verbs": ["GET"]}]}"#,
            r#"{"dirs": [{"host": "/a", "guest": "/b", "wrte": true}]}"#,
            r#"{"secrets": [{"name": "a", "env": "A", "value": "b"}]}"#,
            r#"{"limits": {"memry": 1}}"#,
        ] {
            let error = Grants::from_json(text).expect_err(text).to_string();
            assert!(error.contains("unknown field"), "{error}");
        }
    }
}
