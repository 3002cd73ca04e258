//! Everything that one component was granted.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

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
    #[serde(deserialize_with = "objects")]
    pub dirs: Vec<DirGrant>,
    /// Secrets that it may have put into its requests.
    #[serde(deserialize_with = "objects")]
    pub secrets: Vec<SecretGrant>,
    /// Limits of its own, within the host's.
    #[serde(deserialize_with = "object")]
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

/// Something that is read from an object alone: a derived reader would take an array of the fields' values, too.
struct FromObject<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for FromObject<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Reader<T> {
            type Value = FromObject<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<FromObject<T>, M::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(FromObject)
            }
        }

        deserializer.deserialize_map(Reader(PhantomData))
    }
}

fn object<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    FromObject::deserialize(deserializer).map(|FromObject(value)| value)
}

fn objects<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let values = Vec::<FromObject<T>>::deserialize(deserializer)?;
    Ok(values.into_iter().map(|FromObject(value)| value).collect())
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
    fn an_array_does_not_pass_for_an_object() {
        for text in
            [r#"{"limits": [null, null]}"#, r#"{"secrets": [["a", "A"]]}"#, r#"{"dirs": [["/a", "/b", false]]}"#]
        {
            let error = Grants::from_json(text).expect_err(text).to_string();
            assert!(error.contains("expected an object"), "{error}");
        }
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
