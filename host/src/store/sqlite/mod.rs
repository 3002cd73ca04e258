//! The embedded database: how it is opened, who owns its folder, and how it speaks the shared statements.

mod disk;
mod folder_lock;
mod open;
mod session;
mod together;
mod upkeep;

pub(super) use disk::Disk;
pub use folder_lock::FolderLock;
pub(super) use open::{newest_schema, open};
pub(super) use session::{SqliteSession, refusal};
pub(super) use upkeep::Upkeep;
