//! A webhook: where it is told, and of which jobs.

use super::Ends;
use crate::domain::{HttpAddress, Job, LabelSelector, Reach, Timestamp, WebhookId};

/// Somebody who is told when jobs end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its identifier.
    pub id: WebhookId,
    /// Where it is told.
    pub url: HttpAddress,
    /// What its owner says of it.
    pub description: String,
    /// Which ends are told.
    pub ends: Ends,
    /// Of which modules' jobs.
    pub modules: Reach,
    /// Of jobs with which labels; of all when it asks for none.
    pub labels: LabelSelector,
    /// Whether it is told anything.
    pub state: WebhookState,
    /// Since when every attempt has failed; `None` when the last one did not.
    pub failing_since: Option<Timestamp>,
    /// Until when its former signing secret signs, too.
    pub old_secret_until: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed, by whomever.
    pub updated_at: Timestamp,
}

/// Whether a webhook is told anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WebhookState {
    /// It is.
    Enabled,
    /// Its owner switched it off.
    Disabled,
    /// The host switched it off, for this reason.
    GivenUp(String),
}

/// How webhooks stand, for who watches over them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WebhookCounts {
    /// Those whose last attempt failed, and those that the host switched off.
    pub failing: u64,
    /// Deliveries that wait, for all together.
    pub waiting: u64,
}

impl Webhook {
    /// Whether it is told of this job, which has ended.
    pub fn wants(&self, job: &Job) -> bool {
        self.ends.include(job.state.status())
            && self.modules.includes(&job.module.name)
            && self.labels.fits(&job.labels)
    }

    /// Whether it is told anything.
    pub fn is_enabled(&self) -> bool {
        matches!(self.state, WebhookState::Enabled)
    }

    /// Whether somebody with this reach may see it: only those who see all of its jobs.
    pub fn is_within(&self, reach: &Reach) -> bool {
        match (reach, self.modules.names()) {
            (Reach::All, _) => true,
            (Reach::Only(_), None) => false,
            (Reach::Only(names), Some(modules)) => modules.is_subset(names),
        }
    }
}
