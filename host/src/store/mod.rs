//! Floor 1: durable state.
//!
//! Owns the database: the one write path, every statement, and what is read back. Everything that changes a row is a
//! [`Write`] handed to [`Store::write`], which answers after the commit. Never decides what should happen to a job.

mod backup;
mod bells;
mod changes;
mod database;
mod error;
mod failpoints;
mod joint_reads;
mod module_names;
mod offers;
mod postgres;
mod read;
mod schema;
mod session;
mod sql;
mod sqlite;
mod store;
#[cfg(test)]
mod tests;
mod upkeep;
mod write;

pub use backup::{Backup, BackupError, Manifest, ManifestFile, RestoreError, restore, verify};
pub use changes::ChangeLog;
pub use database::Location;
pub use error::{OpenError, StoreError};
pub use offers::{Offer, OnClaimed};
pub use postgres::{Beat, Company, LeaseLink, OthersChanges, Vitals};
pub(crate) use read::PackedLine;
pub use read::{
    DueWebhook, EndedFilter, EndedJob, Having, ModuleEntry, NodeCounts, NodeRow, Queue, RetentionRecord, SealedSecret,
    SealedWebhook, Size, Use,
};
pub use sqlite::FolderLock;
pub use store::{Place, Store, StoreWriter};
pub use write::{
    Answer, Attempt, AttemptResult, AuditBatch, CheckpointEdit, ClaimRequest, ClaimedDelivery, ClaimedJob,
    DeliveryClaim, DeliveryEnd, EventBodies, Finish, Fired, Firing, Gone, LogChunk, ModuleWrite, NewCheckpoint, NewJob,
    NewNode, NewResult, NewRun, NewRunWhat, NewTicket, NewWebhook, OnCommit, Part, Piece, PingEvent, Prune, Pruned,
    Recovered, Resend, Resume, Rotation, ScheduleWrite, SecretWrite, Sweep, WebhookWrite, Write,
};
