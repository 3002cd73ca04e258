//! What can be written, and what the database answers.

use std::time::Duration;

use bytes::Bytes;

use super::prune::{Piece, Prune, Pruned};
use super::schedules::{Fired, Firing, ScheduleWrite};
use super::webhooks::{ClaimedDelivery, WebhookWrite};
use crate::domain::{
    AuditEntry, AuditLimits, Claim, Conclusion, Digest, Grants, HttpUsage, Job, JobId, JobKey, JobQueue, JobSchedule,
    JsonObject, Labels, Module, ModuleLabel, ModuleRef, NodeId, Overlap, Priority, Progress, RetryPolicy, RunUsage,
    ScheduleId, SecretName, StartKey, Status, StoredToken, Timestamp, TokenHash, TokenId,
};

/// One change of the database.
#[derive(Debug)]
pub enum Write {
    /// A host process begins.
    RegisterNode(NewNode),
    /// A host process is alive. Only for a database that one process owns; elsewhere a [`LeaseLink`] says it.
    ///
    /// [`LeaseLink`]: crate::store::LeaseLink
    Heartbeat(NodeId, Timestamp),
    /// A host process ends in good order, or gives up what it runs.
    LeaveNode(NodeId, Timestamp),
    /// The jobs of nodes that are gone go back to `pending`.
    Recover(Gone, Timestamp),
    /// A component and its name.
    PutModule(Box<ModuleWrite>),
    /// A version, or bytes with all their names.
    RemoveModule(ModuleRef),
    /// What a component may do from now on.
    SetGrants(Digest, Box<Grants>),
    /// A secret, sealed; or another value of one.
    PutSecret(Box<SecretWrite>),
    /// A secret goes.
    RemoveSecret(SecretName),
    /// A job to run.
    CreateJob(Box<NewJob>),
    /// Takes ready jobs, oldest first.
    Claim(ClaimRequest),
    /// Log lines of an attempt.
    AppendLogs(LogChunk),
    /// A result of an attempt.
    SaveResult(NewResult),
    /// The newest progress of an attempt.
    SaveProgress(Claim, Progress),
    /// A checkpoint of an attempt.
    SaveCheckpoint(NewCheckpoint),
    /// A suspect has run long enough to be believed.
    EndTrial(Claim),
    /// The end of an attempt.
    Finish(Box<Finish>),
    /// A job is to stop.
    RequestStop(JobId, Timestamp),
    /// An ended job is to go on.
    ResumeJob(Box<Resume>),
    /// An ended job goes, with all it has.
    DeleteJob(JobId),
    /// A schedule, or another plan of one.
    PutSchedule(Box<ScheduleWrite>),
    /// A schedule goes; its jobs stay.
    RemoveSchedule(ScheduleId),
    /// Occurrences of a schedule have come.
    FireSchedule(Box<Firing>),
    /// Whether retention leaves a job alone.
    KeepJob {
        /// Which.
        job: JobId,
        /// Whether it does.
        keep: bool,
    },
    /// What is too old or too much goes.
    Prune(Box<Prune>),
    /// Free pages go back to the disk. Only for a database that one process owns.
    Shrink,
    /// A token is made.
    CreateToken(Box<StoredToken>),
    /// A token lets nobody in any more.
    RevokeToken(TokenId, Timestamp),
    /// When tokens last let somebody in.
    TouchTokens(Vec<(TokenId, Timestamp)>),
    /// A ticket is made.
    CreateTicket(Box<NewTicket>),
    /// A ticket is used.
    TakeTicket(TokenHash, Timestamp),
    /// What was done, and by whom.
    AppendAudit(Box<AuditBatch>),
    /// A webhook, or what it is told.
    Webhook(WebhookWrite),
}

/// What a write came to, after its commit.
#[derive(Debug)]
pub enum Answer {
    /// It was done.
    Done,
    /// The job is pending again, as this write left it.
    Resumed(Box<Job>),
    /// It matched no row: a lost claim, a wrong status, or a row that is not there.
    NotMatched,
    /// It did not match because the job stands there.
    Status(Status),
    /// It was asked to stop; the claim under which it runs, unless it was pending and has ended.
    Asked(Option<Claim>),
    /// Jobs that this node now runs.
    Claimed(Vec<ClaimedJob>),
    /// So many.
    Count(u64),
    /// It was a ticket, of this token.
    Ticket(Option<TokenId>),
    /// Parts of ended jobs were removed.
    Pruned(Pruned),
    /// Jobs of nodes that are gone were taken back.
    Recovered(Recovered),
    /// The version has other bytes.
    VersionTaken(Digest),
    /// The key came with the same request before, and started this job.
    Known(JobId),
    /// The key came with another request before.
    KeyTaken,
    /// Deliveries that this node sends now.
    Deliveries(Vec<ClaimedDelivery>),
    /// It did not match because somebody is at it.
    Busy,
    /// This job, which has not ended, has the unique key.
    NotUnique(JobId),
    /// Another schedule has the name.
    NameTaken,
    /// Occurrences of a schedule came to this.
    Fired(Fired),
}

