//! One job of the model.

use std::time::Duration;

use crate::domain::{
    Claim, ErrorCode, Grants, Job, JobError, JobState, JsonObject, LimitGrants, LogLevel, LogLine, LogSource, NodeId,
    Progress, Removed, RunUsage, Status, StopReason, Stopped, StoredCheckpoint, StoredResult, Timestamp, Usage,
};
use crate::store::{Answer, Attempt, CheckpointEdit, ClaimedJob, LogChunk, NewCheckpoint, NewJob, NewResult, Resume};

use super::harness::NOW;

/// A job with everything that belongs to it.
#[derive(Debug)]
pub(super) struct ModelJob {
    /// As the store shows it, but for what depends on the time of the look.
    pub(super) shown: Job,
    pub(super) owner: Option<NodeId>,
    pub(super) fence: i64,
    pub(super) stop_asked: bool,
    pub(super) ready_at: Timestamp,
    pub(super) claimed_at: Timestamp,
    pub(super) crashes: u32,
    pub(super) lone_crashes: u32,
    pub(super) on_trial: bool,
    /// Whether its last attempt died with its host.
    pub(super) died: bool,
    budget_used: Duration,
    /// Time on a processor that counts for the limit.
    pub(super) cpu_used: Duration,
    /// Results up to this number are final.
    pub(super) final_result: u64,
    pub(super) lines: Vec<LogLine>,
    results: Vec<StoredResult>,
    /// The number of its last result, which may be gone.
    last_result: u64,
    pub(super) checkpoint: Option<StoredCheckpoint>,
}

impl ModelJob {
    pub(super) fn new(new: &NewJob, limits: LimitGrants) -> Self {
        let checkpoint = new.checkpoint.clone();
        let checkpoint = checkpoint.map(|checkpoint| StoredCheckpoint { checkpoint, attempt: 0, saved_at: new.at });
        let bytes = checkpoint.as_ref().map_or(0, |saved| saved.checkpoint.as_str().len() as u64);
        let shown = Job {
            id: new.id,
            module: new.module.clone(),
            state: JobState::Pending,
            inputs: new.inputs.clone(),
            settings: new.settings.clone(),
            max_duration: new.max_duration,
            limits,
            stop_grace: new.stop_grace,
            retry: new.retry,
            retries: 0,
            priority: new.priority,
            labels: new.labels.clone(),
            schedule: new.schedule.clone(),
            queue: new.queue.clone(),
            unique_key: new.unique_key.clone(),
            run_after: None,
            attempt: 0,
            created_at: new.at,
            started_at: None,
            progress: None,
            last_log_seq: 0,
            results: 0,
            checkpoint_saved_at: checkpoint.as_ref().map(|_| new.at),
            usage: Usage { checkpoint_bytes: bytes, ..Usage::default() },
            keep: false,
            removed: Removed::default(),
            node: None,
        };
        Self {
            shown,
            owner: None,
            fence: 0,
            stop_asked: false,
            ready_at: new.run_after.map_or(new.at, |time| time.max(new.at)),
            claimed_at: new.at,
            crashes: 0,
            lone_crashes: 0,
            on_trial: false,
            died: false,
            budget_used: Duration::ZERO,
            cpu_used: Duration::ZERO,
            final_result: 0,
            lines: Vec::new(),
            results: Vec::new(),
            last_result: 0,
            checkpoint,
        }
    }

    /// As the store shows it at a time.
    pub(super) fn show(&self, now: Timestamp) -> Job {
        let mut shown = self.shown.clone();
        match self.status() {
            Status::Pending => shown.run_after = (self.ready_at > now).then_some(self.ready_at),
            Status::Running => {
                shown.usage.run_time_ms += u64::try_from(now.since(self.claimed_at).as_millis()).expect("a short time");
            }
            Status::Completed | Status::Failed | Status::Stopped => {}
        }
        shown
    }

    /// All results, superseded ones included.
    pub(super) fn results(&self) -> Vec<StoredResult> {
        let mut results = self.results.clone();
        for result in &mut results {
            result.provisional = result.seq > self.final_result && !result.superseded;
        }
        results
    }

    pub(super) fn status(&self) -> Status {
        self.shown.state.status()
    }

    pub(super) fn holds(&self, claim: Claim) -> bool {
        self.status() == Status::Running && self.fence == claim.fence()
    }

