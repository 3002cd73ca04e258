//! One source of settings, as figment merges them: its name goes into every message about its values.

use figment::value::{Dict, Map, Value};
use figment::{Error, Metadata, Profile, Provider};

use super::known::Known;

/// A table of settings and where it was written.
pub(super) struct Layer {
    origin: String,
    table: Dict,
}

impl Layer {
    /// A whole table.
    pub(super) const fn of_table(origin: String, table: Dict) -> Self {
        Self { origin, table }
    }

    /// One value that was written as text, outside of TOML: a flag or an environment variable.
    pub(super) fn of_text(origin: String, key: &str, text: &str, known: &Known) -> Self {
        // Only the default tells whether `17` is meant as a number, or `true` as a switch, or as a text.
        let value = match (known.default_of(key), text.trim().parse::<u64>(), text.trim().parse::<bool>()) {
            (Some(Value::Num(..)), Ok(number), _) => Value::from(number),
            (Some(Value::Bool(..)), _, Ok(switch)) => Value::from(switch),
            _ => Value::from(text),
        };
        let table = key.rsplit('.').fold(value, |inner, name| Value::from(Dict::from([(name.to_owned(), inner)])));
        Self { origin, table: table.into_dict().expect("a key has at least one name") }
    }

    /// Where it was written.
    pub(super) fn origin(&self) -> &str {
        &self.origin
    }

    /// What was written.
    pub(super) const fn table(&self) -> &Dict {
        &self.table
    }
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.origin.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        Ok(Map::from([(Profile::Default, self.table.clone())]))
    }
}
