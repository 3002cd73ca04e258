//! From rows to what the domain calls them: the only place that reads statuses and outcomes back.

use crate::domain::{
    Digest, ErrorCode, Grants, HttpUsage, InvalidJobKey, InvalidPriority, InvalidScheduleName, Job, JobError, JobId,
    JobKey, JobQueue, JobSchedule, JobState, JsonObject, Labels, ModuleLabel, NodeId, Progress, Removed, RetryPolicy,
    ScheduleId, Status, StopReason, Stopped, Timestamp, Usage,
};
use crate::store::StoreError;
use crate::store::session::{Row, mismatch};

/// The columns of [`job`], for a statement that joins `job_input`.
pub(super) const JOB_COLUMNS: &str = "job.id, job.digest, job.module_name, job.module_version, job.status, job.node, \
     job.attempt, job.max_duration_ms, job.stop_grace_ms, job.max_attempts, \
     job.backoff_ms, job.retries, job.priority, job.labels, job.schedule_id, job.schedule_name, job.scheduled_for, job.queue, job.unique_key, job.ready_at, job.created_at, job.started_at, job.claimed_at, \
     job.finished_at, job.stop_reason, job.stop_forced, job.error_code, job.error_message, job.error_backtrace, \
     job.progress_done, job.progress_total, job.last_log_seq, job.results, job.checkpoint_saved_at, job.run_time_ms, \
     job.cpu_time_ms, job.peak_memory_bytes, job.log_bytes, job.result_bytes, job.checkpoint_bytes, \
     job.http_requests, job.http_bytes, job.keep, job.log_removed_seq, job.logs_removed_at, job.result_removed_seq, \
     job.results_removed_at, job.checkpoint_removed_at, job_input.inputs, job_input.settings, \
     (SELECT component.grants FROM component WHERE component.digest = job.digest)";

/// A digest of 32 bytes.
pub(in crate::store) fn digest(row: &mut Row, place: &'static str) -> Result<Digest, StoreError> {
    let bytes = row.bytes_or_null(place)?.unwrap_or_default();
    bytes.try_into().map(Digest::from_bytes).map_err(|_| mismatch(place, "a digest has 32 bytes"))
}

/// A digest that may be absent.
pub(in crate::store) fn digest_or_null(row: &mut Row, place: &'static str) -> Result<Option<Digest>, StoreError> {
    let Some(bytes) = row.bytes_or_null(place)? else { return Ok(None) };
    bytes.try_into().map(|bytes| Some(Digest::from_bytes(bytes))).map_err(|_| mismatch(place, "a digest has 32 bytes"))
}

/// What a component may do; null is nothing.
pub(in crate::store) fn grants(row: &mut Row) -> Result<Grants, StoreError> {
    const PLACE: &str = "component.grants";
    match row.text_or_null(PLACE)? {
        Some(text) => Grants::from_json(&text).map_err(|error| mismatch(PLACE, &error.to_string())),
        None => Ok(Grants::default()),
    }
}

/// What a job's owner attached to it; null is nothing.
fn labels(row: &mut Row) -> Result<Labels, StoreError> {
    const PLACE: &str = "job.labels";
    match row.text_or_null(PLACE)? {
        Some(text) => serde_json::from_str(&text).map_err(|error| mismatch(PLACE, &error.to_string())),
        None => Ok(Labels::default()),
    }
}

/// Which jobs a job waits for.
fn queue(row: &mut Row) -> Result<Option<JobQueue>, StoreError> {
    const PLACE: &str = "job.queue";
    let read = |text: String| serde_json::from_str(&text).map_err(|error| mismatch(PLACE, &error.to_string()));
    row.text_or_null(PLACE)?.map(read).transpose()
}

/// The unique key of a job, without the name of its module, which is stored with it.
fn unique_key(row: &mut Row) -> Result<Option<JobKey>, StoreError> {
    const PLACE: &str = "job.unique_key";
    let Some(text) = row.text_or_null(PLACE)? else { return Ok(None) };
    let (_, key) = text.split_once(':').ok_or_else(|| mismatch(PLACE, "there is no module before the key"))?;
    key.parse().map(Some).map_err(|error: InvalidJobKey| mismatch(PLACE, &error.to_string()))
}

/// What started a job; null is a client.
fn job_schedule(row: &mut Row) -> Result<Option<JobSchedule>, StoreError> {
    let id = row.uuid_or_null("job.schedule_id")?.map(ScheduleId::from_uuid);
    let name = row.text_or_null("job.schedule_name")?;
    let scheduled_for = time_or_null(row, "job.scheduled_for")?;
    let (Some(id), Some(name), Some(scheduled_for)) = (id, name, scheduled_for) else { return Ok(None) };
    let name = name.parse().map_err(|error: InvalidScheduleName| mismatch("job.schedule_name", &error.to_string()))?;
    Ok(Some(JobSchedule { id, name, scheduled_for }))
}

/// A point in time that may be absent.
pub(super) fn time_or_null(row: &mut Row, place: &'static str) -> Result<Option<Timestamp>, StoreError> {
    Ok(row.int_or_null(place)?.map(Timestamp::from_millis))
}

/// A point in time.
pub(in crate::store) fn time(row: &mut Row, place: &'static str) -> Result<Timestamp, StoreError> {
    row.int(place).map(Timestamp::from_millis)
}

fn duration(row: &mut Row, place: &'static str) -> Result<std::time::Duration, StoreError> {
    row.count(place).map(std::time::Duration::from_millis)
}

