//! A network that fails: a TCP proxy in front of a server, which delays, goes silent, or cuts in the worst moment.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// What a client says to commit, as PostgreSQL's simple query.
const COMMIT: &[u8] = b"COMMIT\0";

/// What happens to what comes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Network {
    /// It goes on.
    Works,
    /// It goes on later.
    Delays(Duration),
    /// Nothing goes on, and nobody is told.
    IsSilent,
}

/// At which side of a commit the connection is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The server never hears of it.
    Before,
    /// The server does it, and the client never hears of that.
    After,
}

/// Stands between clients and a server until it is dropped; what is open then stays as it is.
pub(crate) struct Proxy {
    port: u16,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    inner: Mutex<Inner>,
    changed: Condvar,
}

struct Inner {
    network: Network,
    cut: Option<Cut>,
    cuts: u64,
    drops_notices: bool,
}

impl Default for Inner {
    fn default() -> Self {
        Self { network: Network::Works, cut: None, cuts: 0, drops_notices: false }
    }
}

impl Proxy {
    /// A proxy before a server on loopback.
    pub(crate) fn before(port: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let own = listener.local_addr().expect("it listens").port();
        let state = Arc::new(State::default());
        let server = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if let Ok(server) = TcpStream::connect(server) {
                    shared.join(&client, &server);
                }
            }
        });
        Self { port: own, state }
    }

    /// A database's URL by way of this proxy.
    pub(crate) fn url(&self, url: &str, port: u16) -> String {
        url.replace(&format!(":{port}/"), &format!(":{}/", self.port))
    }

    pub(crate) fn set(&self, network: Network) {
        self.state.lock().network = network;
        self.state.changed.notify_all();
    }

    /// Cuts the connection at the next commit.
    pub(crate) fn cut_at_commit(&self, cut: Cut) {
        self.state.lock().cut = Some(cut);
    }

    /// From now on no notification reaches anybody.
    pub(crate) fn drop_notices(&self) {
        self.state.lock().drops_notices = true;
    }

    /// How often it has cut.
    pub(crate) fn cuts(&self) -> u64 {
        self.state.lock().cuts
    }
}

impl State {
    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn join(self: &Arc<Self>, client: &TcpStream, server: &TcpStream) {
        let copy = |stream: &TcpStream| stream.try_clone().expect("a handle can be doubled");
        let (state, from, to) = (Arc::clone(self), copy(client), copy(server));
        thread::spawn(move || state.forward(from, to, true));
        let (state, from, to) = (Arc::clone(self), copy(server), copy(client));
        thread::spawn(move || state.forward(from, to, false));
    }

    fn forward(&self, mut from: TcpStream, mut to: TcpStream, is_request: bool) {
        let mut buffer = [0; 16 << 10];
        while let Ok(read @ 1..) = from.read(&mut buffer) {
            self.hold();
            let part = &mut buffer[..read];
            if is_request && self.lock().drops_notices {
                silence(part);
            }
            let cut = if is_request && part.ends_with(COMMIT) { self.take_cut() } else { None };
            match cut {
                Some(Cut::Before) => break,
                Some(Cut::After) => {
                    // The client hears nothing more; the server has time to do it.
                    let _ = from.shutdown(Shutdown::Both);
                    let _ = to.write_all(part);
                    thread::sleep(Duration::from_millis(50));
                    break;
                }
                None if to.write_all(part).is_err() => break,
                None => {}
            }
        }
        let _ = from.shutdown(Shutdown::Both);
        let _ = to.shutdown(Shutdown::Both);
    }

    /// Waits as the network wants it.
    fn hold(&self) {
        let mut inner = self.lock();
        while inner.network == Network::IsSilent {
            inner = self.changed.wait(inner).unwrap_or_else(PoisonError::into_inner);
        }
        if let Network::Delays(time) = inner.network {
            drop(inner);
            thread::sleep(time);
        }
    }

    fn take_cut(&self) -> Option<Cut> {
        let mut inner = self.lock();
        let cut = inner.cut.take();
        inner.cuts += u64::from(cut.is_some());
        cut
    }
}

/// Makes of every NOTIFY a statement of the same length that tells nobody anything.
fn silence(part: &mut [u8]) {
    const NOTIFY: &[u8] = b"NOTIFY cofferdam";
    let found = part.windows(NOTIFY.len()).position(|window| window == NOTIFY);
    if let Some(at) = found {
        part[at..at + 6].copy_from_slice(b"LISTEN");
    }
}
