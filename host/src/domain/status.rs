//! The five statuses of a job and the one function that says which moves there are.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Waits for a free slot, or for a node after its own died.
    Pending,
    /// One attempt runs on one node.
    Running,
    /// The module returned `ok`. Never changes again.
    Completed,
    /// The module failed or trapped; may be resumed.
    Failed,
    /// Ended by a request or by its duration limit; may be resumed.
    Stopped,
}

/// What can happen to a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// A node takes the job to run it.
    Claim,
    /// The attempt ended well.
    Complete,
    /// The attempt failed for good.
    Fail,
    /// A request or the limit ended it.
    Stop,
    /// The attempt gave the job back: the host shuts down, has no room, or died.
    Release,
    /// Somebody starts it again by hand.
    Resume,
}

impl Status {
    /// All statuses, in the order of a job's life.
    pub const ALL: [Self; 5] = [Self::Pending, Self::Running, Self::Completed, Self::Failed, Self::Stopped];

    /// Where `event` leads from here; `None` where it must not happen.
    pub const fn after(self, event: Event) -> Option<Self> {
        match (self, event) {
            (Self::Pending, Event::Claim) => Some(Self::Running),
            (Self::Pending | Self::Running, Event::Stop) => Some(Self::Stopped),
            (Self::Running, Event::Complete) => Some(Self::Completed),
            (Self::Running, Event::Fail) => Some(Self::Failed),
            (Self::Running, Event::Release) | (Self::Failed | Self::Stopped, Event::Resume) => Some(Self::Pending),
            (Self::Pending, Event::Complete | Event::Fail | Event::Release | Event::Resume)
            | (Self::Running, Event::Claim | Event::Resume)
            | (
                Self::Failed | Self::Stopped,
                Event::Claim | Event::Complete | Event::Fail | Event::Stop | Event::Release,
            )
            | (
                Self::Completed,
                Event::Claim | Event::Complete | Event::Fail | Event::Stop | Event::Release | Event::Resume,
            ) => None,
        }
    }

    /// Whether the job is over, unless somebody resumes it.
    pub const fn is_ended(self) -> bool {
        match self {
            Self::Pending | Self::Running => false,
            Self::Completed | Self::Failed | Self::Stopped => true,
        }
    }

    /// The word that the API and the databases use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
        }
    }
}

impl Event {
    /// The statuses from which this event may happen: what the store's statements guard.
    pub fn sources(self) -> impl Iterator<Item = Status> {
        Status::ALL.into_iter().filter(move |status| status.after(self).is_some())
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The text is none of the five words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no status; the statuses are pending, running, completed, failed and stopped")]
pub struct UnknownStatus(String);

impl FromStr for Status {
    type Err = UnknownStatus;

    fn from_str(text: &str) -> Result<Self, UnknownStatus> {
        Self::ALL.into_iter().find(|status| status.as_str() == text).ok_or_else(|| UnknownStatus(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn completed_is_final() {
        for event in [Event::Claim, Event::Complete, Event::Fail, Event::Stop, Event::Release, Event::Resume] {
            assert_eq!(Status::Completed.after(event), None, "{event:?}");
        }
    }

    #[test]
    fn only_a_running_job_gets_an_outcome() {
        for event in [Event::Complete, Event::Fail, Event::Release] {
            assert_eq!(event.sources().collect::<Vec<_>>(), [Status::Running], "{event:?}");
        }
    }

    #[test]
    fn the_words_are_read_back() {
        for status in Status::ALL {
            assert_eq!(status.as_str().parse(), Ok(status));
        }
        assert!("Running".parse::<Status>().is_err());
    }
}
