//! PostgreSQL, which several nodes share: how it is reached, what one connection does, who wakes whom, and a node's
//! lease.

mod changes;
mod lease;
mod link;
mod open;
mod readers;
mod row;
mod wake;
mod writer;

pub use changes::OthersChanges;
pub use lease::{Beat, LeaseLink, Vitals};
pub use open::Company;
pub(super) use open::open;
pub(super) use readers::{PostgresReader, PostgresReaders};
pub(super) use wake::WakeUps;
pub(super) use writer::PostgresWriter;
