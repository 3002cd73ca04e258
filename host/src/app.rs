//! Wiring: what a host is made of, built in one place and taken down in order.
//!
//! [`Host`] is the whole job engine without HTTP, for programs that embed it; [`serve`] adds the HTTP API and the
//! signals of the operating system.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::access::Access;
use crate::api::{self, ApiState, Metrics, Tls, event_bodies};
use crate::config::{Database, Resolved, Settings};
use crate::domain::{
    AuditLimits, Ceiling, Clock, CompileLimits, JobLimits, NodeLimits, RetentionRules, SystemClock, WebhookLimits,
};
use crate::lifecycle::{self, Hangups, Signals};
use crate::outbound::{HttpRoots, Resolver, SystemResolver};
use crate::registry::{Registry, Rules, Trust, Vault};
use crate::reload::{LiveServing, LiveSettings, Reload, Reloading};
use crate::sandbox::{Compiler, Sandbox, SandboxConfig, SandboxError};
use crate::scheduler::{JobScheduler, SchedulerParts};
use crate::store::{Location, OpenError, Store, StoreError};
use crate::traces::Traces;
use crate::webhooks::{WebhookParts, Webhooks};

/// How long requests that are under way may take once the host goes down.
const LAST_REQUESTS: Duration = Duration::from_secs(5);

/// How often figures are folded.
const FOLD_FIGURES: Duration = Duration::from_secs(10);

/// A host for one process runs one job; the pool behind each slot is not needed more often.
const LOCAL_SLOTS: u32 = 4;

/// What a host is to be like.
pub struct HostOptions {
    /// The folder for everything that the host keeps; this process owns it.
    pub data_dir: PathBuf,
    /// Where jobs and modules are kept.
    pub database: Database,
    /// Where compiled code is kept; `None` compiles each module once a process.
    pub cache_dir: Option<PathBuf>,
    /// The most that compiled code may take on disk.
    pub cache_bytes: u64,
    /// Where components are compiled.
    pub compiler: Compiler,
    /// What compiling one component may take.
    pub compile_limits: CompileLimits,
    /// Whose modules are taken and run.
    pub trust: Trust,
    /// What one job may use.
    pub job_limits: JobLimits,
    /// What this process may use.
    pub node_limits: NodeLimits,
    /// How much is kept of who did what over HTTP.
    pub audit: AuditLimits,
    /// How much is kept of ended jobs.
    pub retention: RetentionRules,
    /// What modules may be granted.
    pub ceiling: Ceiling,
    /// Whom their connections over TLS trust beside the system's authorities.
    pub http_roots: Vec<HttpRoots>,
    /// Who looks up the names of the hosts that they call.
    pub resolver: Arc<dyn Resolver>,
    /// The file with the key that seals secrets; it is made when there is none.
    pub secrets_key_file: PathBuf,
    /// How it is told that jobs have ended.
    pub webhooks: WebhookLimits,
    /// Whom the connections of webhooks over TLS trust beside the system's authorities.
    pub webhook_roots: Vec<HttpRoots>,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
}

impl HostOptions {
    /// A host in this folder, with the default limits. Where components are compiled has to be said: modules of strangers
    /// want a worker.
    pub fn in_folder(data_dir: impl Into<PathBuf>, compiler: Compiler) -> Self {
        let data_dir = data_dir.into();
        Self {
            cache_dir: Some(data_dir.join("compiled")),
            cache_bytes: SandboxConfig::CACHE_BYTES,
            compiler,
            compile_limits: CompileLimits::default(),
            trust: Trust::default(),
            secrets_key_file: data_dir.join("secrets.key"),
            data_dir,
            database: Database::Sqlite,
            job_limits: JobLimits::default(),
            node_limits: NodeLimits::default(),
            audit: AuditLimits::default(),
            retention: RetentionRules::default(),
            ceiling: Ceiling::default(),
            http_roots: Vec::new(),
            resolver: Arc::new(SystemResolver),
            webhooks: WebhookLimits::default(),
            webhook_roots: Vec::new(),
            clock: Arc::new(SystemClock),
        }
    }

    /// What an operator chose.
    pub fn of(settings: &Settings, compiler: Compiler) -> Self {
        Self {
            data_dir: settings.data_dir.clone(),
            database: settings.database.clone(),
            cache_dir: Some(settings.sandbox.cache_dir(&settings.data_dir)),
            cache_bytes: settings.sandbox.cache.0,
            compiler,
            compile_limits: settings.sandbox.compile_limits(),
            trust: settings.modules.trust(),
            secrets_key_file: settings.secrets.key_file(&settings.data_dir),
            job_limits: settings.job.limits(),
            node_limits: settings.node.limits(),
            audit: settings.audit.limits(),
            retention: settings.retention.rules(),
            ceiling: settings.grants.ceiling(),
            http_roots: settings.grants.http_roots.clone(),
            resolver: Arc::new(SystemResolver),
            webhooks: settings.webhooks.limits(),
            webhook_roots: settings.webhooks.roots.clone(),
            clock: Arc::new(SystemClock),
        }
    }
}

