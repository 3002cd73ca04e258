//! Asks the server again and again, on a thread of its own, so that a slow answer does not hold the keys.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use super::list::List;
use crate::cli::Failure;
use crate::cli::client::api::read;
use crate::cli::client::{JobQuery, JobView, StatusView};
use crate::cli::session::Session;

/// Jobs of one list.
const JOBS: u32 = 200;

/// What the server said at one moment.
#[derive(Debug, Clone)]
pub(super) struct Snapshot {
    pub(super) list: List,
    pub(super) status: StatusView,
    pub(super) jobs: Vec<JobView>,
    pub(super) at: Instant,
}

/// Asks for everything once.
pub(super) fn look(session: &Session, list: List) -> Result<Snapshot, Failure> {
    let status: StatusView = read(&session.client.status()?)?;
    let query =
        JobQuery { status: list.status(), module: None, labels: Vec::new(), schedule: None, limit: JOBS, cursor: None };
    let jobs = session.client.jobs(&query)?.entries;
    let jobs = jobs.iter().map(|job| read(job.get())).collect::<Result<_, _>>()?;
    Ok(Snapshot { list, status, jobs, at: Instant::now() })
}

/// What comes from the thread that asks.
pub(super) struct Feed {
    pub(super) news: Receiver<Result<Snapshot, Failure>>,
    wish: Sender<List>,
}

impl Feed {
    /// Asks within this scope until it is dropped.
    pub(super) fn start<'s>(
        scope: &'s std::thread::Scope<'s, '_>,
        session: &'s Session,
        (list, every): (List, Duration),
    ) -> Self {
        let (tell, news) = channel();
        let (wish, wished) = channel();
        scope.spawn(move || {
            let mut list = list;
            while tell.send(look(session, list)).is_ok() {
                match wished.recv_timeout(every) {
                    Ok(other) => list = other,
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => break,
                }
            }
        });
        Self { news, wish }
    }

    /// Asks for this list from now on, and at once.
    pub(super) fn show(&self, list: List) {
        // The thread ends with its last listener alone.
        let _ = self.wish.send(list);
    }
}