    /// The right to write that holds now.
    pub(super) fn claim_now(&self) -> Option<Claim> {
        self.owner.map(|node| Claim::granted(self.shown.id, self.fence, node))
    }

    pub(super) fn last_result(&self) -> u64 {
        self.last_result
    }

    pub(super) fn is_suspect(&self) -> bool {
        self.crashes >= 2
    }

    pub(super) fn is_ready(&self, now: Timestamp) -> bool {
        self.status() == Status::Pending && self.ready_at <= now
    }

    pub(super) fn use_time(&mut self, ran: Duration) {
        self.budget_used += ran;
        self.shown.usage.run_time_ms += u64::try_from(ran.as_millis()).expect("a short time");
    }

    /// Its attempt is over.
    pub(super) fn end(&mut self, state: JobState) {
        self.shown.state = state;
        self.owner = None;
        self.on_trial = false;
    }

    pub(super) fn end_as_asked(&mut self, at: Timestamp, forced: bool) {
        self.end(JobState::Stopped { at, stop: Stopped { reason: StopReason::Requested, forced } });
    }

    pub(super) fn fail_as_crash_loop(&mut self, at: Timestamp) {
        let message = "its host died three times in a row while it ran alone or had just been started, without a \
                       checkpoint between"
            .to_owned();
        self.end(JobState::Failed { at, error: JobError { code: ErrorCode::CrashLoop, message, backtrace: None } });
    }

    pub(super) fn claim(&mut self, node: NodeId, at: Timestamp, grants: Grants) -> ClaimedJob {
        let on_trial = self.is_suspect();
        self.fence += 1;
        self.owner = Some(node);
        self.on_trial = on_trial;
        self.claimed_at = at;
        self.shown.state = JobState::Running;
        self.shown.node = Some(node);
        self.shown.attempt += 1;
        self.shown.started_at.get_or_insert(at);
        self.supersede_after(self.final_result);
        let shown = &self.shown;
        ClaimedJob {
            attempt: Attempt { claim: Claim::granted(shown.id, self.fence, node), number: shown.attempt },
            module: shown.module.clone(),
            inputs: shown.inputs.clone(),
            settings: shown.settings.clone(),
            max_duration: shown.max_duration,
            budget_used: self.budget_used,
            stop_grace: shown.stop_grace,
            retry: shown.retry,
            retries: shown.retries,
            last_log_seq: shown.last_log_seq,
            last_result_seq: self.last_result(),
            log_bytes: shown.usage.log_bytes,
            result_bytes: shown.usage.result_bytes,
            cpu_used: self.cpu_used,
            http: shown.usage.http,
            grants,
            has_checkpoint: self.checkpoint.is_some(),
            after_crash: self.died,
            on_trial,
            ready_at: self.ready_at,
        }
    }

    fn supersede_after(&mut self, seq: u64) {
        self.results.iter_mut().filter(|result| result.seq > seq).for_each(|result| result.superseded = true);
        self.shown.results = self.results.iter().filter(|result| !result.superseded).count() as u64;
    }

    pub(super) fn request_stop(&mut self, at: Timestamp) -> Answer {
        match self.status() {
            Status::Pending => {
                self.stop_asked = true;
                self.end_as_asked(at, false);
                Answer::Asked(None)
            }
            Status::Running => {
                self.stop_asked = true;
                Answer::Asked(self.claim_now())
            }
            ended => Answer::Status(ended),
        }
    }

    pub(super) fn append(&mut self, chunk: &LogChunk) -> bool {
        if chunk.first_seq != self.shown.last_log_seq + 1 {
            return false;
        }
        self.shown.last_log_seq = chunk.last_seq;
        self.shown.usage.log_bytes += chunk.message_bytes;
        self.lines.extend((chunk.first_seq..=chunk.last_seq).map(|seq| LogLine {
            seq,
            time: NOW,
            attempt: chunk.attempt.number,
            level: LogLevel::Info,
            source: LogSource::Guest,
            message: format!("line {seq}"),
            continued: false,
        }));
        true
    }

    pub(super) fn save_result(&mut self, new: &NewResult) -> bool {
        if new.seq != self.last_result() + 1 {
            return false;
        }
        let (seq, attempt, data) = (new.seq, new.attempt.number, new.data.clone());
        self.shown.usage.result_bytes += data.as_str().len() as u64;
        self.shown.results += 1;
        let (provisional, superseded) = (true, false);
        self.last_result = seq;
        self.results.push(StoredResult { seq, time: new.at, attempt, provisional, superseded, data });
        true
    }

