//! Shows settings with where each value came from: as a TOML file that would give the same again, and one by one.

use figment::value::Value;

use super::Resolved;
use super::environment::{VARIABLE, variable};
use super::known::{Known, leaves};
use super::resolve::DEFAULT;
use crate::api::{Setting, SettingOrigin};

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

    /// The settings that differ from their defaults.
    pub fn chosen(&self) -> Vec<Setting> {
        self.each().into_iter().filter(|setting| setting.value != setting.default).collect()
    }

    /// Every setting, by its key. A database's URL comes without its password.
    pub fn each(&self) -> Vec<Setting> {
        let (table, known) = (self.settings.table(), Known::of_defaults());
        let mut settings = Vec::new();
        leaves("", &table, &mut |key, value| {
            let default = known.default_of(key).map_or(serde_json::Value::Null, json);
            settings.push(Setting { key: key.to_owned(), value: json(value), default, origin: self.origin_of(key) });
        });
        settings
    }

    /// Whether nobody has chosen the value of a key.
    pub fn is_default(&self, key: &str) -> bool {
        self.origin_of(key) == SettingOrigin::Default
    }

    fn origin(&self, key: &str) -> String {
        self.name_of(key).replace(['\n', '\r'], " ")
    }

    fn name_of(&self, key: &str) -> &str {
        self.merged.find_metadata(key).map_or(DEFAULT, |metadata| metadata.name.as_ref())
    }

    fn origin_of(&self, key: &str) -> SettingOrigin {
        match self.name_of(key) {
            // First, since a file may have any name.
            name if self.file.as_deref() == Some(name) => SettingOrigin::File(name.to_owned()),
            DEFAULT => SettingOrigin::Default,
            name => match name.strip_prefix(VARIABLE) {
                Some(variable) => SettingOrigin::Variable(variable.to_owned()),
                None => SettingOrigin::Flag(name.to_owned()),
            },
        }
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

fn json(value: &Value) -> serde_json::Value {
    serde_json::to_value(value).expect("a setting is a text, a number, a switch or a list of them")
}