/// Which nodes are gone, beside those that have left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// All but this one: only one process owns the database.
    Others(NodeId),
    /// Those but this one whose lease has run out by the database's clock.
    Silent(NodeId),
    /// None: nobody is declared dead.
    Nobody,
}

/// Jobs that were taken back from nodes that are gone.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// All of them.
    pub jobs: Vec<JobId>,
    /// How many go on; the others have ended.
    pub resumed: u64,
    /// How many nodes were found dead.
    pub died: u64,
}

/// A node takes jobs.
#[derive(Debug, Clone, Copy)]
pub struct ClaimRequest {
    /// Which node.
    pub node: NodeId,
    /// At most so many.
    pub limit: u32,
    /// At most so many of them may be suspects: jobs that were on board when their hosts died, twice in a row without a
    /// checkpoint.
    pub suspects: u32,
    /// Whether jobs of components that may run only so many at once come before all others, instead of after them.
    pub limited_first: bool,
    /// Now.
    pub at: Timestamp,
}

/// A host process.
#[derive(Debug)]
pub struct NewNode {
    /// Its boot id.
    pub id: NodeId,
    /// The program's version.
    pub version: &'static str,
    /// Jobs it runs at once.
    pub slots: u32,
    /// How long its word holds; `None` where nothing but its process's end ends it.
    pub lease: Option<Duration>,
    /// Now.
    pub at: Timestamp,
}

/// A component to keep.
#[derive(Debug)]
pub struct ModuleWrite {
    /// What it is.
    pub module: Module,
    /// Its bytes.
    pub bytes: Bytes,
    /// Whether its version may be moved away from other bytes.
    pub replace: bool,
}

/// A secret to keep.
#[derive(Debug)]
pub struct SecretWrite {
    /// Its name.
    pub name: SecretName,
    /// The hosts that may get it.
    pub hosts: Vec<String>,
    /// Its value, sealed together with name and hosts.
    pub sealed: Vec<u8>,
    /// Now.
    pub at: Timestamp,
}

/// A job to start.
#[derive(Debug)]
pub struct NewJob {
    /// Its id.
    pub id: JobId,
    /// What it runs.
    pub module: ModuleLabel,
    /// What the module is given.
    pub inputs: JsonObject,
    /// How it is told to work.
    pub settings: JsonObject,
    /// State to start from.
    pub checkpoint: Option<JsonObject>,
    /// The most run time.
    pub max_duration: Option<Duration>,
    /// How long it may go on after it was told to stop.
    pub stop_grace: Duration,
    /// What becomes of it when its module fails in a way that may pass.
    pub retry: RetryPolicy,
    /// When it may start; at once unless given.
    pub run_after: Option<Timestamp>,
    /// Which of the ready jobs starts first.
    pub priority: Priority,
    /// What its owner attached to it.
    pub labels: Labels,
    /// What makes another request the same as this one.
    pub key: Option<StartKey>,
    /// Which jobs it waits for.
    pub queue: Option<JobQueue>,
    /// What no other job has that has not ended.
    pub unique_key: Option<JobKey>,
    /// What starts it, if it is not a client.
    pub schedule: Option<JobSchedule>,
    /// Now.
    pub at: Timestamp,
}

/// Who writes, in an attempt: its claim, and its number for what it leaves.
#[derive(Debug, Clone, Copy)]
pub struct Attempt {
    /// The right to write.
    pub claim: Claim,
    /// The attempt's number.
    pub number: u32,
}

/// A job that this node now runs.
#[derive(Debug)]
pub struct ClaimedJob {
    /// The right to run it, and the attempt's number.
    pub attempt: Attempt,
    /// What it runs.
    pub module: ModuleLabel,
    /// What the module is given.
    pub inputs: JsonObject,
    /// How it is told to work.
    pub settings: JsonObject,
    /// The most run time.
    pub max_duration: Option<Duration>,
    /// Run time used since it was started or resumed by hand.
    pub budget_used: Duration,
    /// How long it may go on after it was told to stop.
    pub stop_grace: Duration,
    /// What becomes of it when its module fails in a way that may pass.
    pub retry: RetryPolicy,
    /// How often it was tried again since it was started or resumed by hand.
    pub retries: u32,
    /// The number of its last log line.
    pub last_log_seq: u64,
    /// The number of its last result.
    pub last_result_seq: u64,
    /// Bytes of log kept so far.
    pub log_bytes: u64,
    /// Bytes of results kept so far.
    pub result_bytes: u64,
    /// Time on a processor since it was started or resumed by hand.
    pub cpu_used: Duration,
    /// What it has sent and received over HTTP so far.
    pub http: HttpUsage,
    /// What its module may do.
    pub grants: Grants,
    /// Whether it has a checkpoint to go on from.
    pub has_checkpoint: bool,
    /// Whether the attempt before this one died with its host.
    pub after_crash: bool,
    /// Whether it is a suspect, which no other suspect may follow for a moment.
    pub on_trial: bool,
    /// Since when it could have been taken.
    pub ready_at: Timestamp,
}

