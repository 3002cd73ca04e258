//! HTTP in JavaScript: `componentize-qjs` runs a module once to take its snapshot, beside WASI's own streams, and cannot
//! run it beside `wasi:http`, whose stub has streams of another type. So until the snapshot is taken, the packages that
//! belong to `wasi:http` have another name, whose imports are all stubs alike; then the component gets the right ones.

use std::fs;
use std::ops::Range;
use std::path::Path;

use wasmparser::{Parser, Payload};

use crate::BuildError;

/// What stands for `wasi:` meanwhile. As long as that, so that a name changes where it is.
pub(super) const LATE: &str = "late:";
const WASI: &str = "wasi:";
/// The version in `wit/`, and what stands for it, also where the contract says since when something is there: the engine's
/// own imports have the first, and no import may be there twice. Hosts give both the same.
const VERSIONS: [&str; 2] = ["0.2.12", "0.2.11"];

/// Writes the contract with the other names into a folder.
pub(super) fn write_contract(wit: &Path, to: &Path) -> Result<(), BuildError> {
    fs::create_dir_all(to).map_err(BuildError::file("make", to))?;
    let read = BuildError::file("read", wit);
    for entry in fs::read_dir(wit).and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(read)? {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            write_contract(&from, &to)?;
        } else if from.extension().is_some_and(|ending| ending == "wit") {
            let text = fs::read_to_string(&from).map_err(BuildError::file("read", &from))?;
            let text = text.replace(WASI, LATE).replace(VERSIONS[0], VERSIONS[1]);
            fs::write(&to, text).map_err(BuildError::file("write", &to))?;
        }
    }
    Ok(())
}

/// Gives the imports of a component their right names.
pub(super) fn rename_imports(component: &Path) -> Result<(), BuildError> {
    let mut bytes = fs::read(component).map_err(BuildError::file("read", component))?;
    let sections = import_sections(&bytes)
        .map_err(|error| BuildError::Project(format!("{} is no component: {error}", component.display())))?;
    for section in sections {
        replace(&mut bytes[section]);
    }
    fs::write(component, bytes).map_err(BuildError::file("write", component))
}

/// Where a component says what it imports; parts of it have imports of their own, which are met inside.
fn import_sections(component: &[u8]) -> wasmparser::Result<Vec<Range<usize>>> {
    let (mut sections, mut depth) = (Vec::new(), 0);
    for payload in Parser::new(0).parse_all(component) {
        match payload? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentImportSection(section) if depth == 0 => sections.push(section.range()),
            _ => {}
        }
    }
    Ok(sections)
}

fn replace(bytes: &mut [u8]) {
    for at in 0..bytes.len() {
        if bytes[at..].starts_with(LATE.as_bytes()) {
            bytes[at..at + WASI.len()].copy_from_slice(WASI.as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        Component, ComponentImportSection, ComponentTypeRef, ComponentTypeSection, InstanceType, NestedComponentSection,
    };

    use super::*;

    fn importing(name: &str) -> Component {
        let (mut types, mut imports) = (ComponentTypeSection::new(), ComponentImportSection::new());
        types.instance(&InstanceType::new());
        imports.import(name, ComponentTypeRef::Instance(0));
        let mut component = Component::new();
        component.section(&types).section(&imports);
        component
    }

    #[test]
    fn only_the_components_own_imports_are_renamed() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("made.wasm");
        let nested = |mut outer: Component| {
            outer.section(&NestedComponentSection(&importing("late:io/poll@0.2.11")));
            outer.finish()
        };
        fs::write(&file, nested(importing("late:http/types@0.2.11"))).expect("written");
        rename_imports(&file).expect("a component");
        assert_eq!(fs::read(&file).expect("it is there"), nested(importing("wasi:http/types@0.2.11")));
        fs::write(&file, "no component").expect("written");
        assert!(rename_imports(&file).expect_err("it is none").to_string().contains("is no component"));
    }

    #[test]
    fn the_contract_has_the_other_names_throughout() {
        let folder = tempfile::tempdir().expect("a folder");
        let wit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit");
        write_contract(&wit, folder.path()).expect("it is written");
        let (mut renamed, mut original) = (wit_parser::Resolve::default(), wit_parser::Resolve::default());
        let (package, _) = renamed.push_path(folder.path()).expect("it is valid");
        original.push_path(&wit).expect("it is valid");
        renamed.select_world(&[package], Some("module-http")).expect("the world is there");
        let names = |resolve: &wit_parser::Resolve| {
            let mut names: Vec<_> = resolve.packages.iter().map(|(_, package)| package.name.to_string()).collect();
            names.sort();
            names
        };
        let mut expected: Vec<_> =
            names(&original).iter().map(|name| name.replace("wasi:", "late:").replace("12", "11")).collect();
        expected.sort();
        assert_eq!(names(&renamed), expected);
    }
}
