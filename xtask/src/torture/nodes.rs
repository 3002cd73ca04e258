//! The hosts under torture: each with its folder, started again whenever it was killed.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};

use crate::server::{Api, Server, Start};

/// Short, so that the jobs of a dead node move soon.
pub(super) const LEASE_S: u64 = 3;

/// All hosts that there are.
pub(super) struct Nodes {
    binary: PathBuf,
    settings: Vec<String>,
    hosts: Vec<Node>,
}

struct Node {
    folder: PathBuf,
    log: PathBuf,
    server: Mutex<Option<Server>>,
    address: Mutex<Option<SocketAddr>>,
}

impl Nodes {
    /// Starts them, on a PostgreSQL or on the folder of the only one.
    pub(super) fn start(binary: &Path, data: &Path, database: Option<String>, count: usize) -> Result<Self> {
        let mut settings = vec![format!("node.lease={LEASE_S}s")];
        settings.extend(database.map(|url| format!("database={url}")));
        let hosts = (1..=count).map(|number| Node {
            folder: data.join(format!("node-{number}")),
            log: data.join(format!("node-{number}.log")),
            server: Mutex::default(),
            address: Mutex::default(),
        });
        let nodes = Self { binary: binary.to_owned(), settings, hosts: hosts.collect() };
        for node in 0..nodes.len() {
            nodes.start_again(node)?;
        }
        Ok(nodes)
    }

    pub(super) fn len(&self) -> usize {
        self.hosts.len()
    }

    /// Starts one that does not run.
    pub(super) fn start_again(&self, node: usize) -> Result<()> {
        let Node { folder, log, server, address } = &self.hosts[node];
        let start =
            Start { settings: &self.settings, log: Some(log), ..Start::usual(&self.binary, "127.0.0.1:0", folder) };
        let started = Server::start(&start)
            .with_context(|| format!("node {} does not start; its log is {}", node + 1, log.display()))?;
        *lock(address) = Some(started.address());
        *lock(server) = Some(started);
        Ok(())
    }

    /// Takes one away, to be ended in any way; nobody is sent there any more.
    pub(super) fn take(&self, node: usize) -> Option<Server> {
        let server = lock(&self.hosts[node].server).take();
        *lock(&self.hosts[node].address) = None;
        server
    }

    /// Gives back one that was taken and still runs.
    pub(super) fn give_back(&self, node: usize, server: Server) {
        *lock(&self.hosts[node].address) = Some(server.address());
        *lock(&self.hosts[node].server) = Some(server);
    }

    /// Where one listens, unless it is down.
    pub(super) fn address(&self, node: usize) -> Option<SocketAddr> {
        *lock(&self.hosts[node].address)
    }

    /// Asks the first node.
    pub(super) fn client<T>(&self, ask: impl FnOnce(&mut Api) -> Result<T>) -> Result<T> {
        ask(&mut Api::connect(self.address(0).context("the first node is down")?)?)
    }

    /// Ends all in order.
    pub(super) fn stop(&self) -> Result<()> {
        (0..self.len()).filter_map(|node| self.take(node)).try_for_each(Server::stop)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
