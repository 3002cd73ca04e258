//! Where the server listens and keeps its data: `listen`, `data_dir` and `database`, which stand outside any table.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::config::value::{Written, read};

/// The address when nobody gives one: this machine alone, where no token is needed until the first one is made.
pub(in crate::config) const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 7171);

/// The data folder when nobody gives one, in the folder where the server was started.
pub(in crate::config) fn data_dir() -> PathBuf {
    PathBuf::from("cofferdam-data")
}

/// Where jobs and modules are stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Database {
    /// An `SQLite` file in the data folder.
    #[default]
    Sqlite,
    /// A PostgreSQL database, which several nodes may share.
    Postgres(DatabaseUrl),
}

/// A database's URL. Shown without its password.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The whole URL, for whoever connects with it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What can be shown: the password is left out.
    fn shown(&self) -> String {
        let (scheme, rest) = self.0.split_once("://").unwrap_or(("postgres", &self.0));
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        if query.contains('@') {
            // A password with a question mark in it, or something stranger: it cannot be told what is one.
            return format!("{scheme}://***");
        }
        let (user, place) = place.rsplit_once('@').unwrap_or(("", place));
        let user = match user.split_once(':') {
            Some((user, _)) => format!("{user}:***@"),
            None if user.is_empty() => String::new(),
            None => format!("{user}@"),
        };
        let query: Vec<_> = query.split('&').map(shown_parameter).collect();
        let query = query.join("&");
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{scheme}://{user}{place}{mark}{query}")
    }
}

/// A parameter of a URL; drivers take a password there, too.
fn shown_parameter(parameter: &str) -> String {
    match parameter.split_once('=') {
        Some((name, _)) if name.to_ascii_lowercase().contains("password") => format!("{name}=***"),
        _ => parameter.to_owned(),
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

impl Written for Database {
    const WHAT: &'static str = "a database such as sqlite or postgres://user@host/database";

    fn read(text: &str) -> Result<Self, String> {
        match text.split_once(':').map_or(text, |(scheme, _)| scheme) {
            "sqlite" if text == "sqlite" => Ok(Self::Sqlite),
            "sqlite" => {
                Err(format!("`{text}`: the SQLite file lies in the data folder; write sqlite and set data_dir"))
            }
            "postgres" | "postgresql" if text.contains("://") => Ok(Self::Postgres(DatabaseUrl(text.to_owned()))),
            // The text may hold a password, so it is not repeated.
            _ => Err("no such database; write sqlite or postgres://user@host/database".to_owned()),
        }
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite => f.write_str("sqlite"),
            Self::Postgres(url) => f.write_str(&url.shown()),
        }
    }
}

impl<'de> Deserialize<'de> for Database {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer)
    }
}

impl Serialize for Database {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Written for SocketAddr {
    const WHAT: &'static str = "an address such as 127.0.0.1:7171";

    fn read(text: &str) -> Result<Self, String> {
        let refuse = |_| {
            format!(
                "`{text}` is no address; write an IP address and a port, such as 127.0.0.1:7171, 0.0.0.0:7171 or [::1]:0"
            )
        };
        // People write `localhost`, which is a name and not an address; it can only mean one.
        text.replacen("localhost:", "127.0.0.1:", 1).parse().map_err(refuse)
    }
}

/// Reads `listen`.
pub(in crate::config) fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    read(deserializer)
}

/// Whether a text is a host's name or address, without scheme, port or path.
pub(in crate::config) fn is_host_name(text: &str) -> bool {
    let name = text.len() <= 253 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    !text.is_empty() && (name || text.parse::<std::net::IpAddr>().is_ok())
}

/// Whether a text is a web page's origin: `http` or `https`, a name, and a port where it is not the usual one.
pub(in crate::config) fn is_origin(text: &str) -> bool {
    let name = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    name.is_some_and(|name| {
        let (host, port) = match name.rsplit_once(':') {
            Some((host, port)) if !host.is_empty() && !port.ends_with(']') => (host, Some(port)),
            _ => (name, None),
        };
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        is_host_name(host) && port.is_none_or(|port| port.parse::<u16>().is_ok())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_sqlite_or_a_url_that_is_shown_without_its_password() {
        for (url, shown) in [
            ("postgres://somebody:secret@db/jobs", "postgres://somebody:***@db/jobs"),
            ("postgres://somebody:s@cr:et@db/jobs", "postgres://somebody:***@db/jobs"),
            ("postgresql://db/jobs", "postgresql://db/jobs"),
        ] {
            let database = Database::read(url).expect("a URL");
            assert_eq!(database.to_string(), shown);
            assert!(!format!("{database:?}").contains("secret"));
            assert!(matches!(database, Database::Postgres(kept) if kept.reveal() == url));
        }
        assert!(Database::read("postgres:secret").is_err_and(|error| !error.contains("secret")));
        assert_eq!(Database::read("sqlite"), Ok(Database::Sqlite));
        assert!(Database::read("sqlite://x.db").is_err());
        assert!(Database::read("mysql://db").is_err());
    }

    #[test]
    fn an_address_is_an_ip_address_with_a_port() {
        assert_eq!(SocketAddr::read("localhost:0").map(|address| address.to_string()), Ok("127.0.0.1:0".to_owned()));
        assert!(SocketAddr::read("[::1]:7171").is_ok());
        for text in ["7171", "127.0.0.1", "example.org:80"] {
            assert!(SocketAddr::read(text).is_err_and(|error| error.contains("127.0.0.1:7171")), "{text}");
        }
    }
}
