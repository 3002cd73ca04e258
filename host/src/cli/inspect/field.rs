//! A JSON Schema as a list of fields, for people. What it leaves out, the schema itself still says.

use serde_json::{Map, Value};

/// References and objects inside objects are followed so far; a schema may refer to itself.
const DEEPEST: usize = 4;

/// One field of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    /// With the names of the objects around it: `range.from`.
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) required: bool,
    pub(super) default: Option<String>,
    pub(super) description: String,
}

/// The fields that a schema names; empty when it names none.
pub(super) fn fields(schema: &Value) -> Vec<Field> {
    let mut fields = Vec::new();
    collect(&Reader { root: schema }, schema, "", 0, &mut fields);
    fields
}

/// A schema whose references lead into itself.
struct Reader<'s> {
    root: &'s Value,
}

fn collect<'s>(reader: &Reader<'s>, schema: &'s Value, prefix: &str, depth: usize, fields: &mut Vec<Field>) {
    if depth > DEEPEST {
        return;
    }
    if let Some(properties) = schema["properties"].as_object() {
        for (name, property) in tags_first(properties) {
            let required = array(&schema["required"]).any(|required| required == name);
            // A tag is described by what it chooses.
            let about = if property.get("const").is_some() { schema } else { property };
            let name = format!("{prefix}{name}");
            fields.push(reader.field(&name, property, required, about));
            collect(reader, property, &format!("{name}."), depth + 1, fields);
        }
    }
    let parts = ["allOf", "oneOf", "anyOf"].into_iter().flat_map(|key| array(&schema[key]));
    for part in reader.target(schema).into_iter().chain(parts) {
        collect(reader, part, prefix, depth + 1, fields);
    }
}

/// Fields with one possible value say which variant it is.
fn tags_first(properties: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    let is_tag = |property: &Value| property.get("const").is_some();
    let tags = properties.iter().filter(move |(_, property)| is_tag(property));
    tags.chain(properties.iter().filter(move |(_, property)| !is_tag(property)))
}

impl<'s> Reader<'s> {
    fn field(&self, name: &str, property: &'s Value, required: bool, about: &'s Value) -> Field {
        let target = self.followed(property);
        let chosen = self.target(about).unwrap_or(about);
        let description =
            [about, property, target, chosen].into_iter().find_map(|schema| schema["description"].as_str());
        Field {
            name: name.to_owned(),
            kind: self.kind(property, 0),
            required,
            default: property.get("default").or(target.get("default")).map(Value::to_string),
            description: description.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" "),
        }
    }

    /// What a schema's `$ref` leads to, within the same document.
    fn target(&self, schema: &'s Value) -> Option<&'s Value> {
        self.root.pointer(schema.get("$ref")?.as_str()?.strip_prefix('#')?)
    }

    /// The same, followed to its end; the schema itself when it refers to none.
    fn followed(&self, schema: &'s Value) -> &'s Value {
        (0..DEEPEST).try_fold(schema, |schema, _| self.target(schema).ok_or(schema)).unwrap_or_else(|last| last)
    }

    fn kind(&self, schema: &'s Value, depth: usize) -> String {
        let schema = self.followed(schema);
        if depth > DEEPEST {
            return "any".to_owned();
        }
        if let Some(value) = schema.get("const") {
            return value.to_string();
        }
        if schema["enum"].is_array() {
            return joined(array(&schema["enum"]).map(Value::to_string));
        }
        let of = |schema: &'s Value| self.kind(schema, depth + 1);
        for key in ["oneOf", "anyOf"] {
            if schema[key].is_array() {
                return joined(array(&schema[key]).map(of));
            }
        }
        let word = |word: &Value| match word.as_str().unwrap_or("any") {
            "array" if schema["items"].is_object() => format!("array of {}", of(&schema["items"])),
            word => word.to_owned(),
        };
        match &schema["type"] {
            Value::Array(words) => joined(words.iter().map(word)),
            one => word(one),
        }
    }
}

/// Each once.
fn joined(parts: impl Iterator<Item = String>) -> String {
    let mut all: Vec<String> = Vec::new();
    for part in parts {
        if !all.contains(&part) {
            all.push(part);
        }
    }
    all.join(" or ")
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn lines(schema: &Value) -> Vec<String> {
        let line = |field: &Field| {
            let Field { name, kind, required, default, description } = field;
            let required = if *required { "!" } else { "" };
            format!("{name}{required}: {kind} = {}; {description}", default.as_deref().unwrap_or("-"))
        };
        fields(schema).iter().map(line).collect()
    }

    #[test]
    fn every_field_has_a_line_also_inside_of_others_and_behind_references() {
        let schema = json!({
            "type": "object",
            "properties": {
                "rows": {"type": "array", "items": {"type": ["integer", "null"]}, "description": "All\n of them"},
                "range": {"$ref": "#/$defs/Range"},
                "mode": {"enum": ["fast", "exact"], "default": "fast"},
                "limit": {"anyOf": [{"type": "integer"}, {"type": "null"}], "default": null},
            },
            "required": ["rows"],
            "$defs": {"Range": {"type": "object", "description": "A part", "required": ["from"],
                "properties": {"from": {"type": "number"}}}},
        });
        let mut found = lines(&schema);
        found.sort();
        assert_eq!(
            found,
            [
                "limit: integer or null = null; ",
                r#"mode: "fast" or "exact" = "fast"; "#,
                "range.from!: number = -; ",
                "range: object = -; A part",
                "rows!: array of integer or null = -; All of them",
            ]
        );
    }

    #[test]
    fn a_variant_is_described_at_its_tag() {
        let schema = json!({"oneOf": [
            {"type": "object", "description": "Counts", "required": ["do"],
                "properties": {"by": {"type": "integer", "default": 1}, "do": {"const": "count", "type": "string"}}},
            {"type": "object", "$ref": "#/$defs/Wait", "properties": {"do": {"const": "wait"}}},
        ], "$defs": {"Wait": {"description": "Waits", "properties": {"ms": {"type": "integer"}}}}});
        let expected =
            [r#"do!: "count" = -; Counts"#, "by: integer = 1; ", r#"do: "wait" = -; Waits"#, "ms: integer = -; "];
        assert_eq!(lines(&schema), expected);
    }

    #[test]
    fn schemas_without_fields_and_those_that_lead_into_themselves_end() {
        for schema in [json!(true), json!({}), json!({"$ref": "#"}), json!({"properties": {"a": {"$ref": "#"}}})] {
            assert!(lines(&schema).len() <= DEEPEST + 1, "{schema}");
        }
    }
}
