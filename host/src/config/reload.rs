//! Which settings may change while a host runs.

use std::collections::BTreeMap;

use figment::value::{Dict, Value};

use super::known::leaves;
use super::{ConfigError, Settings};

/// Settings that hold from the moment in which they are read anew: whole tables, or single keys. The others are built into
/// what is there from the start: memory that is reserved, sockets, threads, the database.
pub(super) const CHANGEABLE: [&str; 12] = [
    "hosts",
    "origins",
    "clients.header_time",
    "clients.idle_time",
    "clients.requests_per_second",
    "clients.failures_per_minute",
    "job",
    "grants",
    "modules",
    "audit",
    "retention",
    "log.filter",
];

/// Exceptions from the tables above.
pub(super) const FIXED: [&str; 2] = ["job.memory", "grants.http_roots"];

/// Whether a setting may change while a host runs.
pub(super) fn is_changeable(key: &str) -> bool {
    let within = |table: &str| key.strip_prefix(table).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    !FIXED.contains(&key) && CHANGEABLE.into_iter().any(within)
}

impl Settings {
    /// These settings, with those of `new` that may change while a host runs.
    pub fn reloaded(&self, new: &Self) -> Result<Self, ConfigError> {
        let mut table = self.table();
        leaves("", &new.table(), &mut |key, value| {
            if is_changeable(key) {
                put(&mut table, key, value.clone());
            }
        });
        let refused = |error: figment::Error| ConfigError::Problems(vec![error.to_string()]);
        let mixed: Self = Value::from(table).deserialize().map_err(refused)?;
        // Its password is not part of the table.
        let mixed = Self { database: self.database.clone(), ..mixed };
        match mixed.problems() {
            problems if problems.is_empty() => Ok(mixed),
            problems => {
                let waits = "together with what only takes effect at the next start";
                let sentence = |(key, problem)| format!("`{key}` {problem} ({waits})");
                Err(ConfigError::Problems(problems.into_iter().map(sentence).collect()))
            }
        }
    }

    /// The keys whose values differ from those of others.
    pub fn differing(&self, other: &Self) -> Vec<String> {
        let values = |settings: &Self| {
            let mut values = BTreeMap::new();
            leaves("", &settings.table(), &mut |key, value| _ = values.insert(key.to_owned(), value.clone()));
            values
        };
        let (ours, theirs) = (values(self), values(other));
        // A password is not part of the table.
        let differs =
            |key: &String| ours.get(key) != theirs.get(key) || key == "database" && self.database != other.database;
        ours.keys()
            .chain(theirs.keys().filter(|key| !ours.contains_key(*key)))
            .filter(|key| differs(key))
            .cloned()
            .collect()
    }
}

/// Sets the value of a key.
fn put(table: &mut Dict, key: &str, value: Value) {
    match key.split_once('.') {
        None => _ = table.insert(key.to_owned(), value),
        Some((first, rest)) => {
            if let Some(Value::Dict(_, inner)) = table.get_mut(first) {
                put(inner, rest, value);
            }
        }
    }
}
