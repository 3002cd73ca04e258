//! An address that the host posts to: of a webhook, or of a collector.

use std::fmt;

use crate::domain::grants::{Scheme, Target};

/// The longest address.
const BYTES: usize = 2_048;

/// An address of `https` or `http`, with a host and maybe a port, path and query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpAddress {
    text: String,
    target: Target,
    /// Where path and query begin.
    path_at: usize,
}

/// The text is no such address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidHttpAddress {
    /// It is too long.
    #[error("has {0} bytes; an address has at most {BYTES}")]
    Long(usize),
    /// It has another scheme, or none.
    #[error("is no address of https, such as `https://hooks.example.com/cofferdam`")]
    Scheme,
    /// Its host is none.
    #[error("names no host and port: {0}")]
    Host(String),
    /// A name and password, which would be shown to everybody who sees the webhook.
    #[error("has a name or password in it; put what the receiver needs to know into its path, or check the signature")]
    UserInfo,
    /// Something that is never sent.
    #[error("has a part behind `#`, which is never sent")]
    Fragment,
    /// Other characters.
    #[error("has characters that must be written as %XX in an address")]
    Characters,
}

impl HttpAddress {
    /// Reads an address. Odd forms of hosts are refused.
    pub fn parse(text: &str) -> Result<Self, InvalidHttpAddress> {
        if text.len() > BYTES {
            return Err(InvalidHttpAddress::Long(text.len()));
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic() && !br#""<>\^`{|}"#.contains(&byte)) {
            return Err(InvalidHttpAddress::Characters);
        }
        let (scheme, rest) = text.split_once("://").ok_or(InvalidHttpAddress::Scheme)?;
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "https" => Scheme::Https,
            "http" => Scheme::Http,
            _ => return Err(InvalidHttpAddress::Scheme),
        };
        if rest.contains('#') {
            return Err(InvalidHttpAddress::Fragment);
        }
        let authority = &rest[..rest.find(['/', '?']).unwrap_or(rest.len())];
        if authority.contains('@') {
            return Err(InvalidHttpAddress::UserInfo);
        }
        let target = Target::of(scheme, authority).map_err(|error| InvalidHttpAddress::Host(error.to_string()))?;
        let path_at = text.len() - rest.len() + authority.len();
        Ok(Self { text: text.to_owned(), target, path_at })
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Scheme, host and port.
    pub const fn target(&self) -> &Target {
        &self.target
    }

    /// Path and query, as a request has them.
    pub fn path(&self) -> String {
        let path = &self.text[self.path_at..];
        if path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
    }
}

impl fmt::Display for HttpAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::str::FromStr for HttpAddress {
    type Err = InvalidHttpAddress;

    fn from_str(text: &str) -> Result<Self, InvalidHttpAddress> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_target_and_a_path() {
        for (text, target, path) in [
            ("https://a.example", "https://a.example:443", "/"),
            ("https://a.example/in?x=1", "https://a.example:443", "/in?x=1"),
            ("https://a.example:8443?x", "https://a.example:8443", "/?x"),
            ("HTTP://127.0.0.1:80/%20", "http://127.0.0.1:80", "/%20"),
        ] {
            let url = HttpAddress::parse(text).expect(text);
            assert_eq!((url.target().to_string().as_str(), url.path().as_str()), (target, path), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused_with_its_reason() {
        for (text, words) in [
            ("", "no address of https"),
            ("a.example/x", "no address of https"),
            ("ftp://a.example", "no address of https"),
            ("https://", "names no host"),
            ("https://2130706433/", "names no host"),
            ("https://me:secret@a.example/", "a name or password"),
            ("https://a.example/#x", "never sent"),
            ("https://a.example/a b", "%XX"),
            ("https://a.example/\u{e9}", "%XX"),
            ("https://a.example/\r\nx: y", "%XX"),
            (&format!("https://a.example/{}", "x".repeat(2_048)), "at most 2048"),
        ] {
            let refused = HttpAddress::parse(text).expect_err(text).to_string();
            assert!(refused.contains(words), "{text}: {refused}");
        }
    }
}