/// A job, from [`JOB_COLUMNS`]. `now` counts the run time of a running one.
pub(super) fn job(row: &mut Row, now: Timestamp) -> Result<Job, StoreError> {
    let id = JobId::from_uuid(row.uuid("job.id")?);
    let digest = digest(row, "job.digest")?;
    let module = ModuleLabel { name: row.text("job.module_name")?, version: row.word("job.module_version")?, digest };
    let status: Status = row.word("job.status")?;
    let node = row.uuid_or_null("job.node")?.map(NodeId::from_uuid);
    let attempt = row.small("job.attempt")?;
    let max_duration = row
        .int_or_null("job.max_duration_ms")?
        .map(|ms| std::time::Duration::from_millis(u64::try_from(ms).unwrap_or(0)));
    let stop_grace = duration(row, "job.stop_grace_ms")?;
    let max_attempts = row.small("job.max_attempts")?;
    let retry = RetryPolicy { max_attempts, backoff: duration(row, "job.backoff_ms")? };
    let retries = row.small("job.retries")?;
    let priority = row
        .int("job.priority")?
        .try_into()
        .map_err(|error: InvalidPriority| mismatch("job.priority", &error.to_string()))?;
    let labels = labels(row)?;
    let schedule = job_schedule(row)?;
    let (queue, unique_key) = (queue(row)?, unique_key(row)?);
    let ready_at = time(row, "job.ready_at")?;
    let run_after = (status == Status::Pending && ready_at > now).then_some(ready_at);
    let created_at = time(row, "job.created_at")?;
    let started_at = time_or_null(row, "job.started_at")?;
    let claimed_at = time_or_null(row, "job.claimed_at")?;
    let state = state(row, status)?;
    let progress = progress(row)?;
    let last_log_seq = row.count("job.last_log_seq")?;
    let results = row.count("job.results")?;
    let checkpoint_saved_at = time_or_null(row, "job.checkpoint_saved_at")?;
    let mut usage = usage(row)?;
    if let (Status::Running, Some(claimed_at)) = (status, claimed_at) {
        usage.run_time_ms += u64::try_from(now.since(claimed_at).as_millis()).unwrap_or(u64::MAX);
    }
    let keep = row.int("job.keep")? == 1;
    let removed = removed(row)?;
    let inputs = JsonObject::from_stored(row.text("job_input.inputs")?);
    let settings = JsonObject::from_stored(row.text("job_input.settings")?);
    let limits = grants(row)?.limits;
    Ok(Job {
        id,
        module,
        state,
        inputs,
        settings,
        max_duration,
        limits,
        stop_grace,
        retry,
        retries,
        priority,
        labels,
        schedule,
        queue,
        unique_key,
        run_after,
        attempt,
        created_at,
        started_at,
        progress,
        last_log_seq,
        results,
        checkpoint_saved_at,
        usage,
        keep,
        removed,
        node,
    })
}

fn state(row: &mut Row, status: Status) -> Result<JobState, StoreError> {
    let finished_at = time_or_null(row, "job.finished_at")?;
    let (reason, forced) = (row.text_or_null("job.stop_reason")?, row.int_or_null("job.stop_forced")?);
    let (code, message) = (row.text_or_null("job.error_code")?, row.text_or_null("job.error_message")?);
    let backtrace = row.text_or_null("job.error_backtrace")?;
    let at = || finished_at.ok_or_else(|| mismatch("job.finished_at", "an ended job has none"));
    Ok(match status {
        Status::Pending => JobState::Pending,
        Status::Running => JobState::Running,
        Status::Completed => JobState::Completed { at: at()? },
        Status::Failed => {
            let error =
                JobError { code: error_code(code.as_deref())?, message: message.unwrap_or_default(), backtrace };
            JobState::Failed { at: at()?, error }
        }
        Status::Stopped => {
            let stop = Stopped { reason: stop_reason(reason.as_deref())?, forced: forced == Some(1) };
            JobState::Stopped { at: at()?, stop }
        }
    })
}

fn error_code(word: Option<&str>) -> Result<ErrorCode, StoreError> {
    ErrorCode::ALL
        .into_iter()
        .find(|code| Some(code.as_str()) == word)
        .ok_or_else(|| mismatch("job.error_code", "no code of this program"))
}

fn stop_reason(word: Option<&str>) -> Result<StopReason, StoreError> {
    [StopReason::Requested, StopReason::DurationLimit]
        .into_iter()
        .find(|reason| Some(reason.as_str()) == word)
        .ok_or_else(|| mismatch("job.stop_reason", "no reason of this program"))
}

pub(super) fn progress(row: &mut Row) -> Result<Option<Progress>, StoreError> {
    let done = row.int_or_null("job.progress_done")?;
    let total = row.int_or_null("job.progress_total")?;
    let count = |value: i64| u64::try_from(value).unwrap_or(0);
    Ok(done.map(|done| Progress { done: count(done), total: total.map(count) }))
}

fn removed(row: &mut Row) -> Result<Removed, StoreError> {
    Ok(Removed {
        logs_to: row.count("job.log_removed_seq")?,
        logs_at: time_or_null(row, "job.logs_removed_at")?,
        results_to: row.count("job.result_removed_seq")?,
        results_at: time_or_null(row, "job.results_removed_at")?,
        checkpoint_at: time_or_null(row, "job.checkpoint_removed_at")?,
    })
}

fn usage(row: &mut Row) -> Result<Usage, StoreError> {
    Ok(Usage {
        run_time_ms: row.count("job.run_time_ms")?,
        cpu_time_ms: row.count("job.cpu_time_ms")?,
        peak_memory_bytes: row.count("job.peak_memory_bytes")?,
        log_bytes: row.count("job.log_bytes")?,
        result_bytes: row.count("job.result_bytes")?,
        checkpoint_bytes: row.count("job.checkpoint_bytes")?,
        http: HttpUsage { requests: row.count("job.http_requests")?, bytes: row.count("job.http_bytes")? },
    })
}
