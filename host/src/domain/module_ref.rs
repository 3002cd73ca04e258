//! How a client names a module: `name`, `name@version` or `sha256:<hex>`.

use std::fmt;
use std::str::FromStr;

use super::Digest;
use super::module::is_name;

/// Which module is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModuleRef {
    /// The highest version of this name; pre-releases only when there is nothing else.
    Newest(String),
    /// This version of this name.
    Version(String, semver::Version),
    /// These bytes.
    Digest(Digest),
}

/// The text names no module.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` names no module; a module is named by `name`, `name@version` or `sha256:` with 64 hexadecimal digits")]
pub struct InvalidModuleRef(String);

impl FromStr for ModuleRef {
    type Err = InvalidModuleRef;

    fn from_str(text: &str) -> Result<Self, InvalidModuleRef> {
        let invalid = || InvalidModuleRef(text.chars().take(100).collect());
        if text.starts_with("sha256:") {
            return text.parse().map(Self::Digest).map_err(|_| invalid());
        }
        let (name, version) = match text.split_once('@') {
            Some((name, version)) => (name, Some(version.parse().map_err(|_| invalid())?)),
            None => (text, None),
        };
        if !is_name(name) {
            return Err(invalid());
        }
        Ok(match version {
            Some(version) => Self::Version(name.to_owned(), version),
            None => Self::Newest(name.to_owned()),
        })
    }
}

impl fmt::Display for ModuleRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newest(name) => f.write_str(name),
            Self::Version(name, version) => write!(f, "{name}@{version}"),
            Self::Digest(digest) => digest.fmt(f),
        }
    }
}

/// The version that a bare name means: the highest release, or the highest pre-release when there is no release.
pub fn newest<'v>(versions: impl IntoIterator<Item = &'v semver::Version>) -> Option<&'v semver::Version> {
    versions.into_iter().max_by(|a, b| a.pre.is_empty().cmp(&b.pre.is_empty()).then_with(|| a.cmp(b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms_are_told_apart() {
        assert!(matches!("csv-profile".parse(), Ok(ModuleRef::Newest(_))));
        assert!(matches!("csv-profile@1.0.0-rc.1".parse(), Ok(ModuleRef::Version(..))));
        assert!(matches!(format!("sha256:{}", "0".repeat(64)).parse(), Ok(ModuleRef::Digest(_))));
        for text in ["", "a@", "a@1", "@1.0.0", "sha256:12", "A", "a/b"] {
            assert!(text.parse::<ModuleRef>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_name_means_its_highest_release() {
        let versions = ["1.2.0", "1.10.0", "2.0.0-rc.1"].map(|text| text.parse().expect("a version"));
        assert_eq!(newest(&versions).map(ToString::to_string).as_deref(), Some("1.10.0"));
        let versions = ["2.0.0-rc.1", "2.0.0-rc.2"].map(|text| text.parse().expect("a version"));
        assert_eq!(newest(&versions).map(ToString::to_string).as_deref(), Some("2.0.0-rc.2"));
    }
}
