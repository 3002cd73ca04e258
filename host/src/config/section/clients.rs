//! The table `[clients]`: what the host takes from the clients of its API.

use serde::{Deserialize, Serialize};

use crate::config::problems::Problems;
use crate::config::value::Span;
use crate::domain::ClientLimits;

/// What clients may do; see [`ClientLimits`] for the reasons behind the defaults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientsSection {
    /// Connections at once.
    pub connections: u32,
    /// Connections of one address.
    pub connections_each: u32,
    /// How long a new connection may take until its first header block is whole.
    pub header_time: Span,
    /// How long a connection may rest between two requests.
    pub idle_time: Span,
    /// Requests a second of one token, or of one address where no token is shown.
    pub requests_per_second: u32,
    /// Requests a minute from one address that show no token that holds.
    pub failures_per_minute: u32,
}

impl Default for ClientsSection {
    fn default() -> Self {
        let limits = ClientLimits::default();
        let number = |number: usize| u32::try_from(number).expect("the defaults are small");
        Self {
            connections: number(limits.connections),
            connections_each: number(limits.connections_each),
            header_time: Span(limits.header_time),
            idle_time: Span(limits.idle_time),
            requests_per_second: limits.requests_per_second,
            failures_per_minute: limits.failures_per_minute,
        }
    }
}

impl ClientsSection {
    /// The same as the program's own type.
    pub fn limits(&self) -> ClientLimits {
        ClientLimits {
            connections: self.connections as usize,
            connections_each: self.connections_each as usize,
            header_time: self.header_time.0,
            idle_time: self.idle_time.0,
            requests_per_second: self.requests_per_second,
            failures_per_minute: self.failures_per_minute,
        }
    }

    pub(in crate::config) fn check(&self, problems: &mut Problems) {
        let span = |text| Span(humantime::parse_duration(text).expect("written here"));
        for (key, value, low, high, reason) in [
            ("clients.connections", self.connections, 16, 65_536, "each takes a file descriptor"),
            ("clients.connections_each", self.connections_each, 8, 65_536, "a browser alone opens six"),
            ("clients.requests_per_second", self.requests_per_second, 1, 10_000_000, "less lets nobody in"),
            ("clients.failures_per_minute", self.failures_per_minute, 1, 1_000_000, "a person mistypes, too"),
        ] {
            problems.range(key, &value, &(low..=high), reason);
        }
        for (key, value, low, high, reason) in [
            ("clients.header_time", self.header_time, "100ms", "1m", "a header block is sent at once"),
            ("clients.idle_time", self.idle_time, "1s", "10m", "a resting connection takes a place"),
        ] {
            problems.range(key, &value, &(span(low)..=span(high)), reason);
        }
    }
}
