//! Writes a new project: the template, with its SDK and the contract beside it.

use std::borrow::Cow;
use std::fs;
use std::path::Path;

use super::embedded::{Embedded, sdk, template, wit};
use super::name::ProjectName;
use super::standalone::standalone;
use crate::{BuildError, Language, Project};

/// Begins a module: writes a project that can be built and tested as it is into a new folder of its name.
pub fn begin(parent: &Path, name: &ProjectName, language: Language) -> Result<Project, BuildError> {
    let folder = parent.join(name.to_string());
    if folder.exists() {
        return Err(BuildError::Project(format!(
            "{} is there already: choose another name, or remove it first",
            folder.display()
        )));
    }
    for (path, data) in template(language) {
        write(&folder.join(named(&path, name)), &filled(&data, name))?;
    }
    let copy = folder.join("sdk");
    for file in sdk(language) {
        let (path, data) = if language == Language::Rust { alone(file)? } else { file };
        write(&copy.join(path), &data)?;
    }
    for (path, data) in wit() {
        write(&copy.join("wit").join(path), &data)?;
    }
    Project::open(&folder)
}

/// A file of the Rust SDK outside its workspace.
fn alone((path, data): Embedded) -> Result<Embedded, BuildError> {
    let text = |data: Cow<'static, [u8]>| String::from_utf8_lossy(&data).into_owned();
    let changed = match path.as_str() {
        "Cargo.toml" | "macros/Cargo.toml" => standalone(&text(data))?,
        "src/bindings.rs" => text(data).replace("path: \"../../wit\"", "path: \"wit\""),
        _ => return Ok((path, data)),
    };
    Ok((path, changed.into_bytes().into()))
}

/// With the project's name wherever the template has its place.
fn named(text: &str, name: &ProjectName) -> String {
    text.replace("{{name}}", &name.to_string()).replace("{{name_snake}}", &name.snake())
}

fn filled<'d>(data: &'d [u8], name: &ProjectName) -> Cow<'d, [u8]> {
    match std::str::from_utf8(data) {
        Ok(text) => Cow::Owned(named(text, name).into_bytes()),
        Err(_) => Cow::Borrowed(data),
    }
}

fn write(path: &Path, data: &[u8]) -> Result<(), BuildError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(BuildError::file("make", folder))?;
    fs::write(path, data).map_err(BuildError::file("write", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_has_its_name_everywhere_and_its_sdk_beside_it() {
        let parent = tempfile::tempdir().expect("a folder");
        let name: ProjectName = "word-count".parse().expect("a name");
        for language in Language::ALL {
            let parent = parent.path().join(language.name());
            let project = begin(&parent, &name, language).expect("it is written");
            assert_eq!(project.language(), language);
            let readme = fs::read_to_string(project.folder().join("README.md")).expect("a README");
            assert!(readme.contains("word-count") && !readme.contains("{{"), "{readme}");
            for file in ["README.md", "wit/module.wit", "wit/module-http.wit", "wit/deps/http.wit"] {
                assert!(project.folder().join("sdk").join(file).is_file(), "{language}: {file}");
            }
            let again = begin(&parent, &name, language).expect_err("it is there").to_string();
            assert!(again.contains("is there already"), "{again}");
        }
    }
}
