//! The files that this program carries: each language's SDK and template, and the contract.

use std::borrow::Cow;

use rust_embed::{EmbeddedFile, RustEmbed};

use crate::Language;

/// What the manifests of the Rust SDK inherit from.
pub(super) const RUST_WORKSPACE: &str = include_str!("../../../../Cargo.toml");

/// The contract with the host.
#[derive(RustEmbed)]
#[folder = "../../wit"]
struct Wit;

#[derive(RustEmbed)]
#[folder = "../rust"]
#[include = "Cargo.toml"]
#[include = "README.md"]
#[include = "src/*"]
#[include = "macros/Cargo.toml"]
#[include = "macros/src/*"]
#[include = "template/*"]
#[exclude = "template/target/*"]
struct Rust;

#[derive(RustEmbed)]
#[folder = "../python"]
#[include = "README.md"]
#[include = "cofferdam_sdk/*"]
#[include = "cofferdam_bindings/*"]
#[include = "componentize_py_types.py"]
#[include = "template/*"]
#[exclude = "*/__pycache__/*"]
#[exclude = "template/build/*"]
struct Python;

#[derive(RustEmbed)]
#[folder = "../javascript"]
#[include = "README.md"]
#[include = "package.json"]
#[include = "src/*"]
#[include = "bindings/*"]
#[include = "tools/*"]
#[include = "template/*"]
#[exclude = "*/node_modules/*"]
#[exclude = "template/build/*"]
struct JavaScript;

#[derive(RustEmbed)]
#[folder = "../go"]
#[include = "README.md"]
#[include = "go.mod"]
#[include = "*.go"]
#[include = "*.s"]
#[include = "bindings/*"]
#[include = "template/*"]
#[exclude = "template/build/*"]
struct Go;

#[derive(RustEmbed)]
#[folder = "../c"]
#[include = "README.md"]
#[include = "include/*"]
#[include = "src/*"]
#[include = "bindings/*"]
#[include = "third_party/*"]
#[include = "template/*"]
#[exclude = "template/target/*"]
#[exclude = "template/build/*"]
struct C;

/// A file of an SDK or a template: its path there, and what is in it.
pub(super) type Embedded = (String, Cow<'static, [u8]>);

/// The files of the contract.
pub(super) fn wit() -> Vec<Embedded> {
    all::<Wit>()
}

/// The files of a language's SDK that a project needs.
pub(super) fn sdk(language: Language) -> Vec<Embedded> {
    let apart = |path: &str| path.starts_with("template/") || path.starts_with("tools/");
    files(language).into_iter().filter(|(path, _)| !apart(path)).collect()
}

/// The files of a language's template.
pub(super) fn template(language: Language) -> Vec<Embedded> {
    let inside = |(path, data): Embedded| path.strip_prefix("template/").map(|path| (path.to_owned(), data));
    files(language).into_iter().filter_map(inside).collect()
}

/// The lock file of the tools that make components from JavaScript, and what goes with it.
pub(crate) fn javascript_tools() -> Vec<(&'static str, Vec<u8>)> {
    let read = |name| JavaScript::get(&format!("tools/{name}")).map(|file| (name, file.data.into_owned()));
    ["package.json", "package-lock.json", ".npmrc"].into_iter().filter_map(read).collect()
}

fn files(language: Language) -> Vec<Embedded> {
    match language {
        Language::Rust => all::<Rust>(),
        Language::Python => all::<Python>(),
        Language::JavaScript => all::<JavaScript>(),
        Language::Go => all::<Go>(),
        Language::C => all::<C>(),
    }
}

fn all<E: RustEmbed>() -> Vec<Embedded> {
    let read = |path: Cow<'static, str>| E::get(&path).map(|EmbeddedFile { data, .. }| (path.into_owned(), data));
    E::iter().filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_an_sdk_and_a_template() {
        for language in Language::ALL {
            let names = |files: Vec<Embedded>| files.into_iter().map(|(path, _)| path).collect::<Vec<_>>();
            let (sdk, template) = (names(sdk(language)), names(template(language)));
            assert!(sdk.len() > 4 && sdk.contains(&"README.md".to_owned()), "{language}: {sdk:?}");
            assert!(template.iter().any(|path| path.ends_with(language.marker())), "{language}: {template:?}");
            for needed in ["README.md", "cofferdam.dev.json", "tests/cases/counts.json", ".gitignore"] {
                assert!(template.iter().any(|path| path == needed), "{language} lacks {needed}: {template:?}");
            }
            let left_over = |path: &&String| path.contains("node_modules") || path.contains("__pycache__");
            assert_eq!(sdk.iter().chain(&template).find(left_over), None);
        }
        assert_eq!(javascript_tools().len(), 3);
    }
}
