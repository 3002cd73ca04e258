//! Which jobs are listed.

use crate::domain::Status;

/// The lists, in the order of their keys.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum List {
    #[default]
    Running,
    Pending,
    Failed,
    All,
}

impl List {
    pub(super) const EVERY: [Self; 4] = [Self::Running, Self::Pending, Self::Failed, Self::All];

    /// What it is called.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Pending => "pending",
            Self::Failed => "failed",
            Self::All => "all",
        }
    }

    /// Whose jobs it holds.
    pub(super) const fn status(self) -> Option<Status> {
        match self {
            Self::Running => Some(Status::Running),
            Self::Pending => Some(Status::Pending),
            Self::Failed => Some(Status::Failed),
            Self::All => None,
        }
    }

    /// The list that stands `steps` further on.
    pub(super) fn further(self, steps: usize) -> Self {
        let at = Self::EVERY.iter().position(|list| *list == self).unwrap_or(0);
        Self::EVERY[(at + steps) % Self::EVERY.len()]
    }
}
