//! What a module says about itself beside its schemas, checked while it is compiled.

/// What the attribute and the package's metadata say about a module.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Metadata {
    pub name: &'static str,
    pub version: &'static str,
    pub description: &'static str,
}

impl Metadata {
    /// Itself, as far as the host would accept it.
    ///
    /// # Panics
    /// When the host would refuse the name or the version. It runs while a module is compiled, and stops that.
    #[must_use]
    pub const fn checked(self) -> Self {
        assert!(
            is_module_name(self.name.as_bytes()),
            "a module's name is 1 to 64 characters: lowercase words of letters and digits joined by single hyphens. \
             Give one with #[cofferdam_sdk::module(name = \"…\")]"
        );
        assert!(
            starts_like_a_version(self.version.as_bytes()),
            "a module's version is a semantic version such as 1.4.0. Give one with \
             #[cofferdam_sdk::module(version = \"…\")]"
        );
        self
    }
}

const fn is_module_name(name: &[u8]) -> bool {
    let mut at = 0;
    let mut after_hyphen = true;
    while at < name.len() {
        match name[at] {
            b'a'..=b'z' | b'0'..=b'9' => after_hyphen = false,
            b'-' if !after_hyphen => after_hyphen = true,
            _ => return false,
        }
        at += 1;
    }
    !after_hyphen && name.len() <= 64
}

/// Whether three numbers with two dots stand at the start. The host reads the rest.
const fn starts_like_a_version(version: &[u8]) -> bool {
    let mut at = 0;
    let mut dots = 0;
    let mut after_dot = true;
    while at < version.len() {
        match version[at] {
            b'0'..=b'9' => after_dot = false,
            b'.' if !after_dot && dots < 2 => {
                dots += 1;
                after_dot = true;
            }
            b'-' | b'+' => break,
            _ => return false,
        }
        at += 1;
    }
    dots == 2 && !after_dot
}

#[cfg(test)]
mod tests {
    use super::{is_module_name, starts_like_a_version};

    #[test]
    fn names_are_lowercase_words_joined_by_single_hyphens() {
        for name in ["a", "prime-count", "csv2", "2-d"] {
            assert!(is_module_name(name.as_bytes()), "{name} should be a name");
        }
        for name in ["", "-a", "a-", "a--b", "A", "a_b", "ä", &"a".repeat(65)] {
            assert!(!is_module_name(name.as_bytes()), "{name} should not be a name");
        }
    }

    #[test]
    fn versions_have_three_numbers() {
        for version in ["0.1.0", "10.20.30", "1.0.0-beta.1+x"] {
            assert!(starts_like_a_version(version.as_bytes()), "{version} should be a version");
        }
        for version in ["", "1", "1.0", "1.0.", "1.0.0.0", "v1.0.0", "1..0"] {
            assert!(!starts_like_a_version(version.as_bytes()), "{version} should not be a version");
        }
    }
}
