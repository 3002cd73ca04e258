//! The table `[webhooks]`: how it is told that jobs have ended, and where.

use serde::{Deserialize, Serialize};

use crate::config::problems::Problems;
use crate::config::value::{Span, list};
use crate::domain::WebhookLimits;
use crate::domain::grants::Network;
use crate::outbound::HttpRoots;

/// How webhooks are told; see [`WebhookLimits`] for the reasons behind the defaults. In a flag or a variable, the entries of
/// a list are joined by commas.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhooksSection {
    /// Whether addresses of http are taken beside those of https.
    pub http: bool,
    /// Private addresses that may be told, such as `10.0.0.0/8`.
    #[serde(with = "list")]
    pub private_networks: Vec<Network>,
    /// Files with certificates, in PEM, of authorities that are trusted beside those of the system. Read at the start.
    #[serde(with = "list")]
    pub roots: Vec<HttpRoots>,
    /// How long one attempt may take.
    pub timeout: Span,
    /// The pauses after failed attempts; there are as many attempts as pauses, and one more.
    #[serde(with = "list")]
    pub retries: Vec<Span>,
    /// Attempts at once for one webhook on one node.
    pub concurrency: u32,
    /// A webhook whose every attempt failed for so long is switched off.
    pub disable_after: Span,
    /// Deliveries that may wait for one webhook before it is switched off.
    pub waiting: u64,
    /// For how long a former signing secret still signs, unless whoever replaces it says otherwise.
    pub rotation: Span,
    /// How long what was told is kept.
    pub kept_for: Span,
    /// How many events are kept.
    pub kept: u64,
}

impl Default for WebhooksSection {
    fn default() -> Self {
        let limits = WebhookLimits::default();
        Self {
            http: limits.http,
            private_networks: limits.private_networks,
            roots: Vec::new(),
            timeout: Span(limits.timeout),
            retries: limits.retries.into_iter().map(Span).collect(),
            concurrency: limits.concurrency,
            disable_after: Span(limits.disable_after),
            waiting: limits.waiting,
            rotation: Span(limits.rotation),
            kept_for: Span(limits.kept_for),
            kept: limits.kept,
        }
    }
}

impl WebhooksSection {
    /// The same as the program's own type.
    pub fn limits(&self) -> WebhookLimits {
        WebhookLimits {
            http: self.http,
            private_networks: self.private_networks.clone(),
            timeout: self.timeout.0,
            retries: self.retries.iter().map(|pause| pause.0).collect(),
            concurrency: self.concurrency,
            disable_after: self.disable_after.0,
            waiting: self.waiting,
            rotation: self.rotation.0,
            kept_for: self.kept_for.0,
            kept: self.kept,
        }
    }

    pub(in crate::config) fn check(&self, problems: &mut Problems) {
        let span = |text| Span(humantime::parse_duration(text).expect("written here"));
        for (key, value, low, high, reason) in [
            ("webhooks.timeout", self.timeout, "100ms", "2m", "an attempt holds a connection"),
            ("webhooks.disable_after", self.disable_after, "1s", "3650d", "a receiver may be down for a while"),
            ("webhooks.rotation", self.rotation, "0s", "3650d", "a former secret may be known to others"),
            ("webhooks.kept_for", self.kept_for, "1m", "3650d", "what is gone cannot be sent again"),
        ] {
            problems.range(key, &value, &(span(low)..=span(high)), reason);
        }
        problems.range("webhooks.concurrency", &self.concurrency, &(1..=WebhookLimits::AT_ONCE), "each holds a socket");
        for (key, value) in [("webhooks.waiting", self.waiting), ("webhooks.kept", self.kept)] {
            problems.range(key, &value, &(100..=100_000_000), "each takes some 3 KiB of the database");
        }
        if self.retries.len() > 100 {
            problems.add("webhooks.retries", format!("has {} pauses; 100 are the most", self.retries.len()));
        }
        for pause in &self.retries {
            let reason = "a receiver needs time, and a database does not wait for ever";
            problems.range("webhooks.retries", pause, &(span("10ms")..=span("30d")), reason);
        }
    }
}
