//! The names under which this host may be reached.
//!
//! A web page can make its own name point to 127.0.0.1 (DNS rebinding) and then talk to a host on the visitor's
//! machine. Such a request still carries the page's name in `Host`, so only known names are answered.

use std::net::{IpAddr, SocketAddr};

/// Which `Host` names are this host's own, whatever the port, and which `Origin`s may use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedHosts {
    /// Lowercase names and addresses, without brackets and port.
    names: Vec<String>,
    /// Lowercase origins of web pages that may use this host, beside its own.
    origins: Vec<String>,
    /// Bound to every address of the machine: any literal address is then one of its own. A literal address is no
    /// name that somebody else could point here.
    any_address: bool,
}

impl AllowedHosts {
    /// The loopback names and the address that the host is bound to.
    pub fn bound_to(address: SocketAddr) -> Self {
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned(), address.ip().to_string()];
        Self { names: names.into(), origins: Vec::new(), any_address: address.ip().is_unspecified() }
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

    /// The same, and web pages of another origin (`scheme://name[:port]`) that the operator vouches for.
    #[must_use]
    pub fn and_origin(mut self, origin: &str) -> Self {
        self.origins.push(origin.to_ascii_lowercase());
        self
    }

    /// Whether pages of an origin may ask under an allowed `Host` value: its own pages, which have the same name and
    /// port, and those that the operator vouches for. A page of the same name on another port is not its own.
    pub(crate) fn allows_origin(&self, origin: &str, host: &str) -> bool {
        if self.origins.iter().any(|known| known.eq_ignore_ascii_case(origin)) {
            return true;
        }
        let Some((scheme, page)) = origin.split_once("://") else { return false };
        let usual = match scheme {
            "http" => 80,
            "https" => 443,
            _ => return false,
        };
        match (name_and_port(page, usual), name_and_port(host, usual)) {
            (Some((name, port)), Some((own, own_port))) => name.eq_ignore_ascii_case(own) && port == own_port,
            _ => false,
        }
    }
}

fn bare(name: &str) -> &str {
    name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name)
}

fn name_and_port(host: &str, usual: u16) -> Option<(&str, u16)> {
    let name = without_port(host)?;
    let port = host[name.len()..].strip_prefix(':').map_or(Some(usual), |port| port.parse().ok())?;
    Some((bare(name), port))
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
        for (origin, host) in [
            ("http://localhost:7171", "localhost:7171"),
            ("https://[::1]:7171", "[::1]:7171"),
            ("https://jobs.example.org", "jobs.example.org"),
            ("http://LOCALHOST", "localhost:80"),
            ("https://dash.example.org", "localhost:7171"),
        ] {
            assert!(local().and_origin("https://dash.example.org").allows_origin(origin, host), "{origin} {host}");
        }
    }

    #[test]
    fn other_names_do_not_pass() {
        for host in
            ["", "evil.example", "localhost.evil.example", "localhost:", "localhost:x", "192.168.1.9", "a@localhost"]
        {
            assert!(!local().allows_host(host), "{host}");
        }
        for origin in [
            "null",
            "",
            "localhost",
            "http://localhost:5173",
            "http://localhost",
            "http://127.0.0.1:7171",
            "http://evil.example",
            "file://localhost",
            "http://localhost/x",
        ] {
            assert!(!local().allows_origin(origin, "localhost:7171"), "{origin}");
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
