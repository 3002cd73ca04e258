//! Which keys there are: those that the defaults have. So a setting exists as soon as its field does.

use std::collections::BTreeMap;

use figment::value::{Dict, Value};

use super::Settings;

/// Every key (`listen`, `job.memory`, …) with its default.
pub(super) struct Known {
    defaults: Dict,
    keys: BTreeMap<String, Value>,
}

impl Known {
    /// Reads them off the defaults.
    pub(super) fn of_defaults() -> Self {
        let defaults = Settings::default().table();
        let mut keys = BTreeMap::new();
        leaves("", &defaults, &mut |key, value| {
            keys.insert(key.to_owned(), value.clone());
        });
        Self { defaults, keys }
    }

    /// The defaults as a table.
    pub(super) const fn defaults(&self) -> &Dict {
        &self.defaults
    }

    /// All keys, sorted.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.keys().map(String::as_str)
    }

    /// The default of a key, which tells its kind.
    pub(super) fn default_of(&self, key: &str) -> Option<&Value> {
        self.keys.get(key)
    }

    /// A sentence for each key of a table that is no setting.
    pub(super) fn unknown_in(&self, origin: &str, table: &Dict) -> Vec<String> {
        let mut problems = Vec::new();
        leaves("", table, &mut |key, _| {
            if !self.keys.contains_key(key) && !self.is_section(key) {
                problems.push(self.unknown(key, origin));
            }
        });
        problems
    }

    /// Whether the key is a table of settings; a plain value there is refused by its type later.
    fn is_section(&self, key: &str) -> bool {
        matches!(self.defaults.get(key), Some(Value::Dict(..)))
    }

    /// Says that a key is no setting, and which one was probably meant.
    pub(super) fn unknown(&self, key: &str, origin: &str) -> String {
        let near = nearest(key, self.keys()).map_or_else(
            || "; `cofferdam config example` lists them all".to_owned(),
            |near| format!("; did you mean `{near}`?"),
        );
        format!("`{key}` in {origin} is no setting{near}")
    }
}

/// Calls `visit` with each path to something other than a table.
pub(super) fn leaves<'d>(prefix: &str, table: &'d Dict, visit: &mut impl FnMut(&str, &'d Value)) {
    for (name, value) in table {
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        match value {
            Value::Dict(_, inner) => leaves(&path, inner, visit),
            other => visit(&path, other),
        }
    }
}

/// The candidate that is most like what was written, as a whole or in its last part; `None` when none is alike.
pub(super) fn nearest<'k>(written: &str, candidates: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    const ALIKE: f64 = 0.8;
    let last = |key: &str| key.rsplit('.').next().unwrap_or_default().to_owned();
    candidates
        .map(|key| {
            let whole = strsim::jaro_winkler(written, key);
            // The right name in the wrong table counts a little less than a slip in the whole key.
            let name = 0.95 * strsim::jaro_winkler(&last(written), &last(key));
            (whole.max(name), key)
        })
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, key)| key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_a_wrong_table_and_a_missing_table_lead_to_the_right_key() {
        let known = Known::of_defaults();
        for (written, right) in [
            ("job.memroy", "job.memory"),
            ("jobs.memory", "job.memory"),
            ("checkpoint", "job.checkpoint"),
            ("data-dir", "data_dir"),
            ("node.slot", "node.slots"),
        ] {
            assert_eq!(nearest(written, known.keys()), Some(right), "{written}");
        }
        assert_eq!(nearest("zzz", known.keys()), None);
    }
}
