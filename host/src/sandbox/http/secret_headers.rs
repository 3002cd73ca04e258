//! Puts secrets into requests: in headers alone, and only on the way to the hosts that a secret is for.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue, header};

use crate::domain::grants::Target;
use crate::sandbox::GuestSecret;

/// The secrets of one run. The guest never sees what they did.
#[derive(Debug, Default)]
pub(in crate::sandbox) struct SecretHeaders(Vec<GuestSecret>);

/// How the value of an `Authorization` begins that is in Base64.
const BASIC: &str = "Basic ";

impl SecretHeaders {
    /// Of one run.
    pub(in crate::sandbox) fn new(secrets: Vec<GuestSecret>) -> Self {
        Self(secrets)
    }

    /// Puts values in place of placeholders, once the request's host is known to be permitted and connected to.
    pub(super) fn fill(&self, method: &str, target: &Target, headers: &mut HeaderMap) {
        let here = |secret: &&GuestSecret| secret.hosts.iter().any(|host| host.allows(method, target));
        for secret in self.0.iter().filter(here) {
            for (name, value) in headers.iter_mut() {
                let inside = (name == header::AUTHORIZATION).then(|| with_basic(value, secret)).flatten();
                if let Some(mut filled) = inside.or_else(|| with(value, secret)) {
                    filled.set_sensitive(true);
                    *value = filled;
                }
            }
        }
    }
}

/// The value of a header with the secret in place of its placeholder, if that is in it.
fn with(value: &HeaderValue, secret: &GuestSecret) -> Option<HeaderValue> {
    let text = std::str::from_utf8(value.as_bytes()).ok()?;
    let filled = filled(text, secret)?;
    HeaderValue::from_bytes(filled.as_bytes()).ok()
}

/// The same for a name and password in Base64.
fn with_basic(value: &HeaderValue, secret: &GuestSecret) -> Option<HeaderValue> {
    let text = value.to_str().ok()?;
    let (scheme, coded) = text.split_at_checked(BASIC.len())?;
    let decoded = scheme.eq_ignore_ascii_case(BASIC).then(|| STANDARD.decode(coded.trim()).ok()).flatten()?;
    let filled = filled(std::str::from_utf8(&decoded).ok()?, secret)?;
    HeaderValue::from_str(&format!("{BASIC}{}", STANDARD.encode(filled))).ok()
}

fn filled(text: &str, secret: &GuestSecret) -> Option<String> {
    let placeholder = secret.name.placeholder();
    text.contains(&placeholder).then(|| text.replace(&placeholder, secret.value.reveal()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::grants::Scheme;
    use crate::domain::{SecretName, SecretValue};

    fn sent(to: &str, name: &'static str, value: &str) -> String {
        let secret = GuestSecret {
            name: SecretName::parse("key").expect("a name"),
            hosts: vec!["api.example.com".parse().expect("a host"), "*.example.org:8443".parse().expect("hosts")],
            value: SecretValue::parse("s3cret-value é".to_owned()).expect("a value"),
        };
        let (scheme, authority) = to.split_once("://").expect("a URL");
        let scheme = if scheme == "https" { Scheme::Https } else { Scheme::Http };
        let target = Target::of(scheme, authority).expect("a target");
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_str(value).expect("a value"));
        SecretHeaders::new(vec![secret]).fill("GET", &target, &mut headers);
        String::from_utf8(headers[name].as_bytes().to_vec()).expect("text")
    }

    #[test]
    fn only_the_secrets_own_hosts_get_its_value() {
        let placeholder = "Bearer {cofferdam-secret:key}";
        for to in ["https://api.example.com", "https://api.example.com.:443", "https://a.b.example.org:8443"] {
            assert_eq!(sent(to, "authorization", placeholder), "Bearer s3cret-value é", "{to}");
        }
        for to in
            ["http://api.example.com", "https://api.example.com:444", "https://evil.example", "https://a.example.org"]
        {
            assert_eq!(sent(to, "authorization", placeholder), placeholder, "{to}");
        }
    }

    #[test]
    fn any_header_and_basic_authorization_are_filled_and_nothing_else() {
        let host = "https://api.example.com";
        assert_eq!(sent(host, "x-api-key", "a {cofferdam-secret:key} b"), "a s3cret-value é b");
        let basic = |text: &str| format!("Basic {}", STANDARD.encode(text));
        assert_eq!(sent(host, "authorization", &basic("me:{cofferdam-secret:key}")), basic("me:s3cret-value é"));
        for value in ["{cofferdam-secret:other}", "Basic ?", "{cofferdam-secret:key", "Basic"] {
            assert_eq!(sent(host, "authorization", value), value);
        }
    }
}