/// Consecutive log lines of an attempt.
#[derive(Debug)]
pub struct LogChunk {
    /// Who wrote them.
    pub attempt: Attempt,
    /// Number of the first line.
    pub first_seq: u64,
    /// Number of the last line.
    pub last_seq: u64,
    /// JSON array of the lines.
    pub lines: String,
    /// Bytes of their messages.
    pub message_bytes: u64,
}

/// A result of an attempt.
#[derive(Debug)]
pub struct NewResult {
    /// Who saved it.
    pub attempt: Attempt,
    /// Its number.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub data: JsonObject,
}

/// A checkpoint of an attempt, with its place.
#[derive(Debug)]
pub struct NewCheckpoint {
    /// Who saved it.
    pub attempt: Attempt,
    /// The last log line that it covers.
    pub log_seq: u64,
    /// The last result that it covers.
    pub result_seq: u64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub data: JsonObject,
    /// What the attempt has used since its last checkpoint, or since it began.
    pub usage: RunUsage,
}

/// The end of an attempt.
#[derive(Debug)]
pub struct Finish {
    /// Whose.
    pub claim: Claim,
    /// What becomes of the job.
    pub conclusion: Conclusion,
    /// False when nothing of the module ran, so that the attempt's number can be given again.
    pub counted: bool,
    /// Wall time it ran.
    pub run_time: Duration,
    /// What it has used since its last checkpoint, or since it began.
    pub usage: RunUsage,
    /// Now.
    pub at: Timestamp,
}

/// What a resume does with the checkpoint.
#[derive(Debug)]
pub enum CheckpointEdit {
    /// Nothing.
    Keep,
    /// This one instead.
    Replace(JsonObject),
    /// None, and all results are superseded.
    Remove,
}

/// An ended job to go on.
#[derive(Debug)]
pub struct Resume {
    /// Which.
    pub job: JobId,
    /// Other bytes.
    pub module: Option<ModuleLabel>,
    /// Other inputs.
    pub inputs: Option<JsonObject>,
    /// Other settings.
    pub settings: Option<JsonObject>,
    /// What becomes of the checkpoint.
    pub checkpoint: CheckpointEdit,
    /// Another run time.
    pub max_duration: Option<Duration>,
    /// Now.
    pub at: Timestamp,
}

/// A ticket for one stream.
#[derive(Debug)]
pub struct NewTicket {
    /// Of its text.
    pub hash: TokenHash,
    /// Whose holder it lets in; `None` where no token was needed.
    pub token: Option<TokenId>,
    /// Until when.
    pub expires_at: Timestamp,
    /// Now.
    pub at: Timestamp,
}

/// Entries of the audit log, in their order.
#[derive(Debug)]
pub struct AuditBatch {
    /// The entries.
    pub entries: Vec<AuditEntry>,
    /// How many of all are kept.
    pub limits: AuditLimits,
}

impl NewJob {
    /// Bytes of text that it brings to the database.
    fn payload_bytes(&self) -> usize {
        let checkpoint = self.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.as_str().len());
        self.inputs.as_str().len() + self.settings.as_str().len() + checkpoint
    }
}

impl Write {
    /// The job that the write belongs to; writes of one job keep their order.
    pub(super) fn job(&self) -> Option<JobId> {
        match self {
            Self::AppendLogs(LogChunk { attempt, .. })
            | Self::SaveResult(NewResult { attempt, .. })
            | Self::SaveCheckpoint(NewCheckpoint { attempt, .. }) => Some(attempt.claim.job()),
            Self::SaveProgress(claim, _) | Self::EndTrial(claim) => Some(claim.job()),
            Self::Finish(finish) => Some(finish.claim.job()),
            Self::RequestStop(job, _) | Self::DeleteJob(job) | Self::KeepJob { job, .. } => Some(*job),
            Self::ResumeJob(resume) => Some(resume.job),
            Self::CreateJob(job) => Some(job.id),
            Self::RegisterNode(_)
            | Self::Heartbeat(..)
            | Self::LeaveNode(..)
            | Self::Recover(..)
            | Self::PutModule(_)
            | Self::RemoveModule(_)
            | Self::SetGrants(..)
            | Self::Prune(_)
            | Self::Shrink
            | Self::Claim(_)
            | Self::PutSchedule(_)
            | Self::RemoveSchedule(_)
            | Self::FireSchedule(_)
            | Self::CreateToken(_)
            | Self::RevokeToken(..)
            | Self::TouchTokens(_)
            | Self::CreateTicket(_)
            | Self::TakeTicket(..)
            | Self::AppendAudit(_)
            | Self::PutSecret(_)
            | Self::RemoveSecret(_)
            | Self::Webhook(_) => None,
        }
    }

