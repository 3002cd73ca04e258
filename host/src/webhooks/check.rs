//! Where webhooks may lead.

use std::net::IpAddr;

use super::error::WebhookError;
use crate::domain::grants::{Host, Scheme, is_public, is_reserved};
use crate::domain::{HttpAddress, WebhookLimits};

/// What can be said of an address before its name is looked up. Names are looked up for each attempt, since they change.
pub(super) fn check(url: &HttpAddress, limits: &WebhookLimits) -> Result<(), WebhookError> {
    let target = url.target();
    if target.scheme == Scheme::Http && !limits.http {
        return Err(WebhookError::HttpOff);
    }
    match target.host {
        Host::Address(address) if !may_reach(address, limits) => Err(WebhookError::PrivateAddress(address.to_string())),
        Host::Address(_) | Host::Name(_) => Ok(()),
    }
}

/// Whether an address may be connected to.
pub(super) fn may_reach(address: IpAddr, limits: &WebhookLimits) -> bool {
    let is_allowed = || limits.private_networks.iter().any(|network| network.contains(address));
    is_public(address) || !is_reserved(address) && is_allowed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_and_those_that_the_operator_named_are_reached() {
        let mut limits = WebhookLimits::default();
        let checked = |text: &str, limits: &WebhookLimits| check(&HttpAddress::parse(text).expect(text), limits);
        assert!(checked("https://hooks.example.com/x", &limits).is_ok());
        assert!(checked("https://1.1.1.1/x", &limits).is_ok());
        assert!(matches!(checked("http://hooks.example.com/x", &limits), Err(WebhookError::HttpOff)));
        for text in ["https://127.0.0.1/", "https://[::1]/", "https://10.0.0.1/", "https://[::ffff:10.0.0.1]/"] {
            assert!(matches!(checked(text, &limits), Err(WebhookError::PrivateAddress(_))), "{text}");
        }
        limits.private_networks = vec!["0.0.0.0/0".parse().expect("a network"), "::/0".parse().expect("a network")];
        limits.http = true;
        assert!(checked("http://10.0.0.1/", &limits).is_ok());
        for text in ["https://169.254.169.254/", "https://0.0.0.0/", "https://[::ffff:169.254.169.254]/"] {
            assert!(matches!(checked(text, &limits), Err(WebhookError::PrivateAddress(_))), "{text}");
        }
    }
}
