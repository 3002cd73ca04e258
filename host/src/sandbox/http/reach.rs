//! Whom one run may call.

use std::net::IpAddr;
use std::sync::Arc;

use http::Method;

use crate::domain::Ceiling;
use crate::domain::grants::{HttpGrant, Target, is_public};

/// The hosts that a module was granted, below the ceiling.
#[derive(Debug, Clone, Default)]
pub(in crate::sandbox) struct Reach {
    grants: Vec<HttpGrant>,
    ceiling: Arc<Ceiling>,
}

/// Which addresses a permitted request may go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Addresses {
    /// Those that anybody reaches.
    Public,
    /// Private ones of the ceiling, too.
    WithPrivate,
}

impl Reach {
    pub(in crate::sandbox) fn new(grants: &[HttpGrant], ceiling: Arc<Ceiling>) -> Self {
        Self { grants: grants.to_vec(), ceiling }
    }

    /// Whether a request may be sent; `None` when nobody granted it.
    pub(super) fn permits(&self, method: &Method, target: &Target) -> Option<Addresses> {
        // One makes a tunnel of the server, the other shows headers that the guest must not see.
        if [Method::CONNECT, Method::TRACE].contains(method) || !self.ceiling.allows(method.as_str(), target) {
            return None;
        }
        let mut fitting = self.grants.iter().filter(|grant| grant.allows(method.as_str(), target)).peekable();
        fitting.peek()?;
        Some(if fitting.any(|grant| grant.private) { Addresses::WithPrivate } else { Addresses::Public })
    }

    /// Whether an address may be connected to.
    pub(super) fn has(&self, address: IpAddr, which: Addresses) -> bool {
        is_public(address) || which == Addresses::WithPrivate && self.ceiling.has_private(address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::grants::Scheme;

    fn reach(grants: &str) -> Reach {
        let grants: Vec<HttpGrant> = serde_json::from_str(grants).expect("grants");
        let mut ceiling = Ceiling::everything();
        ceiling.private_networks = vec!["127.0.0.0/8".parse().expect("a network")];
        Reach::new(&grants, Arc::new(ceiling))
    }

    #[test]
    fn a_request_needs_a_grant_for_its_host_port_scheme_and_method() {
        let reach = reach(r#"["a.example", {"host": "http://127.0.0.1:8080", "methods": ["GET"], "private": true}]"#);
        let permits = |method: Method, scheme, authority| {
            reach.permits(&method, &Target::of(scheme, authority).expect("a target"))
        };
        assert_eq!(permits(Method::POST, Scheme::Https, "a.example"), Some(Addresses::Public));
        assert_eq!(permits(Method::GET, Scheme::Http, "127.0.0.1:8080"), Some(Addresses::WithPrivate));
        assert_eq!(permits(Method::GET, Scheme::Http, "[::ffff:127.0.0.1]:8080"), Some(Addresses::WithPrivate));
        for (method, scheme, authority) in [
            (Method::CONNECT, Scheme::Https, "a.example"),
            (Method::TRACE, Scheme::Https, "a.example"),
            (Method::GET, Scheme::Http, "a.example"),
            (Method::GET, Scheme::Https, "b.a.example"),
            (Method::POST, Scheme::Http, "127.0.0.1:8080"),
            (Method::GET, Scheme::Http, "127.0.0.1:8081"),
            (Method::GET, Scheme::Http, "localhost:8080"),
        ] {
            assert_eq!(permits(method, scheme, authority), None, "{authority}");
        }
    }

    #[test]
    fn private_addresses_are_reached_only_where_grant_and_ceiling_say_so() {
        let reach = reach("[]");
        let has = |address: &str, which| reach.has(address.parse().expect("an address"), which);
        assert!(has("1.1.1.1", Addresses::Public) && has("127.0.0.1", Addresses::WithPrivate));
        assert!(has("::ffff:127.0.0.1", Addresses::WithPrivate));
        for address in ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1", "0.0.0.0"] {
            assert!(!has(address, Addresses::Public), "{address}");
        }
        for address in ["10.0.0.1", "169.254.169.254", "::1", "64:ff9b::a9fe:a9fe", "0.0.0.0"] {
            assert!(!has(address, Addresses::WithPrivate), "{address}");
        }
    }
}
