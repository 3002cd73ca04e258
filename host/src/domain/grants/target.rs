//! Where a request goes, read from what the guest wrote: no odd form of a host gets through.

use std::fmt;
use std::net::IpAddr;

use super::Scheme;
use super::host::host;

/// A host, named or given by its address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Host {
    /// A name in lower case, without a dot at its end.
    Name(String),
    /// An address; one of IPv4 is never written as one of IPv6.
    Address(IpAddr),
}

/// Scheme, host and port of a request.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Target {
    /// How it is spoken to.
    pub scheme: Scheme,
    /// Who.
    pub host: Host,
    /// At which port.
    pub port: u16,
}

/// The authority of a request names no host and port.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no host with an optional port")]
pub struct InvalidTarget(String);

impl Target {
    /// Reads the authority of a URL. User information, numbers that pass for addresses and zone names are refused.
    pub fn of(scheme: Scheme, authority: &str) -> Result<Self, InvalidTarget> {
        let invalid = || InvalidTarget(authority.chars().take(100).collect());
        let (name, port) = split_port(authority).ok_or_else(invalid)?;
        let port = match port {
            None => scheme.port(),
            Some(port) => port_number(port).ok_or_else(invalid)?,
        };
        // One dot at the end only says that the name is complete.
        let name = name.strip_suffix('.').unwrap_or(name);
        Ok(Self { scheme, host: host(name).ok_or_else(invalid)?, port })
    }
}

/// Host and port of an authority, as texts.
pub(super) fn split_port(authority: &str) -> Option<(&str, Option<&str>)> {
    match authority.rfind(']') {
        Some(end) => {
            let (host, rest) = authority.split_at(end + 1);
            match rest.strip_prefix(':') {
                Some(port) => Some((host, Some(port))),
                None => rest.is_empty().then_some((host, None)),
            }
        }
        None => match authority.split_once(':') {
            Some((host, port)) => Some((host, Some(port))),
            None => Some((authority, None)),
        },
    }
}

/// A port from 1 to 65535, in digits alone.
pub(super) fn port_number(text: &str) -> Option<u16> {
    let number = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?;
    number.filter(|port| *port != 0)
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Address(IpAddr::V4(address)) => address.fmt(f),
            Self::Address(IpAddr::V6(address)) => write!(f, "[{address}]"),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}:{}", self.scheme, self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_has_its_port_and_one_form() {
        for (authority, shown) in [
            ("API.example.com", "https://api.example.com:443"),
            ("api.example.com.", "https://api.example.com:443"),
            ("api.example.com.:8443", "https://api.example.com:8443"),
            ("[::ffff:127.0.0.1]:1", "https://127.0.0.1:1"),
            ("[::1]", "https://[::1]:443"),
        ] {
            assert_eq!(Target::of(Scheme::Https, authority).expect(authority).to_string(), shown);
        }
        assert_eq!(Target::of(Scheme::Http, "a.example").expect("a host").port, 80);
    }

    #[test]
    fn odd_forms_of_hosts_get_nowhere() {
        for authority in [
            "",
            ":80",
            "127.1",
            "127.1:80",
            "0x7f000001",
            "0x7f.0.0.1",
            "2130706433",
            "017700000001",
            "127.0.0.1..",
            "user@a.example",
            "user:pass@a.example:80",
            "a.example@127.0.0.1",
            "a.example:",
            "a.example:0",
            "a.example:65536",
            "a.example:+80",
            "a.example:80:80",
            "[::1]x",
            "[::1]:",
            "::1",
            "[fe80::1%25eth0]",
            "a example",
            "a.example/path",
            "a%2eexample",
            "１２７.0.0.1",
        ] {
            assert!(Target::of(Scheme::Https, authority).is_err(), "{authority}");
        }
    }
}
