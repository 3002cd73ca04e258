//! The names under which this host may be reached.
//!
//! A web page can make its own name point to 127.0.0.1 (DNS rebinding) and then talk to a host on the visitor's
//! machine. Such a request still carries the page's name in `Host`, so only known names are answered.

use std::net::{IpAddr, SocketAddr};

/// Which `Host` and `Origin` names are this host's own. Ports are not compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedHosts {
    /// Lowercase names and addresses, without brackets and port.
    names: Vec<String>,
    /// Bound to every address of the machine: any literal address is then one of its own. A literal address is no
    /// name that somebody else could point here.
    any_address: bool,
}

impl AllowedHosts {
    /// The loopback names and the address that the host is bound to.
    pub fn bound_to(address: SocketAddr) -> Self {
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned(), address.ip().to_string()];
        Self { names: names.into(), any_address: address.ip().is_unspecified() }
    }

    /// The same, and another name (without a port) that the operator vouches for.
    #[must_use]
    pub fn and(mut self, name: &str) -> Self {
        self.names.push(bare(name).to_ascii_lowercase());
        self
    }

    /// Whether a `Host` value (`name`, `name:port`, `[address]:port`) is one of them.
    pub(crate) fn allows_host(&self, host: &str) -> bool {
        let Some(name) = without_port(host) else { return false };
        let name = bare(name);
        self.names.iter().any(|own| own.eq_ignore_ascii_case(name))
            || (self.any_address && name.parse::<IpAddr>().is_ok())
    }

    /// Whether an `Origin` value (`scheme://name[:port]`) is one of them.
    pub(crate) fn allows_origin(&self, origin: &str) -> bool {
        let (scheme, host) = origin.split_once("://").unwrap_or_default();
        matches!(scheme, "http" | "https") && self.allows_host(host)
    }
}

fn bare(name: &str) -> &str {
    name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name)
}

/// Cuts the port off; `None` when what follows the last colon is no port.
fn without_port(host: &str) -> Option<&str> {
    if host.ends_with(']') {
        return Some(host);
    }
    match host.rsplit_once(':') {
        None => Some(host),
        Some((name, port)) => port.parse::<u16>().is_ok().then_some(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local() -> AllowedHosts {
        AllowedHosts::bound_to(SocketAddr::from(([127, 0, 0, 1], 7171)))
    }

    #[test]
    fn loopback_names_pass_with_any_port() {
        for host in ["localhost", "LOCALHOST:7171", "127.0.0.1:1", "[::1]:7171", "[::1]"] {
            assert!(local().allows_host(host), "{host}");
        }
        assert!(local().allows_origin("http://localhost:5173"));
        assert!(local().allows_origin("https://[::1]:7171"));
    }

    #[test]
    fn other_names_do_not_pass() {
        for host in
            ["", "evil.example", "localhost.evil.example", "localhost:", "localhost:x", "192.168.1.9", "a@localhost"]
        {
            assert!(!local().allows_host(host), "{host}");
        }
        for origin in ["null", "", "localhost", "http://evil.example", "file://localhost", "http://localhost/x"] {
            assert!(!local().allows_origin(origin), "{origin}");
        }
    }

    #[test]
    fn a_host_on_every_address_answers_to_addresses_but_not_to_names() {
        let everywhere = AllowedHosts::bound_to(SocketAddr::from(([0, 0, 0, 0], 7171))).and("jobs.example.com");
        assert!(everywhere.allows_host("192.168.1.9:7171"));
        assert!(everywhere.allows_host("[fe80::1]:7171"));
        assert!(everywhere.allows_host("Jobs.example.com"));
        assert!(!everywhere.allows_host("evil.example:7171"));
    }
}
