//! One entry of what a module may call over HTTP.

use std::fmt;
use std::str::FromStr;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::ser::SerializeStruct as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::target::{port_number, split_port};
use super::{HostPattern, InvalidHost, Target};

/// How a host is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// In clear.
    Http,
    /// Over TLS.
    Https,
}

/// The ports that an entry is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PortPattern {
    /// `*`: every port.
    Any,
    /// One.
    One(u16),
}

/// A scheme, hosts, a port and methods that a module may use.
///
/// Written as a text (`api.example.com`, `*.example.org:8443`, `http://127.0.0.1:8080`: https on its usual port and every
/// method unless the text says otherwise), or as an object with the same text in `host` and, beside it, `methods` and
/// `private`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpGrant {
    /// How.
    pub scheme: Scheme,
    /// Whom.
    pub host: HostPattern,
    /// At which port.
    pub port: PortPattern,
    /// With which methods, in capitals; empty for all.
    pub methods: Vec<String>,
    /// Whether its addresses may be private ones, as far as the operator's ceiling has them.
    pub private: bool,
}

/// The text is no entry of what may be called.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidHttpGrant {
    /// The host is wrong.
    #[error(transparent)]
    Host(#[from] InvalidHost),
    /// Something around the host is wrong.
    #[error(
        "`{0}` is no host that can be granted; write `api.example.com`, `*.example.org:8443` or `http://127.0.0.1:8080`, without a path"
    )]
    Shape(String),
}

/// The longest method; those of the registry are shorter.
const METHOD_BYTES: usize = 32;

impl Scheme {
    /// The port when nobody names one.
    pub const fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }

    /// As in a URL.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl HttpGrant {
    /// Whether it lets a request through.
    pub fn allows(&self, method: &str, target: &Target) -> bool {
        self.scheme == target.scheme
            && self.host.matches(&target.host)
            && self.port.covers(PortPattern::One(target.port))
            && (self.methods.is_empty() || self.methods.iter().any(|own| own == method))
    }

    /// Whether it lets through everything that `other` does, addresses aside.
    pub fn covers(&self, other: &Self) -> bool {
        let has_methods = self.methods.is_empty()
            || !other.methods.is_empty() && other.methods.iter().all(|one| self.methods.contains(one));
        self.scheme == other.scheme && self.host.covers(&other.host) && self.port.covers(other.port) && has_methods
    }

    /// Whether it means one host and one port.
    pub fn is_exact(&self) -> bool {
        self.host.is_exact() && self.port != PortPattern::Any
    }

    /// The text without methods and privacy.
    fn place(&self) -> String {
        let scheme = if self.scheme == Scheme::Https { "" } else { "http://" };
        let port = match self.port {
            PortPattern::Any => ":*".to_owned(),
            PortPattern::One(port) if port == self.scheme.port() => String::new(),
            PortPattern::One(port) => format!(":{port}"),
        };
        format!("{scheme}{}{port}", self.host)
    }
}

impl PortPattern {
    fn covers(self, other: Self) -> bool {
        self == Self::Any || self == other
    }
}

impl FromStr for HttpGrant {
    type Err = InvalidHttpGrant;

    fn from_str(text: &str) -> Result<Self, InvalidHttpGrant> {
        let invalid = || InvalidHttpGrant::Shape(text.chars().take(100).collect());
        let (scheme, place) = match text.split_once("://") {
            None => (Scheme::Https, text),
            Some(("https", place)) => (Scheme::Https, place),
            Some(("http", place)) => (Scheme::Http, place),
            Some(_) => return Err(invalid()),
        };
        let (host, port) = split_port(place).ok_or_else(invalid)?;
        let port = match port {
            None => PortPattern::One(scheme.port()),
            Some("*") => PortPattern::Any,
            Some(port) => PortPattern::One(port_number(port).ok_or_else(invalid)?),
        };
        Ok(Self { scheme, host: host.parse()?, port, methods: Vec::new(), private: false })
    }
}

impl fmt::Display for HttpGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.methods.is_empty() {
            write!(f, "{} ", self.methods.join(","))?;
        }
        f.write_str(&self.place())?;
        if self.private { f.write_str(" (private)") } else { Ok(()) }
    }
}

