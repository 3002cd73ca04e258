//! What operators grant, and the hosts that modules ask for, held against a matcher that compares texts.

use std::net::IpAddr;

use cofferdam::domain::JobLimits;
use cofferdam::domain::grants::{
    Ceiling, DirRoot, EnvPattern, Grants, Host, HostPattern, HttpGrant, Network, Scheme, Target,
};

use super::domain::comes_back;

/// What is taken is written in one way, which is taken again as the same; what no ceiling allows is said in words.
pub(crate) fn grants(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    comes_back::<HostPattern>(text);
    comes_back::<Network>(text);
    comes_back::<EnvPattern>(text);
    comes_back::<DirRoot>(text);
    // With methods it is an object.
    comes_back::<HttpGrant>(text);
    match Grants::from_json(text) {
        Err(refused) => assert!(!refused.to_string().is_empty()),
        Ok(grants) => {
            let shown = grants.to_json();
            let again = Grants::from_json(&shown).expect("what is stored can be read");
            assert_eq!((&again, again.to_json()), (&grants, shown));
            for ceiling in [Ceiling::default(), Ceiling::everything()] {
                let faults = ceiling.faults(&grants, &JobLimits::default());
                assert!(faults.iter().all(|fault| fault.pointer.starts_with('/') && !fault.detail.is_empty()));
            }
        }
    }
}

/// The input is parted at NULs: a method, the authority of a request's URL, and patterns. Whatever a pattern lets through,
/// the texts say so, too; and nothing lets more through than what covers it.
pub(crate) fn request_target(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut parts = text.split('\0');
    let (method, authority) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let grants: Vec<HttpGrant> = parts.filter_map(read_grant).collect();
    for scheme in [Scheme::Http, Scheme::Https] {
        let Ok(target) = Target::of(scheme, authority) else { continue };
        is_plain(&target, authority);
        let shown = target.to_string();
        let (_, again) = shown.split_once("://").expect("a scheme");
        assert_eq!(Target::of(scheme, again), Ok(target.clone()));
        for grant in &grants {
            let allows = grant.allows(method, &target);
            assert_eq!(allows, naively_allows(grant, method, &shown), "{grant}: {method} {shown}");
            for wider in grants.iter().filter(|wider| wider.covers(grant)) {
                assert!(!allows || wider.allows(method, &target), "{wider} covers {grant}, but not {method} {shown}");
            }
        }
    }
}

/// A pattern as a text, or as an object with methods.
fn read_grant(text: &str) -> Option<HttpGrant> {
    serde_json::from_str(text).ok().or_else(|| text.parse().ok())
}

/// What is taken for a host reads as the same host for everybody else.
fn is_plain(target: &Target, authority: &str) {
    let is_of_host = |letter: char| letter.is_ascii_alphanumeric() || "-_.:[]".contains(letter);
    assert!(authority.chars().all(is_of_host), "{authority}");
    match &target.host {
        Host::Address(address) => assert_eq!(address.to_canonical(), *address),
        Host::Name(name) => {
            assert!(name.parse::<IpAddr>().is_err() && !is_number_for_resolvers(name), "{name} is an address");
            let bare = authority.split(':').next().unwrap_or_default().to_ascii_lowercase();
            assert_eq!(bare.strip_suffix('.').unwrap_or(&bare), name);
        }
    }
}

/// Whether C's `inet_aton` takes it: up to four numbers, decimal, octal or hexadecimal.
fn is_number_for_resolvers(name: &str) -> bool {
    let is_number = |part: &str| match part.strip_prefix("0x") {
        Some(digits) => digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()),
    };
    name.split('.').count() <= 4 && name.split('.').all(is_number)
}

/// Compares what is shown of a grant and of a target, letter by letter.
fn naively_allows(grant: &HttpGrant, method: &str, target: &str) -> bool {
    let place = HttpGrant { methods: Vec::new(), private: false, ..grant.clone() }.to_string();
    let place = if place.contains("://") { place } else { format!("https://{place}") };
    let (scheme, host, port) = parted(&place);
    let (target_scheme, target_host, target_port) = parted(target);
    let is_address = target_host.starts_with('[') || target_host.parse::<IpAddr>().is_ok();
    let has_host = host == "*"
        || host == target_host
        || host.strip_prefix('*').is_some_and(|end| !is_address && target_host.ends_with(end));
    let has_port = port == "*" || port == target_port;
    let has_method = grant.methods.is_empty() || grant.methods.iter().any(|own| own == method);
    scheme == target_scheme && has_host && has_port && has_method
}

/// Scheme, host and port of a URL without a path.
fn parted(url: &str) -> (&str, &str, &str) {
    let (scheme, place) = url.split_once("://").expect("a scheme");
    let usual = if scheme == "http" { "80" } else { "443" };
    match place.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (scheme, host, port),
        Some(_) | None => (scheme, place, usual),
    }
}