    /// Whether the write belongs to an attempt and must outlast a database that is full or away for a while.
    pub(super) fn is_of_attempt(&self) -> bool {
        match self {
            Self::Webhook(write) => write.is_of_attempt(),
            other => matches!(
                other,
                Self::AppendLogs(_)
                    | Self::SaveResult(_)
                    | Self::SaveProgress(..)
                    | Self::SaveCheckpoint(_)
                    | Self::EndTrial(_)
                    | Self::Finish(_)
            ),
        }
    }

    /// Whether it brings work that was not there before, and that can wait outside.
    pub(in crate::store) fn is_new_work(&self) -> bool {
        match self {
            Self::CreateJob(_) | Self::ResumeJob(_) | Self::PutModule(_) => true,
            Self::FireSchedule(firing) => firing.jobs().next().is_some(),
            _ => false,
        }
    }

    /// Whether there may be a job to claim after a batch, for which nobody looks in it.
    pub(in crate::store) fn leave_unclaimed(batch: &[Self]) -> bool {
        batch.iter().any(Self::may_leave_work) && !batch.iter().any(|write| matches!(write, Self::Claim(_)))
    }

    /// Whether there may be a job to claim after it.
    pub(in crate::store) fn may_leave_work(&self) -> bool {
        match self {
            Self::CreateJob(_)
            | Self::FireSchedule(_)
            | Self::ResumeJob(_)
            | Self::Recover(..)
            | Self::SetGrants(..) => true,
            Self::Finish(finish) => matches!(finish.conclusion, Conclusion::Pending),
            _ => false,
        }
    }

    /// Whether a running job may have been asked to stop by it.
    pub(in crate::store) fn may_stop(&self) -> bool {
        match self {
            Self::RequestStop(..) => true,
            Self::FireSchedule(firing) => firing.overlap == Overlap::Replace,
            _ => false,
        }
    }

    /// Whether a batch may hold only one of its kind for a job.
    pub(super) fn is_exclusive(&self) -> bool {
        matches!(self, Self::SaveCheckpoint(_) | Self::Finish(_) | Self::ResumeJob(_) | Self::DeleteJob(_))
    }

    /// Bytes of text and blobs that it brings to the database.
    pub(crate) fn payload_bytes(&self) -> usize {
        match self {
            Self::AppendLogs(chunk) => chunk.lines.len(),
            Self::SaveResult(result) => result.data.as_str().len(),
            Self::SaveCheckpoint(checkpoint) => checkpoint.data.as_str().len(),
            Self::CreateJob(job) => job.payload_bytes(),
            Self::FireSchedule(firing) => firing.jobs().map(NewJob::payload_bytes).sum(),
            Self::PutSchedule(put) => put.schedule.plan.job.to_json().len(),
            Self::PutModule(module) => module.bytes.len(),
            Self::PutSecret(secret) => secret.sealed.len(),
            Self::Webhook(write) => write.payload_bytes(),
            Self::Prune(prune) => prune.pieces.len() * size_of::<Piece>(),
            Self::KeepJob { .. }
            | Self::Shrink
            | Self::RegisterNode(_)
            | Self::Heartbeat(..)
            | Self::LeaveNode(..)
            | Self::Recover(..)
            | Self::RemoveModule(_)
            | Self::SetGrants(..)
            | Self::RemoveSecret(_)
            | Self::Claim(_)
            | Self::SaveProgress(..)
            | Self::EndTrial(_)
            | Self::Finish(_)
            | Self::RequestStop(..)
            | Self::ResumeJob(_)
            | Self::DeleteJob(_)
            | Self::RemoveSchedule(_)
            | Self::CreateToken(_)
            | Self::RevokeToken(..)
            | Self::CreateTicket(_)
            | Self::TakeTicket(..) => 0,
            Self::AppendAudit(batch) => batch.entries.len() * 256,
            Self::TouchTokens(used) => used.len() * size_of::<(TokenId, Timestamp)>(),
        }
    }
}
