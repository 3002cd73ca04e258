//! Names to addresses, by the operating system's resolver.

use std::net::{SocketAddr, ToSocketAddrs as _};
use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::domain::grants::{Host, Target};
use crate::sandbox::engine::on_own_thread;

/// Names looked up at once, for all guests together. A look-up cannot be interrupted, so each keeps its turn until it ends.
const LOOK_UPS: usize = 32;

/// Looks up names for all guests of this process.
#[derive(Debug, Clone)]
pub(super) struct Resolver(Arc<Semaphore>);

impl Resolver {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(LOOK_UPS)))
    }

    /// The addresses of a host; none when there is no such name.
    pub(super) async fn addresses(&self, target: &Target) -> Vec<SocketAddr> {
        let port = target.port;
        let name = match &target.host {
            Host::Address(address) => return vec![SocketAddr::new(*address, port)],
            Host::Name(name) => name.clone(),
        };
        let turn = Arc::clone(&self.0).acquire_owned().await.expect("the semaphore is never closed");
        let looked_up = on_own_thread("look-up", move || {
            let _turn = turn;
            (name.as_str(), port).to_socket_addrs().map(Iterator::collect).unwrap_or_default()
        });
        looked_up.await.unwrap_or_default()
    }
}
