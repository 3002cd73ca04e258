//! Where tests make this process die or fail: at either side of each commit, told apart by the kinds of writes in it.
//!
//! Named `before-KIND` and `after-KIND`, and set in `FAILPOINTS` as the crate `fail` reads it. `return(die)` ends the
//! process as a loss of power would; `return(refuse)`, before a commit, fails it as an absent database would. Without
//! the feature `failpoints` nothing of it is compiled in.

use super::StoreError;
#[cfg(feature = "failpoints")]
use super::write::WebhookWrite;
use super::write::Write;

/// One side of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// All statements have run; nothing is durable.
    Before,
    /// Everything is durable; nobody was told.
    After,
}

/// A batch with these writes is at this side of its commit.
#[cfg(feature = "failpoints")]
pub(super) fn reach(side: Side, writes: &[Write]) -> Result<(), StoreError> {
    writes.iter().try_for_each(|write| pass(side, kind(write)))
}

/// Nothing happens here.
#[cfg(not(feature = "failpoints"))]
pub(super) const fn reach(_: Side, _: &[Write]) -> Result<(), StoreError> {
    Ok(())
}

/// A node's beat, which commits by itself, is at this side of it.
#[cfg(feature = "failpoints")]
pub(super) fn reach_beat(side: Side) -> Result<(), StoreError> {
    pass(side, "beat")
}

/// Nothing happens here.
#[cfg(not(feature = "failpoints"))]
pub(super) const fn reach_beat(_: Side) -> Result<(), StoreError> {
    Ok(())
}

#[cfg(feature = "failpoints")]
fn pass(side: Side, kind: &str) -> Result<(), StoreError> {
    let name = match side {
        Side::Before => format!("before-{kind}"),
        Side::After => format!("after-{kind}"),
    };
    fail::fail_point!(&name, |action| match (side, action.as_deref()) {
        (_, Some("die")) => die(),
        (Side::Before, Some("refuse")) => Err(StoreError::Unavailable(format!("the failpoint {name}"))),
        (_, other) => panic!("the failpoint {name} knows nothing of {other:?}"),
    });
    Ok(())
}

/// Not `abort`: no handler runs and no core is written.
#[cfg(feature = "failpoints")]
fn die() -> ! {
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    unreachable!("nothing survives this signal")
}

#[cfg(feature = "failpoints")]
fn kind(write: &Write) -> &'static str {
    match write {
        Write::RegisterNode(_) => "register-node",
        Write::Heartbeat(..) => "heartbeat",
        Write::LeaveNode(..) => "leave-node",
        Write::Recover(..) => "recover",
        Write::PutModule(_) => "put-module",
        Write::RemoveModule(_) => "remove-module",
        Write::SetGrants(..) => "set-grants",
        Write::PutSecret(_) => "put-secret",
        Write::RemoveSecret(_) => "remove-secret",
        Write::CreateJob(_) => "create-job",
        Write::Claim(_) => "claim",
        Write::AppendLogs(_) => "append-logs",
        Write::SaveResult(_) => "save-result",
        Write::SaveProgress(..) => "save-progress",
        Write::SaveCheckpoint(_) => "save-checkpoint",
        Write::EndTrial(_) => "end-trial",
        Write::Finish(_) => "finish",
        Write::RequestStop(..) => "request-stop",
        Write::ResumeJob(_) => "resume-job",
        Write::DeleteJob(_) => "delete-job",
        Write::PutSchedule(_) => "put-schedule",
        Write::RemoveSchedule(_) => "remove-schedule",
        Write::FireSchedule(_) => "fire-schedule",
        Write::KeepJob { .. } => "keep-job",
        Write::Prune(_) => "prune",
        Write::Shrink => "shrink",
        Write::CreateToken(_) => "create-token",
        Write::RevokeToken(..) => "revoke-token",
        Write::TouchTokens(_) => "touch-tokens",
        Write::CreateTicket(_) => "create-ticket",
        Write::TakeTicket(..) => "take-ticket",
        Write::AppendAudit(_) => "append-audit",
        Write::Webhook(WebhookWrite::Create(_)) => "create-webhook",
        Write::Webhook(WebhookWrite::Change(_)) => "change-webhook",
        Write::Webhook(WebhookWrite::Rotate(_)) => "rotate-webhook",
        Write::Webhook(WebhookWrite::Remove(_)) => "remove-webhook",
        Write::Webhook(WebhookWrite::Ping(_)) => "ping-webhook",
        Write::Webhook(WebhookWrite::Resend(..)) => "resend-deliveries",
        Write::Webhook(WebhookWrite::Claim(_)) => "claim-deliveries",
        Write::Webhook(WebhookWrite::Finish(_)) => "finish-delivery",
    }
}
