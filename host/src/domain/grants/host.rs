//! Which hosts an entry means: one name or address, all names below one, or any.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use super::Host;

/// The hosts that an entry is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostPattern {
    /// `*`: every name and address.
    Any,
    /// `*.example.org`: every name below this one, at any depth, but not itself.
    Below(String),
    /// One name, in lower case.
    Name(String),
    /// One address.
    Address(IpAddr),
}

/// The text names no host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no host; write a name such as `api.example.com` (in punycode where it is not ASCII), `*.example.org` for the names below it, or an address such as `203.0.113.7` or `[2001:db8::1]`"
)]
pub struct InvalidHost(String);

impl InvalidHost {
    pub(super) fn of(text: &str) -> Self {
        Self(text.chars().take(100).collect())
    }
}

impl HostPattern {
    /// Whether it means this host.
    pub fn matches(&self, host: &Host) -> bool {
        match (self, host) {
            (Self::Any, _) => true,
            (Self::Below(parent), Host::Name(name)) => is_below(name, parent),
            (Self::Name(own), Host::Name(name)) => own == name,
            (Self::Address(own), Host::Address(address)) => own == address,
            (Self::Below(_) | Self::Name(_), Host::Address(_)) | (Self::Address(_), Host::Name(_)) => false,
        }
    }

    /// Whether it means everything that `other` means.
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) => true,
            (Self::Below(parent), Self::Below(name)) => name == parent || is_below(name, parent),
            (Self::Below(parent), Self::Name(name)) => is_below(name, parent),
            _ => self == other,
        }
    }

    /// Whether it means one host alone.
    pub fn is_exact(&self) -> bool {
        matches!(self, Self::Name(_) | Self::Address(_))
    }
}

fn is_below(name: &str, parent: &str) -> bool {
    name.strip_suffix(parent).and_then(|rest| rest.strip_suffix('.')).is_some_and(|rest| !rest.is_empty())
}

impl FromStr for HostPattern {
    type Err = InvalidHost;

    fn from_str(text: &str) -> Result<Self, InvalidHost> {
        let invalid = || InvalidHost::of(text);
        if text == "*" {
            return Ok(Self::Any);
        }
        if let Some(parent) = text.strip_prefix("*.") {
            return match host(parent).ok_or_else(invalid)? {
                Host::Name(parent) => Ok(Self::Below(parent)),
                Host::Address(_) => Err(invalid()),
            };
        }
        match host(text).ok_or_else(invalid)? {
            Host::Name(name) => Ok(Self::Name(name)),
            Host::Address(address) => Ok(Self::Address(address)),
        }
    }
}

impl fmt::Display for HostPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("*"),
            Self::Below(parent) => write!(f, "*.{parent}"),
            Self::Name(name) => f.write_str(name),
            Self::Address(IpAddr::V4(address)) => address.fmt(f),
            Self::Address(IpAddr::V6(address)) => write!(f, "[{address}]"),
        }
    }
}

/// A host as it stands in a URL: a name in lower case, or an address. A name that looks like a number (`127.1`,
/// `0x7f000001`, `2130706433`) is neither: resolvers take it for an address.
pub(super) fn host(text: &str) -> Option<Host> {
    if let Some(address) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let address: Ipv6Addr = address.parse().ok()?;
        return Some(Host::Address(address.to_canonical()));
    }
    let name = text.to_ascii_lowercase();
    let last = name.rsplit('.').next().unwrap_or_default();
    if last.starts_with("0x") || last.bytes().all(|byte| byte.is_ascii_digit()) {
        let address: Ipv4Addr = name.parse().ok()?;
        return Some(Host::Address(address.into()));
    }
    is_name(&name).then_some(Host::Name(name))
}

fn is_name(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> HostPattern {
        text.parse().expect(text)
    }

    #[test]
    fn hosts_are_read_and_written() {
        for text in ["*", "*.example.org", "api.example.com", "localhost", "127.0.0.1", "[2001:db8::1]", "_a.example"] {
            assert_eq!(pattern(text).to_string(), text);
        }
        assert_eq!(pattern("API.Example.COM"), pattern("api.example.com"));
        assert_eq!(pattern("[::ffff:127.0.0.1]"), pattern("127.0.0.1"));
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for text in [
            "",
            ".",
            "a..b",
            "a.",
            "*a.example",
            "*.*",
            "*.1.2.3.4",
            "a b",
            "a/b",
            "user@a",
            "a:80",
            "münchen.example",
            "127.1",
            "0x7f000001",
            "0x7f.1",
            "2130706433",
            "1.2.3",
            "1.2.3.4.5",
            "[::1",
            "[1.2.3.4]",
            "-a",
            "a-",
            "127.0.0.1.",
            "*.",
            "[fe80::1%eth0]",
        ] {
            assert!(text.parse::<HostPattern>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_wildcard_means_the_names_below_and_not_the_name_itself() {
        let host = |text: &str| host(text).expect("a host");
        let below = pattern("*.example.org");
        assert!(below.matches(&host("a.example.org")) && below.matches(&host("a.b.example.org")));
        for other in ["example.org", "badexample.org", "example.org.evil.example", "127.0.0.1"] {
            assert!(!below.matches(&host(other)), "{other}");
        }
        assert!(below.covers(&pattern("*.a.example.org")) && below.covers(&pattern("a.example.org")));
        assert!(!below.covers(&pattern("example.org")) && !below.covers(&HostPattern::Any));
        assert!(HostPattern::Any.covers(&below) && HostPattern::Any.matches(&host("[::1]")));
    }
}
