//! The manifests of the Rust SDK outside its workspace: what they inherit is written out.

use toml_edit::{DocumentMut, InlineTable, Item, Table, Value};

use super::embedded::RUST_WORKSPACE;
use crate::BuildError;

/// Parts that are for the workspace alone.
const LEFT_OUT: [&str; 2] = ["lints", "dev-dependencies"];

/// A manifest that inherits nothing.
pub(super) fn standalone(manifest: &str) -> Result<String, BuildError> {
    let parse = |text: &str| text.parse::<DocumentMut>().map_err(|error| BuildError::Project(error.to_string()));
    let (mut manifest, workspace) = (parse(manifest)?, parse(RUST_WORKSPACE)?);
    for part in LEFT_OUT {
        manifest.remove(part);
    }
    let inherited = &workspace["workspace"];
    if let Some(package) = manifest["package"].as_table_mut() {
        write_out(package, &inherited["package"]);
    }
    if let Some(dependencies) = manifest.get_mut("dependencies").and_then(Item::as_table_mut) {
        write_out(dependencies, &inherited["dependencies"]);
        beside(dependencies);
    }
    Ok(manifest.to_string())
}

/// Replaces each `KEY.workspace = true` by what the workspace says of that key.
fn write_out(table: &mut Table, inherited: &Item) {
    for (key, item) in table.iter_mut() {
        let inherits = item.get("workspace").and_then(Item::as_bool) == Some(true);
        if inherits && let Some(value) = inherited.get(key.get()).and_then(Item::as_value) {
            *item = Item::Value(with_own(item, value));
        }
    }
}

/// What the workspace says, with what the manifest says beside it, such as `optional`.
fn with_own(item: &Item, inherited: &Value) -> Value {
    let own = item.as_table_like().into_iter().flat_map(toml_edit::TableLike::iter);
    let own: Vec<_> =
        own.filter(|(key, _)| *key != "workspace").filter_map(|(key, item)| Some((key, item.as_value()?))).collect();
    if own.is_empty() {
        return inherited.clone();
    }
    let mut table = match inherited {
        Value::InlineTable(table) => table.clone(),
        version => InlineTable::from_iter([("version", version.clone())]),
    };
    table.extend(own.into_iter().map(|(key, value)| (key, value.clone())));
    Value::InlineTable(table)
}

/// The SDK's own parts lie in its folder.
fn beside(dependencies: &mut Table) {
    if dependencies.contains_key("cofferdam-sdk-macros") {
        let path = InlineTable::from_iter([("path", "macros")]);
        dependencies["cofferdam-sdk-macros"] = Item::Value(Value::InlineTable(path));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_inherited_any_more() {
        for manifest in [include_str!("../../../rust/Cargo.toml"), include_str!("../../../rust/macros/Cargo.toml")] {
            let alone = standalone(manifest).expect("a manifest");
            assert!(!alone.contains("workspace"), "{alone}");
            assert!(alone.contains("version = \"0.1.0\"") && alone.contains("edition = \"2024\""), "{alone}");
        }
        let alone = standalone(include_str!("../../../rust/Cargo.toml")).expect("a manifest");
        assert!(alone.contains("cofferdam-sdk-macros = { path = \"macros\" }"), "{alone}");
        assert!(alone.contains("wit-bindgen = { version ="), "{alone}");
        assert!(alone.contains(r#"wasip2 = { version = "1", optional = true }"#), "{alone}");
    }
}
