//! Settings: what an operator can choose, and from where it comes.
//!
//! Flags win over the environment (`COFFERDAM_…`), the environment over the TOML file, the file over the defaults of
//! `domain::limits`. Owns reading, checking and showing them; never opens or starts anything that they describe.

mod environment;
mod error;
#[doc(hidden)]
pub mod fuzzing;
mod known;
mod layer;
mod problems;
mod reload;
mod resolve;
mod section;
mod settings;
mod show;
#[cfg(test)]
mod tests;
mod value;

/// A settings file with every setting explained, each as a comment with its default.
pub const EXAMPLE: &str = include_str!("example.toml");

pub use environment::Environment;

pub use error::ConfigError;
pub use resolve::{Flag, Resolved, Sources};
pub use section::{
    AuditSection, ClientsSection, Database, DatabaseBytes, DatabaseUrl, FilePath, Folder, GrantsSection, JobSection,
    LogFormat, LogSection, ModulesSection, NodeSection, RetentionSection, SandboxSection, SecretsSection, TlsSection,
    TracesSection, WebhooksSection,
};
pub use settings::Settings;
pub use value::{Size, Span, show_size};