impl Serialize for HttpGrant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.methods.is_empty() && !self.private {
            return serializer.serialize_str(&self.place());
        }
        let mut object = serializer.serialize_struct("HttpGrant", 3)?;
        object.serialize_field("host", &self.place())?;
        object.serialize_field("methods", &self.methods)?;
        object.serialize_field("private", &self.private)?;
        object.end()
    }
}

/// The object form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    host: Place,
    #[serde(default)]
    methods: Vec<Method>,
    #[serde(default)]
    private: bool,
}

struct Place(HttpGrant);

struct Method(String);

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map(Self).map_err(de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Method {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let is_method = (1..=METHOD_BYTES).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-');
        if is_method {
            Ok(Self(text))
        } else {
            Err(de::Error::custom(format!(
                "`{}` is no method in capitals, such as `GET`",
                text.chars().take(50).collect::<String>()
            )))
        }
    }
}

impl<'de> Deserialize<'de> for HttpGrant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = HttpGrant;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a host such as \"api.example.com\", or an object with `host`, `methods` and `private`")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<HttpGrant, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<HttpGrant, A::Error> {
                let Written { host: Place(grant), methods, private } =
                    Written::deserialize(MapAccessDeserializer::new(map))?;
                let methods = methods.into_iter().map(|Method(method)| method).collect();
                Ok(HttpGrant { methods, private, ..grant })
            }
        }

        deserializer.deserialize_any(Reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(text: &str) -> HttpGrant {
        text.parse().expect(text)
    }

    fn target(scheme: Scheme, authority: &str) -> Target {
        Target::of(scheme, authority).expect(authority)
    }

    #[test]
    fn a_text_means_https_on_its_port_with_every_method() {
        let api = grant("api.example.com");
        assert!(api.allows("GET", &target(Scheme::Https, "api.example.com")));
        assert!(api.allows("DELETE", &target(Scheme::Https, "API.example.com.:443")));
        assert!(!api.allows("GET", &target(Scheme::Http, "api.example.com")));
        assert!(!api.allows("GET", &target(Scheme::Http, "api.example.com:443")));
        assert!(!api.allows("GET", &target(Scheme::Https, "api.example.com:8443")));
        assert!(!api.allows("GET", &target(Scheme::Https, "b.example.com")));
        assert!(grant("*.example.org:8443").allows("PUT", &target(Scheme::Https, "a.example.org:8443")));
    }

    #[test]
    fn an_object_can_narrow_the_methods() {
        let read: HttpGrant =
            serde_json::from_str(r#"{"host": "http://127.0.0.1:8080", "methods": ["GET", "HEAD"]}"#).expect("a grant");
        let local = target(Scheme::Http, "127.0.0.1:8080");
        assert!(read.allows("GET", &local) && !read.allows("POST", &local) && !read.allows("get", &local));
        for wrong in [r#"{"host": "a.example", "methods": ["get"]}"#, r#"{"methods": []}"#, "7", "[]", r#""ftp://a""#] {
            assert!(serde_json::from_str::<HttpGrant>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_ceiling_covers_what_is_no_wider_than_itself() {
        let any = grant("https://*:*");
        assert!(any.covers(&grant("*.example.org:8443")) && any.covers(&grant("api.example.com")));
        assert!(!any.covers(&grant("http://api.example.com")) && !grant("*").covers(&any));
        assert!(grant("*.example.org:*").covers(&grant("a.example.org:1")));
        assert!(!grant("a.example").covers(&grant("*.a.example")));
        let get = HttpGrant { methods: vec!["GET".to_owned()], ..grant("a.example") };
        assert!(grant("a.example").covers(&get) && !get.covers(&grant("a.example")) && get.covers(&get));
    }

    #[test]
    fn paths_and_odd_ports_are_refused() {
        for text in ["https://a.example/", "a.example:http", "a.example:0", "https://", "https://u@a.example", "a:1:2"]
        {
            assert!(text.parse::<HttpGrant>().is_err(), "{text}");
        }
    }
}
