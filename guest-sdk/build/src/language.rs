//! The languages that have an SDK.

use std::fmt;
use std::fs;
use std::path::Path;
use std::str::FromStr;

/// A language that has an SDK.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// Rust, by `wasm32-wasip2`.
    Rust,
    /// Python, by `componentize-py`.
    Python,
    /// JavaScript and TypeScript, by `esbuild` and `componentize-qjs`.
    JavaScript,
    /// Go, by its own compiler.
    Go,
    /// C, by the compiler of Zig or by clang.
    C,
}

/// The text names no language that has an SDK.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no language with an SDK; there are rust, python, javascript (or typescript), go and c")]
pub struct UnknownLanguage(String);

impl Language {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Rust, Self::Python, Self::JavaScript, Self::Go, Self::C];

    /// Its name, as it is also that of the SDK's folder.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Python => "python",
            Self::JavaScript => "javascript",
            Self::Go => "go",
            Self::C => "c",
        }
    }

    /// The file that every project of this language has, and no project of another one; for C any file that ends so.
    pub const fn marker(self) -> &'static str {
        match self {
            Self::Rust => "Cargo.toml",
            Self::Python => "pyproject.toml",
            Self::JavaScript => "package.json",
            Self::Go => "go.mod",
            Self::C => ".c",
        }
    }

    /// The language of the project in a folder.
    pub fn of(folder: &Path) -> Option<Self> {
        let names = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.file_name());
        let names: Vec<_> = names.map(|name| name.to_string_lossy().into_owned()).collect();
        let has = |language: &Self| {
            names.iter().any(|name| match language {
                Self::C => name.ends_with(language.marker()),
                Self::Rust | Self::Python | Self::JavaScript | Self::Go => name == language.marker(),
            })
        };
        Self::ALL.into_iter().find(has)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(text: &str) -> Result<Self, UnknownLanguage> {
        match text.to_ascii_lowercase().as_str() {
            "typescript" | "ts" | "js" => Ok(Self::JavaScript),
            name => Self::ALL
                .into_iter()
                .find(|language| language.name() == name)
                .ok_or_else(|| UnknownLanguage(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_known_by_its_name_and_typescript_is_javascript() {
        for language in Language::ALL {
            assert_eq!(language.to_string().parse(), Ok(language));
        }
        assert_eq!("TypeScript".parse(), Ok(Language::JavaScript));
        let unknown = "cobol".parse::<Language>().expect_err("it has no SDK");
        assert!(unknown.to_string().contains("there are rust, python"), "{unknown}");
    }
}
