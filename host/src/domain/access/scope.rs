//! What a token lets its holder do.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// One right. None includes another, but [`Admin`](Self::Admin), which means all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Look at jobs, their results and checkpoints, the host's status, and watch jobs change.
    JobsRead,
    /// Start, resume and delete jobs.
    JobsWrite,
    /// Ask jobs to stop.
    JobsStop,
    /// Read and follow the logs of jobs.
    LogsRead,
    /// Look at modules and fetch their bytes.
    ModulesRead,
    /// Add, replace and remove modules.
    ModulesWrite,
    /// Look at webhooks and at what they were told.
    WebhooksRead,
    /// Make, change, try and remove webhooks, and have deliveries sent once more.
    WebhooksWrite,
    /// Everything, tokens and the audit log included.
    Admin,
}

/// The text is no scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no scope; there are jobs:read, jobs:write, jobs:stop, logs:read, modules:read, modules:write, webhooks:read, \
     webhooks:write and admin"
)]
pub struct InvalidScope(String);

impl Scope {
    /// All there are.
    pub const ALL: [Self; 9] = [
        Self::JobsRead,
        Self::JobsWrite,
        Self::JobsStop,
        Self::LogsRead,
        Self::ModulesRead,
        Self::ModulesWrite,
        Self::WebhooksRead,
        Self::WebhooksWrite,
        Self::Admin,
    ];

    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::JobsRead => "jobs:read",
            Self::JobsWrite => "jobs:write",
            Self::JobsStop => "jobs:stop",
            Self::LogsRead => "logs:read",
            Self::ModulesRead => "modules:read",
            Self::ModulesWrite => "modules:write",
            Self::WebhooksRead => "webhooks:read",
            Self::WebhooksWrite => "webhooks:write",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Scope {
    type Err = InvalidScope;

    fn from_str(text: &str) -> Result<Self, InvalidScope> {
        let found = Self::ALL.into_iter().find(|scope| scope.as_str() == text);
        found.ok_or_else(|| InvalidScope(text.chars().take(50).collect()))
    }
}

/// Some scopes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scopes(BTreeSet<Scope>);

impl Scopes {
    /// Whether they let their holder do this.
    pub fn allow(&self, scope: Scope) -> bool {
        self.0.contains(&Scope::Admin) || self.0.contains(&scope)
    }

    /// Each of them, in the order of [`Scope::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = Scope> {
        self.0.iter().copied()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().collect())
    }
}

impl fmt::Display for Scopes {
    /// Joined by single spaces, as they are stored.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = self.iter().map(Scope::as_str).collect();
        f.write_str(&words.join(" "))
    }
}

impl FromStr for Scopes {
    type Err = InvalidScope;

    fn from_str(text: &str) -> Result<Self, InvalidScope> {
        text.split_whitespace().map(str::parse).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn admin_means_all_and_no_other_scope_means_another() {
        for scope in Scope::ALL {
            assert!(Scopes::from_iter([Scope::Admin]).allow(scope), "{scope}");
            let one = Scopes::from_iter([scope]);
            let allowed = Scope::ALL.into_iter().filter(|other| one.allow(*other)).count();
            assert_eq!(allowed, if scope == Scope::Admin { Scope::ALL.len() } else { 1 }, "{scope}");
        }
    }

    #[test]
    fn scopes_are_read_as_they_are_shown() {
        let all: Scopes = Scope::ALL.into_iter().collect();
        assert_eq!(all.to_string().parse(), Ok(all));
        let refusal = "jobs:read jobs".parse::<Scopes>().expect_err("no scope");
        assert!(refusal.to_string().contains("`jobs` is no scope; there are jobs:read,"), "{refusal}");
    }
}
