//! Runs the writes of a batch, kind by kind, inside the transaction that the writer has opened.

use super::answers::Answers;
use super::at_once::Taker;
use super::model::{Answer, Write};
use super::webhooks::{self, EventBodies};
use super::{access, attempts, claim, finish, gates, jobs, modules, nodes, prune, schedules, secrets};
use crate::store::StoreError;
use crate::store::session::Session;

/// What a batch came to.
pub(super) struct Applied {
    /// In the order of the writes.
    pub(super) answers: Vec<Answer>,
    /// Deliveries to webhooks that came of it.
    pub(super) deliveries: usize,
    /// Whether jobs may run now that waited for the end of others.
    pub(super) makes_room: bool,
}

/// Runs them all.
///
/// The order of the kinds follows a job's life. Within one attempt it does not matter, since each write carries its
/// place; and what a claim in this batch makes possible can only come in a later one.
pub(super) async fn apply<S: Session>(
    session: &mut S,
    writes: &[Write],
    bodies: Option<&EventBodies>,
) -> Result<Applied, StoreError> {
    let mut answers = Answers::new(writes.len());
    nodes::apply(session, writes, &mut answers).await?;
    access::apply(session, writes, &mut answers).await?;
    modules::apply(session, writes, &mut answers).await?;
    secrets::apply(session, writes, &mut answers).await?;
    schedules::apply(session, writes, &mut answers).await?;
    let taker = Taker::among(session, writes).await?;
    jobs::create(session, writes, taker, &mut answers).await?;
    attempts::append_logs(session, writes, &mut answers).await?;
    attempts::save_results(session, writes, &mut answers).await?;
    attempts::save_progress(session, writes, &mut answers).await?;
    attempts::save_checkpoints(session, writes, &mut answers).await?;
    attempts::end_trials(session, writes, &mut answers).await?;
    jobs::request_stops(session, writes, &mut answers).await?;
    finish::apply(session, writes, &mut answers).await?;
    let deliveries = webhooks::record_ends(session, (writes, &answers), bodies).await?;
    jobs::resume_and_delete(session, writes, &mut answers).await?;
    prune::apply(session, writes, &mut answers).await?;
    let may_be_ready = taker.is_none() || answers.may_leave_ready(writes);
    gates::touch(session, std::mem::take(&mut answers.gates)).await?;
    claim::apply(session, writes, may_be_ready, &mut answers).await?;
    webhooks::apply(session, writes, &mut answers).await?;
    let makes_room = answers.makes_room;
    Ok(Applied { answers: answers.into_all(), deliveries, makes_room })
}