/// Why a host did not start.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The database cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The sandbox cannot be made.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Everybody on the network could do everything.
    #[error(
        "{0} can be reached by other machines, and there is no token yet: make one first, with `cofferdam token create \
         NAME --scope admin --data-dir FOLDER` (or --database URL), or listen on 127.0.0.1"
    )]
    NoToken(SocketAddr),
    /// Everybody on the way could read the tokens.
    #[error(
        "{0} can be reached by other machines, and without TLS everybody on the way can read their tokens: set \
         tls.cert and tls.key, or tls.in_front=true if something in front of this host does TLS, or listen on 127.0.0.1"
    )]
    NoTls(SocketAddr),
}

/// A running job engine. [`shutdown`](Self::shutdown) ends it in good order; dropped without, it looks to the next
/// start like a crash.
pub struct Host {
    /// Jobs.
    pub scheduler: JobScheduler,
    /// Modules.
    pub registry: Registry,
    /// Who may use the host over HTTP. Whoever has this value may do everything.
    pub access: Access,
    /// Secrets.
    pub vault: Vault,
    live: LiveSettings,
    /// Who is told when jobs end.
    pub webhooks: Webhooks,
    store: Store,
    writer: JoinHandle<()>,
}

impl Host {
    /// Opens the folder, takes up the jobs that were interrupted, and begins to run jobs.
    pub async fn open(options: HostOptions) -> Result<Self, HostError> {
        Self::open_if(options, |_| Ok(())).await
    }

    /// The same, if those who may use it are as they should be; before anything runs.
    async fn open_if(
        options: HostOptions,
        fits: impl FnOnce(&Access) -> Result<(), HostError>,
    ) -> Result<Self, HostError> {
        let HostOptions { data_dir, database, cache_dir, cache_bytes, compiler, compile_limits, .. } = options;
        let HostOptions { ceiling, http_roots, resolver, retention, .. } = options;
        let HostOptions { trust, secrets_key_file, job_limits, node_limits, audit, clock, .. } = options;
        let HostOptions { webhooks: limits, webhook_roots: roots, .. } = options;
        let location = match &database {
            Database::Sqlite => Location::Folder,
            Database::Postgres(url) => Location::Postgres(url.reveal()),
        };
        let (store, writer) = Store::open(&data_dir, location).await?;
        let live = LiveSettings {
            job_limits: job_limits.into(),
            ceiling: ceiling.into(),
            trust: trust.into(),
            audit: audit.into(),
            retention: retention.into(),
        };
        let writer = writer.telling(event_bodies(live.job_limits.clone()));
        let sandbox = Sandbox::new(SandboxConfig {
            slots: node_limits.slots,
            limits: live.job_limits.clone(),
            node: node_limits.clone(),
            ceiling: live.ceiling.clone(),
            http_roots,
            resolver: Arc::clone(&resolver),
            cache_dir,
            cache_bytes,
            compiler,
            compile: compile_limits,
        })?;
        #[expect(
            clippy::disallowed_methods,
            reason = "the writer outlives every tracked task, so it is joined by hand"
        )]
        let writer = tokio::spawn(writer.run());
        let access = Access::start(store.clone(), Arc::clone(&clock), live.audit.clone()).await?;
        fits(&access)?;
        let rules =
            Rules { module_bytes_max: node_limits.module_bytes, upload_dir: data_dir, trust: live.trust.clone() };
        let registry = Registry::new(store.clone(), sandbox.clone(), Arc::clone(&clock), rules);
        let vault = Vault::new(store.clone(), Arc::clone(&clock), secrets_key_file);
        let parts = SchedulerParts {
            store: store.clone(),
            registry: registry.clone(),
            vault: vault.clone(),
            sandbox,
            clock: Arc::clone(&clock),
            job_limits: live.job_limits.clone(),
            node_limits,
            retention: live.retention.clone(),
        };
        let scheduler = JobScheduler::start(parts).await?;
        let resumed = scheduler.resume_interrupted_jobs().await?;
        if resumed > 0 {
            tracing::info!(jobs = resumed, "interrupted jobs go on");
        }
        let parts = WebhookParts { store: store.clone(), vault: vault.clone(), clock, limits, roots, resolver };
        let webhooks = Webhooks::start(parts);
        Ok(Self { scheduler, registry, access, vault, live, webhooks, store, writer })
    }

    /// Lets running jobs save and return, interrupts those that do not, and commits everything handed over.
    pub async fn shutdown(self) {
        self.scheduler.shutdown().await;
        self.close().await;
    }

    async fn close(self) {
        self.webhooks.shutdown().await;
        self.access.shutdown().await;
        self.store.close();
        if let Err(error) = self.writer.await {
            tracing::error!(%error, "the writer of the database failed");
        }
    }
}

/// A host for one process, with nothing kept after it.
pub struct LocalHost {
    /// Jobs.
    pub scheduler: JobScheduler,
    /// Modules.
    pub registry: Registry,
    host: Host,
    folder: tempfile::TempDir,
}

impl LocalHost {
    /// Ends it and removes what it kept.
    pub async fn shutdown(self) {
        self.host.shutdown().await;
        if let Err(error) = self.folder.close() {
            tracing::warn!(%error, "the temporary folder was not removed");
        }
    }
}

