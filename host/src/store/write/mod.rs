//! The one write path: what can be written, how the writes of a moment become one transaction, and who is told.

mod access;
mod answers;
mod at_once;
mod attempts;
mod batch;
mod claim;
mod commit;
mod fence;
mod finish;
mod gates;
mod jobs;
mod model;
mod modules;
mod nodes;
mod prune;
mod schedules;
mod secrets;
mod webhooks;
mod writer;

pub use model::{
    Answer, Attempt, AuditBatch, CheckpointEdit, ClaimRequest, ClaimedJob, Finish, Gone, LogChunk, ModuleWrite,
    NewCheckpoint, NewJob, NewNode, NewResult, NewTicket, Recovered, Resume, SecretWrite, Write,
};
pub use prune::{Part, Piece, Prune, Pruned};
pub use schedules::{Fired, Firing, NewRun, NewRunWhat, ScheduleWrite};
pub use webhooks::{
    AttemptResult, ClaimedDelivery, DeliveryClaim, DeliveryEnd, EventBodies, NewWebhook, PingEvent, Resend, Rotation,
    Sweep, WebhookWrite,
};
pub use writer::OnCommit;
pub(super) use writer::{Command, CommitError, Transactions, Writer};
