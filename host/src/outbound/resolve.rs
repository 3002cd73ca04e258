//! Names to addresses: by the operating system's resolver, unless a program that embeds the host brings another.

use std::fmt::Debug;
use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};
use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::blocking::on_own_thread;
use crate::domain::grants::{Host, Target};

/// Names looked up at once, for all who ask together. A look-up cannot be interrupted, so each keeps its turn until it ends.
const LOOK_UPS: usize = 32;

/// Looks up the names of the hosts that are called. It is asked once for each request, and decides nothing: an answer is
/// checked address by address, and only what passed is connected to.
pub trait Resolver: Debug + Send + Sync {
    /// The addresses of a name, the best first; none when there is no such name. It may take its time: it has a thread of
    /// its own.
    fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// That of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemResolver;

impl Resolver for SystemResolver {
    fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        Ok((name, 0).to_socket_addrs()?.map(|address| address.ip()).collect())
    }
}

/// Looks up names for many who ask.
#[derive(Debug, Clone)]
pub(crate) struct LookUps {
    resolver: Arc<dyn Resolver>,
    turns: Arc<Semaphore>,
}

impl LookUps {
    pub(crate) fn by(resolver: Arc<dyn Resolver>) -> Self {
        Self { resolver, turns: Arc::new(Semaphore::new(LOOK_UPS)) }
    }

    /// The addresses of a host; none when there is no such name.
    pub(crate) async fn addresses(&self, target: &Target) -> Vec<SocketAddr> {
        let at_port = |address| SocketAddr::new(address, target.port);
        let name = match &target.host {
            Host::Address(address) => return vec![at_port(*address)],
            Host::Name(name) => name.clone(),
        };
        let turn = Arc::clone(&self.turns).acquire_owned().await.expect("the semaphore is never closed");
        let resolver = Arc::clone(&self.resolver);
        let looked_up = on_own_thread("look-up", move || {
            let _turn = turn;
            resolver.addresses(&name).unwrap_or_default()
        });
        looked_up.await.unwrap_or_default().into_iter().map(at_port).collect()
    }
}
