//! What every handler can reach: the services below, the limits, and the node's shutdown.
//!
//! A handler's future is dropped when its client goes away. What changes state therefore runs as a task of its own, so
//! that it is either not begun or done as a whole.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::problem::{INTERNAL, NO_TOKENS_HERE, NO_WEBHOOKS_HERE, Problem};
use super::{AllowedHosts, Metrics, Setting, StreamSeats};
use crate::access::Access;
use crate::domain::{ClientLimits, JobLimits, Live, NodeLimits};
use crate::registry::{Registry, Vault};
use crate::scheduler::JobScheduler;
use crate::webhooks::Webhooks;

/// What the API needs to answer. Made once, by the program that embeds it.
pub struct ApiState {
    /// Jobs.
    pub scheduler: JobScheduler,
    /// Modules.
    pub registry: Registry,
    /// Who may come in; `None` when the program that embeds this asks for tokens, or whatever else, itself.
    pub access: Option<Access>,
    /// Secrets.
    pub vault: Vault,
    /// Who is told when jobs end; `None` when the program that embeds this tells them itself.
    pub webhooks: Option<Webhooks>,
    /// What a job may use; shown with each module.
    pub limits: Live<JobLimits>,
    /// What the node takes from its clients.
    pub node: NodeLimits,
    /// What it takes from one client, and from all together.
    pub clients: Live<ClientLimits>,
    /// What the operator chose, shown to administrators; empty when the program that embeds this has no such settings.
    pub settings: Live<Vec<Setting>>,
    /// What `/metrics` shows; `None` when the program that embeds this keeps the figures itself.
    pub metrics: Option<Metrics>,
    /// The names under which clients may reach this host.
    pub hosts: Live<AllowedHosts>,
    /// The log streams that each client address holds.
    pub streams: Arc<StreamSeats>,
    /// Cancelled when the host goes down: streams are cut then, and `/readyz` says no.
    pub shutdown: CancellationToken,
    /// Counts the changes and streams that are still under way; the host waits for them before it ends.
    pub tracker: TaskTracker,
}

impl ApiState {
    /// The API of a host that is bound to `address`, with the usual number of streams for each client. It lets everybody
    /// in until `access` is set, to the one of a [`Host`](crate::app::Host) for instance.
    ///
    /// Of `limits`, the first are shown with each module and the second hold for clients. Of `ending`, the token is
    /// cancelled when the host goes down, and the tracker is what it then waits for.
    pub fn new(
        scheduler: JobScheduler,
        (registry, vault): (Registry, Vault),
        limits: (JobLimits, NodeLimits),
        address: SocketAddr,
        ending: (CancellationToken, TaskTracker),
    ) -> Self {
        Self {
            scheduler,
            registry,
            access: None,
            vault,
            webhooks: None,
            limits: limits.0.into(),
            node: limits.1,
            clients: Live::default(),
            settings: Live::default(),
            metrics: None,
            hosts: AllowedHosts::bound_to(address).into(),
            streams: Arc::default(),
            shutdown: ending.0,
            tracker: ending.1,
        }
    }

    /// Who may come in, for what administers it.
    pub(crate) fn access(&self) -> Result<&Access, Problem> {
        let detail = "whoever runs this host lets callers in by another way; there are no tokens here";
        self.access.as_ref().ok_or_else(|| Problem::new(NO_TOKENS_HERE, detail))
    }

    /// Who is told when jobs end.
    pub(crate) fn webhooks(&self) -> Result<&Webhooks, Problem> {
        let detail = "whoever runs this host tells of jobs in another way; there are no webhooks here";
        self.webhooks.as_ref().ok_or_else(|| Problem::new(NO_WEBHOOKS_HERE, detail))
    }

    /// Runs a state change to its end, whatever becomes of the client, and answers what it came to.
    pub(crate) async fn change<T, E>(
        &self,
        work: impl Future<Output = Result<T, E>> + Send + 'static,
    ) -> Result<T, Problem>
    where
        T: Send + 'static,
        E: Into<Problem> + Send + 'static,
    {
        match self.tracker.spawn(work).await {
            Ok(outcome) => outcome.map_err(Into::into),
            Err(panicked) => {
                tracing::error!(error = %panicked, "a state change panicked");
                Err(Problem::of(INTERNAL))
            }
        }
    }
}

/// The state as the router carries it.
pub(crate) type Shared = Arc<ApiState>;
