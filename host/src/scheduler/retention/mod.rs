//! Removes what has ended and is too old or too much; the rules stand in `domain/retention/`.
//!
//! One node at a time does it. What other tables keep hooks in at [`Sweeper::sweep`]: a step that finds what is too old
//! over the store's reads, and hands writes of bounded size over. The audit log, tickets and idempotency keys need none:
//! each write of theirs drops what is too old.

mod pack;
mod report;
mod service;
mod sweep;
#[cfg(test)]
mod tests;

pub use report::RetentionReport;
pub(super) use report::report;
pub(super) use service::run;
use sweep::Sweeper;
