//! Where the server listens and keeps its data: `listen`, `data_dir` and `database`, which stand outside any table.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::config::value::{Written, read};

/// The address when nobody gives one: this machine alone, since requests are not authenticated yet.
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
}

impl Written for Database {
    const WHAT: &'static str = "a database such as sqlite";

    fn read(text: &str) -> Result<Self, String> {
        match text.split_once(':').map_or(text, |(scheme, _)| scheme) {
            "sqlite" if text == "sqlite" => Ok(Self::Sqlite),
            "sqlite" => {
                Err(format!("`{text}`: the SQLite file lies in the data folder; write sqlite and set data_dir"))
            }
            "postgres" | "postgresql" => {
                Err("PostgreSQL comes with the next version of Cofferdam; this one stores its data in SQLite: write \
                     sqlite or leave the setting out"
                    .to_owned())
            }
            _ => Err("no such database; write sqlite".to_owned()),
        }
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite => f.write_str("sqlite"),
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

/// Reads `hosts`: a list, or a text of names joined by commas.
pub(in crate::config) fn names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    struct Names;

    impl<'de> Visitor<'de> for Names {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of names such as [\"jobs.example.org\"]")
        }

        fn visit_str<E>(self, text: &str) -> Result<Vec<String>, E> {
            Ok(text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect())
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Vec<String>, A::Error> {
            let mut names = Vec::new();
            while let Some(name) = sequence.next_element()? {
                names.push(name);
            }
            Ok(names)
        }
    }

    deserializer.deserialize_any(Names)
}

/// Whether a text is a host's name or address, without scheme, port or path.
pub(in crate::config) fn is_host_name(text: &str) -> bool {
    let name = text.len() <= 253 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    !text.is_empty() && (name || text.parse::<std::net::IpAddr>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postgresql_is_refused_with_the_word_when_it_comes() {
        for url in ["postgres://somebody:secret@db/jobs", "postgresql://db/jobs"] {
            let error = Database::read(url).expect_err("not yet");
            assert!(error.contains("next version") && !error.contains("secret"), "{error}");
        }
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
