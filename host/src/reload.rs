//! What an operator may change under a running host: settings are read anew at SIGHUP, and those that can take effect do.
//!
//! Owns which values are shared with the services for that. What may change is said in `config/reload.rs`.

use std::net::SocketAddr;

use tokio_util::sync::CancellationToken;

use crate::api::{AllowedHosts, Setting, Tls};
use crate::config::{ConfigError, Resolved, Settings};
use crate::domain::{AuditLimits, Ceiling, ClientLimits, JobLimits, Live, RetentionRules};
use crate::lifecycle::Hangups;
use crate::registry::Trust;
use crate::telemetry::LogFilter;

/// How a running host comes to other settings.
pub struct Reload {
    /// Reads them from where they came from at the start.
    pub read: Box<dyn Fn() -> Result<Resolved, ConfigError> + Send + Sync>,
    /// What the host's own log lets through.
    pub log: LogFilter,
}

/// The values of settings that services read whenever they need them.
#[derive(Debug, Clone)]
pub(crate) struct LiveSettings {
    pub(crate) job_limits: Live<JobLimits>,
    pub(crate) ceiling: Live<Ceiling>,
    pub(crate) trust: Live<Trust>,
    pub(crate) audit: Live<AuditLimits>,
    pub(crate) retention: Live<RetentionRules>,
}

/// The values that only whoever serves HTTP reads.
#[derive(Debug, Clone)]
pub(crate) struct LiveServing {
    pub(crate) clients: Live<ClientLimits>,
    pub(crate) hosts: Live<AllowedHosts>,
    /// What is told of the settings.
    pub(crate) shown: Live<Vec<Setting>>,
    address: SocketAddr,
}

impl LiveSettings {
    fn set(&self, settings: &Settings) {
        self.job_limits.set(settings.job.limits());
        self.ceiling.set(settings.grants.ceiling());
        self.trust.set(settings.modules.trust());
        self.audit.set(settings.audit.limits());
        self.retention.set(settings.retention.rules());
    }
}

impl LiveServing {
    /// What settings say for a server that listens here.
    pub(crate) fn of(settings: &Settings, shown: Vec<Setting>, address: SocketAddr) -> Self {
        let hosts = allowed_hosts(settings, address);
        Self { clients: settings.clients.limits().into(), hosts: hosts.into(), shown: shown.into(), address }
    }

    /// Of what is told, the settings that wait for the next start stay as they were.
    fn set(&self, settings: &Settings, told: Vec<Setting>, waiting: &[String]) {
        let before = self.shown.get();
        let holds = |setting: Setting| match before.iter().find(|before| before.key == setting.key) {
            Some(before) if waiting.contains(&setting.key) => before.clone(),
            _ => setting,
        };
        self.shown.set(told.into_iter().map(holds).collect());
        self.clients.set(settings.clients.limits());
        self.hosts.set(allowed_hosts(settings, self.address));
    }
}

/// The names under which clients may reach this host.
fn allowed_hosts(settings: &Settings, address: SocketAddr) -> AllowedHosts {
    let hosts = settings.hosts.iter().fold(AllowedHosts::bound_to(address), |hosts, name| hosts.and(name));
    settings.origins.iter().fold(hosts, |hosts, origin| hosts.and_origin(origin))
}

/// What is read anew, and where it goes.
pub(crate) struct Reloading {
    pub(crate) reload: Reload,
    pub(crate) settings: Settings,
    pub(crate) live: LiveSettings,
    pub(crate) serving: LiveServing,
    pub(crate) tls: Option<Tls>,
}

impl Reloading {
    /// Reads the certificate anew when it has changed; and it and the settings whenever the operator says so.
    pub(crate) async fn run(mut self, mut hangups: Hangups, stop: CancellationToken) {
        let tls = self.tls.clone();
        let watched = async {
            match &tls {
                Some(tls) => tls.watch().await,
                None => std::future::pending().await,
            }
        };
        let told = async {
            loop {
                hangups.next().await;
                self.reload();
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = watched => {}
            () = told => {}
        }
    }

    fn reload(&mut self) {
        if let Some(tls) = &self.tls {
            tls.reload();
        }
        match (self.reload.read)().and_then(|new| Ok((self.settings.reloaded(&new.settings)?, new))) {
            Ok((next, new)) => self.take(next, &new),
            Err(error) => tracing::error!(%error, "the settings were not read anew; those from before hold"),
        }
    }

    /// Puts settings in force, and says which, and which wait for the next start.
    fn take(&mut self, next: Settings, new: &Resolved) {
        let (taken, waiting) = (self.settings.differing(&next), next.differing(&new.settings));
        if self.settings.log.filter != next.log.filter
            && let Err(error) = self.reload.log.set(&next.log)
        {
            tracing::error!(%error, "the log filter was not changed");
        }
        self.live.set(&next);
        self.serving.set(&next, new.each(), &waiting);
        self.settings = next;
        tracing::info!(changed = %taken.join(", "), "the settings were read anew");
        if !waiting.is_empty() {
            tracing::warn!(settings = %waiting.join(", "), "these take effect at the next start");
        }
    }
}
