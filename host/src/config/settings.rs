//! All settings together.

use std::net::SocketAddr;
use std::path::PathBuf;

use figment::value::{Dict, Value};
use serde::{Deserialize, Serialize};

use super::problems::Problems;
use super::section::server;
use super::value::texts;
use super::{
    AuditSection, ClientsSection, Database, GrantsSection, JobSection, LogSection, ModulesSection, NodeSection,
    RetentionSection, SandboxSection, SecretsSection, TlsSection, TracesSection, WebhooksSection,
};

/// What an operator can choose, resolved and checked. The default is what a host does without any settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where HTTP is served; port 0 picks a free one.
    #[serde(deserialize_with = "server::address")]
    pub listen: SocketAddr,
    /// Further names under which clients may reach the server, beside the address that it listens on: a web page that
    /// points its own name here (DNS rebinding) is refused by that. In a flag or a variable, joined by commas.
    #[serde(deserialize_with = "texts")]
    pub hosts: Vec<String>,
    /// The folder for everything that the host keeps. One process owns it.
    pub data_dir: PathBuf,
    /// Where jobs and modules are stored.
    pub database: Database,
    /// Further web pages that may use the server, by their whole origin, such as `https://dash.example.org`, beside those
    /// that it serves itself. In a flag or a variable, joined by commas.
    #[serde(deserialize_with = "texts")]
    pub origins: Vec<String>,
    /// How much is kept of who did what.
    pub audit: AuditSection,
    /// What is taken from clients.
    pub clients: ClientsSection,
    /// How connections are kept private.
    pub tls: TlsSection,
    /// What one job may use.
    pub job: JobSection,
    /// What this process may use.
    pub node: NodeSection,
    /// How much is kept of ended jobs.
    pub retention: RetentionSection,
    /// What modules may be granted.
    pub grants: GrantsSection,
    /// Whose modules are taken and run.
    pub modules: ModulesSection,
    /// How guests are compiled and run.
    pub sandbox: SandboxSection,
    /// What modules may use and never see.
    pub secrets: SecretsSection,
    /// Who is told when jobs end, and how.
    pub webhooks: WebhooksSection,
    /// Where traces of jobs go.
    pub traces: TracesSection,
    /// What the host says about itself.
    pub log: LogSection,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: server::LISTEN,
            hosts: Vec::new(),
            data_dir: server::data_dir(),
            database: Database::default(),
            origins: Vec::new(),
            audit: AuditSection::default(),
            clients: ClientsSection::default(),
            tls: TlsSection::default(),
            job: JobSection::default(),
            node: NodeSection::default(),
            retention: RetentionSection::default(),
            grants: GrantsSection::default(),
            modules: ModulesSection::default(),
            sandbox: SandboxSection::default(),
            secrets: SecretsSection::default(),
            webhooks: WebhooksSection::default(),
            traces: TracesSection::default(),
            log: LogSection::default(),
        }
    }
}

impl Settings {
    /// The settings as a table of tables, as they would be written in TOML.
    pub(super) fn table(&self) -> Dict {
        let value = Value::serialize(self).expect("settings are plain texts and numbers");
        value.into_dict().expect("a structure is a table")
    }

    /// What is out of range: key and sentence.
    pub(super) fn problems(&self) -> Vec<(&'static str, String)> {
        let mut problems = Problems::default();
        if self.data_dir.as_os_str().is_empty() {
            problems.add("data_dir", "is empty; write the path of a folder".to_owned());
        }
        if let Some(name) = self.hosts.iter().find(|name| !server::is_host_name(name)) {
            problems.add(
                "hosts",
                format!("has `{name}`, which is no name; write one without scheme and port, such as jobs.example.org"),
            );
        }
        if let Some(origin) = self.origins.iter().find(|origin| !server::is_origin(origin)) {
            problems.add(
                "origins",
                format!("has `{origin}`, which is no origin; write scheme, name and port, such as https://dash.example.org:8443"),
            );
        }
        self.tls.check(&mut problems);
        self.audit.check(&mut problems);
        self.clients.check(&mut problems);
        self.job.check(&mut problems);
        self.node.check(&mut problems);
        self.retention.check(&mut problems);
        self.grants.check(&mut problems);
        self.modules.check(&mut problems);
        self.sandbox.check(&mut problems);
        self.webhooks.check(&mut problems);
        self.traces.check(&mut problems);
        self.log.check(&mut problems);
        problems.into_inner()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Ceiling, ClientLimits, JobLimits, NodeLimits, RetentionRules, WebhookLimits};

    #[test]
    fn the_defaults_are_those_of_the_domain_and_are_valid() {
        let settings = Settings::default();
        assert_eq!(settings.job.limits(), JobLimits::default());
        assert_eq!(settings.node.limits(), NodeLimits::default());
        assert_eq!(settings.clients.limits(), ClientLimits::default());
        assert_eq!(settings.retention.rules(), RetentionRules::default());
        assert_eq!(settings.grants.ceiling(), Ceiling::default());
        assert_eq!(settings.webhooks.limits(), WebhookLimits::default());
        assert_eq!(settings.problems(), []);
    }
}
