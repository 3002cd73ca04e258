//! Free hands: whoever runs jobs may take those that a batch makes ready in the very transaction that does so. A job that
//! is started where there is room has one commit less to wait for, and nobody has to be woken to look for it.

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::StoreError;
use super::write::{Answer, ClaimRequest, ClaimedJob, Command, Write};

/// Told what was taken, once that is committed; as an [`OnCommit`](super::OnCommit).
pub type OnClaimed = Box<dyn FnOnce(Result<Vec<ClaimedJob>, StoreError>) + Send>;

/// What somebody would take.
pub struct Offer {
    /// For whom, and at most how much.
    pub request: ClaimRequest,
    /// Whom to tell.
    pub on_claimed: OnClaimed,
}

impl fmt::Debug for Offer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Offer").field("request", &self.request).finish_non_exhaustive()
    }
}

type Ask = Box<dyn Fn() -> Option<Offer> + Send + Sync>;

/// Whom the writer asks.
#[derive(Clone, Default)]
pub(super) struct Offers(Arc<OnceLock<Ask>>);

impl Offers {
    /// From now on this is asked; only the first counts.
    pub(super) fn come_from(&self, ask: impl Fn() -> Option<Offer> + Send + Sync + 'static) {
        let _ = self.0.set(Box::new(ask));
    }

    /// A claim to be written with a batch that may leave work, if anybody has room.
    pub(super) fn ask(&self) -> Option<Command> {
        let Offer { request, on_claimed } = self.0.get()?()?;
        let on_commit = Box::new(move |answer| {
            on_claimed(match answer {
                Ok(Answer::Claimed(jobs)) => Ok(jobs),
                Ok(_) => Ok(Vec::new()),
                Err(error) => Err(error),
            });
        });
        Some(Command { write: Write::Claim(request), on_commit, room: None })
    }
}
