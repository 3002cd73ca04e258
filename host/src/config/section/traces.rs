//! The table `[traces]`: where traces of jobs go.

use serde::{Deserialize, Serialize};

use crate::config::problems::Problems;
use crate::config::value::list;
use crate::domain::HttpAddress;
use crate::outbound::HttpRoots;

/// What an endpoint is that is none.
const NONE: &str = "none";

/// Where traces go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TracesSection {
    /// A collector that speaks OTLP over HTTP, such as `http://127.0.0.1:4318`; `none` sends nothing.
    pub endpoint: String,
    /// One job in so many is traced, chosen by its id; every node chooses alike.
    pub one_in: u32,
    /// Steps that may wait to be sent. More are dropped and counted: jobs never wait for a collector. A job that runs once
    /// has six, so this is a second of some 700 jobs, at half a KiB each.
    pub queue: u32,
    /// Files with certificates, in PEM, of authorities that are trusted beside those of the system. Read at the start.
    #[serde(with = "list")]
    pub roots: Vec<HttpRoots>,
}

impl Default for TracesSection {
    fn default() -> Self {
        Self { endpoint: NONE.to_owned(), one_in: 1, queue: 4_096, roots: Vec::new() }
    }
}

impl TracesSection {
    /// Where traces are posted, if they are.
    pub fn address(&self) -> Option<HttpAddress> {
        let base = Some(self.endpoint.trim_end_matches('/')).filter(|endpoint| *endpoint != NONE)?;
        // As for the variable `OTEL_EXPORTER_OTLP_ENDPOINT`: the path of each kind of telemetry is added.
        HttpAddress::parse(&format!("{base}/v1/traces")).ok()
    }

    pub(in crate::config) fn check(&self, problems: &mut Problems) {
        if self.endpoint != NONE && self.address().is_none() {
            let shown: String = self.endpoint.chars().take(100).collect();
            problems.add(
                "traces.endpoint",
                format!("is `{shown}`, which is no address; write one such as http://127.0.0.1:4318, or none"),
            );
        }
        problems.range("traces.one_in", &self.one_in, &(1..=1_000_000), "1 traces every job");
        problems.range("traces.queue", &self.queue, &(64..=1_048_576), "each step takes half a KiB");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_where_traces_are_posted() {
        let at = |endpoint: &str| {
            let section = TracesSection { endpoint: endpoint.to_owned(), ..TracesSection::default() };
            section.address().map(|address| address.to_string())
        };
        assert_eq!(at("none"), None);
        for endpoint in ["http://127.0.0.1:4318", "http://127.0.0.1:4318/"] {
            assert_eq!(at(endpoint).as_deref(), Some("http://127.0.0.1:4318/v1/traces"));
        }
        assert_eq!(at("https://otlp.example.org/x").as_deref(), Some("https://otlp.example.org/x/v1/traces"));
        assert_eq!(at("127.0.0.1:4318"), None);
    }
}