    pub(super) fn save_checkpoint(&mut self, new: &NewCheckpoint) -> bool {
        if new.log_seq > self.shown.last_log_seq || new.result_seq > self.last_result() {
            return false;
        }
        self.set_checkpoint(new.data.clone(), new.attempt.number, new.at);
        self.final_result = new.result_seq;
        (self.crashes, self.lone_crashes, self.on_trial) = (0, 0, false);
        self.count(&new.usage);
        true
    }

    /// What was used counts.
    pub(super) fn count(&mut self, usage: &RunUsage) {
        let shown = &mut self.shown.usage;
        shown.cpu_time_ms += u64::try_from(usage.cpu_time.as_millis()).expect("a short time");
        shown.peak_memory_bytes = shown.peak_memory_bytes.max(usage.peak_memory_bytes);
        shown.http.requests += usage.http.requests;
        shown.http.bytes += usage.http.bytes;
        self.cpu_used += usage.cpu_time;
    }

    fn set_checkpoint(&mut self, checkpoint: JsonObject, attempt: u32, saved_at: Timestamp) {
        self.shown.checkpoint_saved_at = Some(saved_at);
        self.shown.usage.checkpoint_bytes = checkpoint.as_str().len() as u64;
        self.checkpoint = Some(StoredCheckpoint { checkpoint, attempt, saved_at });
    }

    /// Whether retention may take something from it that has seen it end then.
    pub(super) fn may_be_pruned(&self, finished_at: Timestamp) -> bool {
        self.shown.state.finished_at() == Some(finished_at) && !self.shown.keep
    }

    /// Answers whether there was a line to remove.
    pub(super) fn drop_lines(&mut self, upto: u64, at: Timestamp) -> bool {
        let (upto, removed) = (upto.min(self.shown.last_log_seq), &mut self.shown.removed);
        if removed.logs_to >= upto {
            return false;
        }
        (removed.logs_to, removed.logs_at) = (upto, Some(at));
        self.lines.retain(|line| line.seq > upto);
        true
    }

    /// Answers whether there was a result to remove.
    pub(super) fn drop_results(&mut self, upto: u64, at: Timestamp) -> bool {
        let (upto, removed) = (upto.min(self.last_result), &mut self.shown.removed);
        if removed.results_to >= upto {
            return false;
        }
        (removed.results_to, removed.results_at) = (upto, Some(at));
        self.results.retain(|result| result.seq > upto);
        self.shown.results = self.results.iter().filter(|result| !result.superseded).count() as u64;
        true
    }

    /// Answers whether there was a checkpoint to remove.
    pub(super) fn drop_checkpoint(&mut self, at: Timestamp) -> bool {
        let had = self.checkpoint.take().is_some();
        if had {
            self.shown.removed.checkpoint_at = Some(at);
        }
        had
    }

    pub(super) fn resume(&mut self, change: &Resume) -> Answer {
        let status = self.status();
        let goes_on = matches!(change.checkpoint, CheckpointEdit::Keep);
        if !matches!(status, Status::Failed | Status::Stopped) || goes_on && self.shown.removed.checkpoint_at.is_some()
        {
            return Answer::Status(status);
        }
        self.shown.removed.checkpoint_at = None;
        self.end(JobState::Pending);
        self.ready_at = change.at;
        self.stop_asked = false;
        (self.crashes, self.lone_crashes) = (0, 0);
        (self.budget_used, self.cpu_used) = (Duration::ZERO, Duration::ZERO);
        self.shown.retries = 0;
        self.shown.max_duration = change.max_duration.or(self.shown.max_duration);
        if let Some(inputs) = &change.inputs {
            self.shown.inputs = inputs.clone();
        }
        if let Some(settings) = &change.settings {
            self.shown.settings = settings.clone();
        }
        match &change.checkpoint {
            CheckpointEdit::Keep => {}
            CheckpointEdit::Replace(checkpoint) => self.set_checkpoint(checkpoint.clone(), 0, change.at),
            CheckpointEdit::Remove => {
                self.supersede_after(0);
                self.final_result = self.last_result();
                self.checkpoint = None;
                self.shown.checkpoint_saved_at = None;
                self.shown.usage.checkpoint_bytes = 0;
                self.shown.progress = None::<Progress>;
            }
        }
        Answer::Resumed(Box::new(self.shown.clone()))
    }
}
