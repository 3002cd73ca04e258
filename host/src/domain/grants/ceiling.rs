//! The operator's ceiling: what may be granted at all.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;

use super::dir::is_plain_host_path;
use super::{Grants, HostPattern, HttpGrant, Network, PortPattern, Scheme, Target, is_public, is_reserved};
use crate::domain::JobLimits;

/// What may be granted on this host. The default lets modules be granted the public Internet over TLS, and variables,
/// which are texts that the operator writes anyway; nothing of this machine and of the networks around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ceiling {
    /// Hosts, without methods.
    pub http: Vec<HttpGrant>,
    /// Private addresses that a grant for one host and port may lead to.
    pub private_networks: Vec<Network>,
    /// Folders that may be granted with all that is below them.
    pub dirs: Vec<DirRoot>,
    /// Names of variables.
    pub env: Vec<EnvPattern>,
}

/// A folder below which folders may be granted; written `/srv/data`, or `/srv/out:rw` where modules may write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirRoot {
    /// Its absolute path.
    pub path: PathBuf,
    /// Whether grants below it may be writable.
    pub write: bool,
}

/// Names of variables: one, or with `*` at its end all that begin so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvPattern(String);

/// One place in the grants that is wrong, or outside of the ceiling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantFault {
    /// JSON pointer into the grants, such as `/http/0`.
    pub pointer: String,
    /// What is wrong there and what would be right.
    pub detail: String,
}

/// The most entries of a kind; more would be a list that nobody reads.
const ENTRIES: usize = 64;
/// The longest value of a variable, in bytes.
const ENV_BYTES: usize = 32 << 10;

impl Default for Ceiling {
    fn default() -> Self {
        let everything = Self::everything();
        let http = everything.http.into_iter().filter(|http| http.scheme == Scheme::Https).collect();
        Self { http, private_networks: Vec::new(), dirs: Vec::new(), env: everything.env }
    }
}

impl Ceiling {
    /// No ceiling but what no setting opens, for one who is the operator and grants in one person.
    pub fn everything() -> Self {
        let any = |scheme| HttpGrant {
            scheme,
            host: HostPattern::Any,
            port: PortPattern::Any,
            methods: Vec::new(),
            private: false,
        };
        Self {
            http: vec![any(Scheme::Https), any(Scheme::Http)],
            private_networks: vec![Network::ALL_V4, Network::ALL_V6],
            dirs: vec![DirRoot { path: PathBuf::from("/"), write: true }],
            env: vec![EnvPattern("*".to_owned())],
        }
    }
}

impl GrantFault {
    /// A fault at this place.
    pub fn at(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into() }
    }
}

impl fmt::Display for GrantFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.pointer, self.detail)
    }
}

impl Ceiling {
    /// Everything in the grants that this host does not allow, as far as it can be known without looking at folders.
    pub fn faults(&self, grants: &Grants, limits: &JobLimits) -> Vec<GrantFault> {
        let mut faults = Vec::new();
        let Grants { http, env, dirs, secrets, .. } = grants;
        for (field, entries) in
            [("http", http.len()), ("env", env.len()), ("dirs", dirs.len()), ("secrets", secrets.len())]
        {
            if entries > ENTRIES {
                faults.push(GrantFault::at(
                    format!("/{field}"),
                    format!("has {entries} entries; {ENTRIES} are the most"),
                ));
            }
        }
        for (at, http) in grants.http.iter().take(ENTRIES).enumerate() {
            faults.extend(self.http_fault(http).map(|detail| GrantFault::at(format!("/http/{at}"), detail)));
        }
        for (name, value) in grants.env.iter().take(ENTRIES) {
            let pointer = || format!("/env/{}", name.replace('~', "~0").replace('/', "~1"));
            faults.extend(self.env_fault(name, value).map(|detail| GrantFault::at(pointer(), detail)));
        }
        self.dir_faults(grants, &mut faults);
        self.secret_faults(grants, &mut faults);
        grants.limits.faults(limits, &mut faults);
        faults
    }

    /// Whether a private address may be reached by a grant that asks for it.
    pub fn has_private(&self, address: IpAddr) -> bool {
        !is_reserved(address) && self.private_networks.iter().any(|network| network.contains(address))
    }

    /// Whether a request may be granted at all.
    pub fn allows(&self, method: &str, target: &Target) -> bool {
        self.http.iter().any(|http| http.allows(method, target))
    }

