//! Shows settings as a TOML file that would give the same again, with where each value came from.

use figment::value::Value;
use serde::Serialize;

use super::Resolved;
use super::environment::variable;
use super::known::{Known, leaves};
use super::resolve::DEFAULT;

/// A setting that differs from its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chosen {
    /// Its key, such as `job.memory`.
    pub key: String,
    /// Its value as TOML.
    pub value: String,
    /// The file, the variable or the flag.
    pub origin: String,
}

impl Resolved {
    /// The settings as TOML. Each line ends in a comment: `default`, the file, the variable or the flag.
    pub fn to_toml(&self) -> String {
        let table = self.settings.table();
        let mut rows = Vec::new();
        leaves("", &table, &mut |key, value| rows.push((key.to_owned(), written(value))));
        // In TOML, what stands outside any table comes first.
        rows.sort_by_key(|(key, _)| key.contains('.'));
        let mut lines = vec![
            "# Every setting with its value and where it comes from. Each has a variable, too:".to_owned(),
            format!("# {} sets job.memory.", variable("job.memory")),
        ];
        let mut section = "";
        for (key, value) in &rows {
            let (table, name) = key.rsplit_once('.').unwrap_or(("", key));
            if table != section {
                lines.push(format!("\n[{table}]"));
                section = table;
            }
            lines.push(format!("{name} = {value}  # {}", self.origin(key)));
        }
        lines.join("\n") + "\n"
    }

    /// The settings that differ from their defaults, with where that was written.
    pub fn chosen(&self) -> Vec<Chosen> {
        let known = Known::of_defaults();
        let mut chosen = Vec::new();
        leaves("", &self.settings.table(), &mut |key, value| {
            if known.default_of(key) != Some(value) {
                chosen.push(Chosen { key: key.to_owned(), value: written(value), origin: self.origin(key) });
            }
        });
        chosen
    }

    /// Whether nobody has chosen the value of a key.
    pub fn is_default(&self, key: &str) -> bool {
        self.origin(key) == DEFAULT
    }

    fn origin(&self, key: &str) -> String {
        let name = self.merged.find_metadata(key).map_or(DEFAULT, |metadata| metadata.name.as_ref());
        name.replace(['\n', '\r'], " ")
    }
}

/// A value in TOML. A JSON string is one of TOML's basic strings, but for the delete character, which TOML escapes.
fn written(value: &Value) -> String {
    match value {
        Value::String(_, text) => serde_json::Value::from(text.as_str()).to_string().replace('\u{7f}', "\\u007f"),
        Value::Num(_, number) => number.to_u128().map_or_else(String::new, |number| number.to_string()),
        other => serde_json::to_string(other).expect("a setting is a text or a number"),
    }
}