/// Starts a host in a temporary folder.
pub async fn local(settings: Settings, compiler: Compiler) -> anyhow::Result<LocalHost> {
    let folder = tempfile::Builder::new().prefix("cofferdam-").tempdir().context("cannot make a temporary folder")?;
    let settings = Settings { data_dir: folder.path().to_owned(), ..settings };
    let mut options = HostOptions::of(&settings, compiler);
    options.node_limits.slots = LOCAL_SLOTS;
    // Whoever runs a module here is its operator, too: there is nobody else to set a ceiling, and nobody else to sign.
    options.ceiling = Ceiling::everything();
    options.trust = Trust::default();
    let host = Host::open(options).await?;
    Ok(LocalHost { scheduler: host.scheduler.clone(), registry: host.registry.clone(), host, folder })
}

/// Serves HTTP until the operating system asks the process to end. Prints `listening on http://ADDRESS:PORT` (or `https`) on
/// standard output once it is ready. At SIGHUP it reads its settings anew.
pub async fn serve(resolved: Resolved, reload: Reload, compiler: Compiler) -> anyhow::Result<()> {
    let (shown, settings) = (resolved.each(), resolved.settings);
    let listener = TcpListener::bind(settings.listen)
        .await
        .with_context(|| format!("cannot listen on {}; choose another address with --listen", settings.listen))?;
    let address = listener.local_addr()?;
    let signals = Signals::install()?;
    let tls = match settings.tls.files() {
        Some((cert, key)) => Some(Tls::open(cert, key, settings.tls.handshake_time.0)?),
        None => None,
    };
    let metrics = Metrics::install()?;
    let traces = Traces::install(&settings.traces, Arc::new(SystemResolver))?;
    lifecycle::take_all_files();
    let mut host =
        Host::open_if(HostOptions::of(&settings, compiler), |access| may_listen(&settings, address, access)).await?;
    let (stop, tracker) = (CancellationToken::new(), TaskTracker::new());
    let serving = LiveServing::of(&settings, shown, address);
    let state = ApiState {
        scheduler: host.scheduler.clone(),
        registry: host.registry.clone(),
        access: Some(host.access.clone()),
        vault: host.vault.clone(),
        webhooks: Some(host.webhooks.clone()),
        limits: host.live.job_limits.clone(),
        node: settings.node.limits(),
        clients: serving.clients.clone(),
        settings: serving.shown.clone(),
        metrics: metrics.clone(),
        hosts: serving.hosts.clone(),
        streams: Arc::default(),
        shutdown: stop.clone(),
        tracker: tracker.clone(),
    };
    let reloading = Reloading { reload, settings, live: host.live.clone(), serving, tls: tls.clone() };
    tracker.spawn(reloading.run(Hangups::install()?, stop.clone()));
    if let Some(traces) = traces {
        tracker.spawn(traces.run(stop.clone()));
    }
    if let Some(metrics) = metrics {
        tracker.spawn(keep_small(metrics, stop.clone()));
    }
    let scheme = if tls.is_some() { "https" } else { "http" };
    let server = tracker.spawn(api::serve(listener, state, tls));
    announce(scheme, address)?;
    tokio::select! {
        () = signals.next() => {}
        // The database's state is whole; the next start takes the jobs up again.
        ended = &mut host.writer => anyhow::bail!("the writer of the database ended by itself: {ended:?}"),
        ended = server => anyhow::bail!("the HTTP server ended by itself: {ended:?}"),
    }
    tracing::info!("shutting down; a second signal interrupts running jobs at once");
    tokio::select! {
        () = host.scheduler.shutdown() => {}
        () = force_at_next(&signals, &host.scheduler) => {}
    }
    stop.cancel();
    tracker.close();
    if tokio::time::timeout(LAST_REQUESTS, tracker.wait()).await.is_err() {
        tracing::warn!("requests that were still under way were cut off");
    }
    host.close().await;
    Ok(())
}

/// Whether this host may be reached at an address: where other machines reach it, they must show a token, and nobody on
/// the way may read it.
fn may_listen(settings: &Settings, address: SocketAddr, access: &Access) -> Result<(), HostError> {
    if address.ip().to_canonical().is_loopback() {
        return Ok(());
    }
    if access.is_open() {
        return Err(HostError::NoToken(address));
    }
    if settings.tls.leaves_open(address) {
        return Err(HostError::NoTls(address));
    }
    Ok(())
}

/// Folds the figures now and then, also when nobody reads them.
async fn keep_small(metrics: Metrics, stop: CancellationToken) {
    while stop.run_until_cancelled(tokio::time::sleep(FOLD_FIGURES)).await.is_some() {
        metrics.fold();
    }
}

/// Interrupts running jobs at the next signal; never returns.
async fn force_at_next(signals: &Signals, scheduler: &JobScheduler) {
    loop {
        signals.next().await;
        scheduler.force_all();
    }
}

/// Scripts wait for this line; nothing else ever goes to standard output.
fn announce(scheme: &str, address: SocketAddr) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "listening on {scheme}://{address}")?;
    out.flush()
}
