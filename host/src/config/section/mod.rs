//! The tables of a settings file, one file each: their keys, defaults and ranges.

mod audit;
mod clients;
mod grants;
mod job;
mod log;
mod modules;
mod node;
mod retention;
mod sandbox;
mod secrets;
pub(super) mod server;
mod tls;
mod traces;
mod webhooks;

pub use audit::AuditSection;
pub use clients::ClientsSection;
pub use grants::GrantsSection;
pub use job::JobSection;
pub use log::{LogFormat, LogSection};
pub use modules::ModulesSection;
pub use node::NodeSection;
pub use retention::{DatabaseBytes, RetentionSection};
pub use sandbox::{Folder, SandboxSection};
pub use secrets::SecretsSection;
pub use server::{Database, DatabaseUrl};
pub use tls::{FilePath, TlsSection};
pub use traces::TracesSection;
pub use webhooks::WebhooksSection;
