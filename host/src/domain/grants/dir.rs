//! One folder that a module sees.

use std::fmt;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Deserializer, Serialize};

/// A folder of the host, where the module finds it, and whether it may change what is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DirGrant {
    /// The folder's absolute path on the host.
    pub host: PathBuf,
    /// Its path for the module.
    pub guest: GuestPath,
    /// Whether the module may change what is in it.
    #[serde(default)]
    pub write: bool,
}

/// An absolute path as a module sees it, such as `/data`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct GuestPath(String);

impl GuestPath {
    /// Checks that a text is an absolute path without detours.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = text.strip_prefix('/').unwrap_or("..").split('/');
        let is_plain = |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains('\0');
        if text.len() <= 4096 && (text == "/" || parts.all(is_plain)) {
            Ok(Self(text.to_owned()))
        } else {
            let shown: String = text.chars().take(100).collect();
            Err(format!(
                "`{shown}` is no absolute path for a module; write it as `/data`, without `.`, `..` and a slash at its end"
            ))
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for GuestPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for GuestPath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// Whether a path of the host is absolute and without detours, so that what it is below can be read off it.
pub(super) fn is_plain_host_path(path: &Path) -> bool {
    path.is_absolute()
        && path.components().all(|part| matches!(part, Component::RootDir | Component::Normal(_)))
        && !path.as_os_str().as_encoded_bytes().contains(&0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_path_is_absolute_and_plain() {
        for text in ["/", "/data", "/a/b c"] {
            assert_eq!(GuestPath::parse(text).expect(text).as_str(), text);
        }
        for text in ["", "data", "/data/", "//", "/a/../b", "/.", "/a\0b"] {
            assert!(GuestPath::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_host_path_is_absolute_and_plain() {
        assert!(is_plain_host_path(Path::new("/srv/data")));
        for text in ["srv", "/srv/../etc", "../etc"] {
            assert!(!is_plain_host_path(Path::new(text)), "{text}");
        }
    }
}
