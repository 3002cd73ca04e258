//! The JSON Schemas of a module, ready to check a job's inputs and settings.

use jsonschema::{PatternOptions, Validator};

use super::error::Violation;
use crate::domain::module::{RawModuleInfo, schema};
use crate::domain::{InvalidModuleInfo, JsonObject, ModuleInfo};

/// Violations told at once; more would hide the first.
const VIOLATIONS_MAX: usize = 20;

/// Both schemas of a module.
pub(crate) struct Schemas {
    inputs: Validator,
    settings: Validator,
}

impl Schemas {
    /// Compiles the schemas that a module describes.
    pub(super) fn of(info: &ModuleInfo) -> Result<Self, InvalidModuleInfo> {
        Ok(Self {
            inputs: validator("inputs", &info.inputs_schema)?,
            settings: validator("settings", &info.settings_schema)?,
        })
    }

    /// Which texts are JSON, but no schemas.
    pub(super) fn faults(raw: &RawModuleInfo) -> impl Iterator<Item = InvalidModuleInfo> {
        let texts = [("inputs", &raw.inputs_schema), ("settings", &raw.settings_schema)];
        texts.into_iter().filter_map(|(which, text)| validator(which, &schema(which, text).ok()?).err())
    }

    /// Where inputs and settings do not satisfy their schemas; empty when they do.
    pub(crate) fn violations(&self, inputs: &JsonObject, settings: &JsonObject) -> Vec<Violation> {
        let mut violations = Vec::new();
        for (field, validator, object) in [("inputs", &self.inputs, inputs), ("settings", &self.settings, settings)] {
            let value = object.value();
            let room = VIOLATIONS_MAX - violations.len();
            violations.extend(validator.iter_errors(&value).take(room).map(|error| Violation {
                pointer: format!("/{field}{}", error.instance_path()),
                message: error.to_string(),
            }));
        }
        violations
    }
}

/// Patterns run on an engine whose time is linear in the text: the schema is a stranger's.
fn validator(which: &'static str, schema: &serde_json::Value) -> Result<Validator, InvalidModuleInfo> {
    jsonschema::draft202012::options()
        .with_pattern_options(PatternOptions::regex())
        .build(schema)
        .map_err(|error| InvalidModuleInfo::Schema { which, reason: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schemas(inputs: serde_json::Value) -> Result<Schemas, InvalidModuleInfo> {
        Schemas::of(&ModuleInfo {
            name: "a".to_owned(),
            version: semver::Version::new(1, 0, 0),
            description: String::new(),
            inputs_schema: inputs,
            settings_schema: serde_json::json!({}),
        })
    }

    #[test]
    fn violations_point_into_the_request() {
        let schemas = schemas(serde_json::json!({
            "type": "object",
            "properties": {"rows": {"type": "array", "items": {"type": "integer"}}},
            "required": ["rows", "name"],
        }))
        .expect("a schema");
        let inputs = JsonObject::parse(r#"{"rows": [1, "two"]}"#).expect("an object");
        let violations = schemas.violations(&inputs, &JsonObject::empty());
        let pointers: Vec<_> = violations.iter().map(|violation| violation.pointer.as_str()).collect();
        assert!(pointers.contains(&"/inputs/rows/1") && pointers.contains(&"/inputs"), "{violations:?}");
    }

    #[test]
    fn a_schema_that_is_none_is_refused() {
        assert!(schemas(serde_json::json!({"type": "integre"})).is_err());
        assert!(schemas(serde_json::json!({"$ref": "https://example.org/elsewhere"})).is_err());
    }

    #[test]
    fn a_schema_that_refers_to_itself_does_no_harm() {
        let schemas = schemas(serde_json::json!({"$ref": "#"}));
        if let Ok(schemas) = schemas {
            let _ = schemas.violations(&JsonObject::empty(), &JsonObject::empty());
        }
    }
}