    fn http_fault(&self, grant: &HttpGrant) -> Option<String> {
        if !self.http.iter().any(|allowed| allowed.covers(grant)) {
            return Some(format!(
                "is {grant}; this host lets be granted: {} (setting grants.http)",
                listed(&self.http)
            ));
        }
        if !grant.private {
            return None;
        }
        let networks = || listed(&self.private_networks);
        if !grant.is_exact() {
            return Some("has `private` for more than one host and port; name the very host and port".to_owned());
        }
        if self.private_networks.is_empty() {
            return Some(
                "has `private`, but this host lets no private address be granted (setting grants.private_networks)"
                    .to_owned(),
            );
        }
        match &grant.host {
            HostPattern::Address(address) if !is_public(*address) && !self.has_private(*address) => Some(format!(
                "is {address}; the private addresses that this host lets be granted are {} (setting grants.private_networks)",
                networks()
            )),
            _ => None,
        }
    }

    fn env_fault(&self, name: &str, value: &str) -> Option<String> {
        if name.is_empty() || name.contains(['=', '\0']) {
            return Some("is no name of a variable; it must not be empty, nor hold `=` or a NUL".to_owned());
        }
        if value.len() > ENV_BYTES || value.contains('\0') {
            return Some(format!("must have at most {ENV_BYTES} bytes and no NUL"));
        }
        let allowed = self.env.iter().any(|pattern| pattern.matches(name));
        (!allowed).then(|| {
            format!(
                "is not among the variables that this host lets be granted: {} (setting grants.env)",
                listed(&self.env)
            )
        })
    }

    fn dir_faults(&self, grants: &Grants, faults: &mut Vec<GrantFault>) {
        for (at, dir) in grants.dirs.iter().take(ENTRIES).enumerate() {
            let mut fault =
                |field: &str, detail: String| faults.push(GrantFault::at(format!("/dirs/{at}{field}"), detail));
            if !is_plain_host_path(&dir.host) {
                fault("/host", "must be an absolute path without `.` and `..`".to_owned());
            }
            if grants.dirs[..at].iter().any(|other| other.guest == dir.guest) {
                fault("/guest", format!("is `{}`, as that of an entry before it", dir.guest));
            }
            if self.dirs.is_empty() {
                fault("", "is a folder, but this host lets no folder be granted (setting grants.dirs)".to_owned());
            }
        }
    }

    fn secret_faults(&self, grants: &Grants, faults: &mut Vec<GrantFault>) {
        for (at, secret) in grants.secrets.iter().take(ENTRIES).enumerate() {
            let mut fault = |detail: String| faults.push(GrantFault::at(format!("/secrets/{at}/env"), detail));
            if let Some(detail) = self.env_fault(&secret.env, "") {
                fault(detail);
            }
            let is_taken = grants.env.contains_key(&secret.env)
                || grants.secrets[..at].iter().any(|other| other.env == secret.env);
            if is_taken {
                fault(format!("is `{}`, a variable that has another value already", secret.env));
            }
        }
    }

    /// Why a folder cannot be granted that really lies at `real`; roots are given as they really are, too.
    pub fn real_dir_fault(roots: &[DirRoot], real: &std::path::Path, write: bool) -> Option<String> {
        let above = || roots.iter().filter(|root| real.starts_with(&root.path));
        if above().next().is_none() {
            return Some("lies outside of the folders that this host lets be granted (setting grants.dirs)".to_owned());
        }
        (write && !above().any(|root| root.write)).then(|| {
            "is to be writable, but this host lets it be granted for reading alone (setting grants.dirs, `:rw`)"
                .to_owned()
        })
    }
}

fn listed<T: fmt::Display>(entries: &[T]) -> String {
    if entries.is_empty() {
        return "nothing".to_owned();
    }
    entries.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl EnvPattern {
    fn matches(&self, name: &str) -> bool {
        match self.0.strip_suffix('*') {
            Some(begin) => name.starts_with(begin),
            None => name == self.0,
        }
    }
}

impl FromStr for EnvPattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let name = text.strip_suffix('*').unwrap_or(text);
        if text.is_empty() || name.contains(['=', '*', '\0', ',']) {
            return Err(format!("`{text}` is no name of a variable; write `MODE`, `APP_*` or `*`"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for EnvPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for DirRoot {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (path, write) = match text.strip_suffix(":rw") {
            Some(path) => (path, true),
            None => (text, false),
        };
        let path = PathBuf::from(path);
        if is_plain_host_path(&path) {
            Ok(Self { path, write })
        } else {
            Err(format!(
                "`{text}` is no folder; write an absolute path such as `/srv/data`, with `:rw` behind it where modules may write"
            ))
        }
    }
}

impl fmt::Display for DirRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.path.display(), if self.write { ":rw" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn faults(ceiling: &Ceiling, grants: &str) -> Vec<String> {
        let grants = Grants::from_json(grants).expect(grants);
        ceiling.faults(&grants, &JobLimits::default()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn by_default_the_public_internet_and_variables_may_be_granted_and_nothing_else() {
        let ceiling = Ceiling::default();
        let fine = r#"{"http": ["api.example.com", "*.example.org:8443", "*"], "env": {"A": "b"}, "limits": {"memory": 1000}}"#;
        assert_eq!(faults(&ceiling, fine), [""; 0]);
        let text = r#"{"http": ["http://a.example", {"host": "a.example", "private": true}],
            "dirs": [{"host": "/srv", "guest": "/data"}], "limits": {"memory": 999999999999}}"#;
        let told = faults(&ceiling, text);
        let expected = [
            "`/http/0` is http://a.example; this host lets be granted: *:* (setting grants.http)",
            "`/http/1` has `private`, but this host lets no private address be granted (setting grants.private_networks)",
            "`/dirs/0` is a folder, but this host lets no folder be granted (setting grants.dirs)",
            "`/limits/memory` is 999999999999; this host allows at most 268435456",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn private_addresses_are_for_one_host_and_port_within_the_networks() {
        let ceiling = Ceiling {
            http: vec!["http://*:*".parse().expect("a pattern")],
            private_networks: vec!["127.0.0.0/8".parse().expect("a network")],
            ..Ceiling::default()
        };
        assert_eq!(faults(&ceiling, r#"{"http": [{"host": "http://127.0.0.1:8080", "private": true}]}"#), [""; 0]);
        for (grant, words) in [
            ("http://*:8080", "name the very host"),
            ("http://a.example:*", "name the very host"),
            ("http://10.0.0.1", "127.0.0.0/8"),
            ("http://169.254.169.254", "127.0.0.0/8"),
        ] {
            let told = faults(&ceiling, &format!(r#"{{"http": [{{"host": "{grant}", "private": true}}]}}"#));
            assert!(told.len() == 1 && told[0].contains(words), "{grant}: {told:?}");
        }
        assert!(!ceiling.has_private("10.0.0.1".parse().expect("an address")));
        let all = Ceiling { private_networks: vec!["0.0.0.0/0".parse().expect("a network")], ..ceiling };
        assert!(!all.has_private("169.254.169.254".parse().expect("an address")), "no setting opens metadata");
    }

    #[test]
    fn folders_lie_below_a_root_and_are_writable_where_it_is() {
        let roots: Vec<DirRoot> = ["/srv/data", "/srv/data/out:rw"].map(|text| text.parse().expect(text)).to_vec();
        let fault = |path: &str, write| Ceiling::real_dir_fault(&roots, Path::new(path), write);
        assert_eq!((fault("/srv/data/x", false), fault("/srv/data", false)), (None, None));
        assert_eq!(fault("/srv/data/out/x", true), None);
        assert!(fault("/srv/data/x", true).is_some_and(|text| text.contains("for reading alone")));
        assert!(fault("/srv/database", false).is_some_and(|text| text.contains("outside")));
        for text in ["", "srv", "/srv/../etc", ":rw"] {
            assert!(text.parse::<DirRoot>().is_err(), "{text}");
        }
    }

    #[test]
    fn variables_have_names_that_a_system_takes() {
        let ceiling = Ceiling { env: vec!["APP_*".parse().expect("a pattern")], ..Ceiling::default() };
        assert_eq!(faults(&ceiling, r#"{"env": {"APP_MODE": "x"}}"#), [""; 0]);
        assert!(faults(&ceiling, r#"{"env": {"PATH": "x"}}"#)[0].contains("APP_*"));
        let secrets =
            r#"{"env": {"APP_A": "x"}, "secrets": [{"name": "k", "env": "APP_A"}, {"name": "l", "env": "B"}]}"#;
        let told = faults(&ceiling, secrets);
        assert!(
            told.len() == 2 && told[0].contains("`/secrets/0/env` is `APP_A`") && told[1].contains("APP_*"),
            "{told:?}"
        );
        assert!(faults(&ceiling, r#"{"env": {"A=B": "x", "": ""}}"#).iter().all(|fault| fault.contains("no name")));
        for text in ["", "A=B", "*A"] {
            assert!(text.parse::<EnvPattern>().is_err(), "{text}");
        }
    }
}
