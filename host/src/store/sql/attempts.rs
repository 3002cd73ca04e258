//! What an attempt writes. Each statement matches the claim's fence on a running job; a row that it does not return
//! had lost its claim, and nothing of it was written.

use super::statement::{BatchStatement, Kind};

/// The chunks of a job in one batch, together: `first` must follow the last line that is stored.
pub(in crate::store) static APPEND_LOGS: BatchStatement = BatchStatement::new(
    &[("job", Kind::Bytes), ("claim_fence", Kind::Int), ("first", Kind::Int), ("last", Kind::Int), ("size", Kind::Int)],
    "UPDATE job SET last_log_seq = w.last, log_bytes = log_bytes + w.size FROM w
     WHERE job.id = w.job AND job.fence = w.claim_fence AND {status} IN ({complete})
       AND job.last_log_seq = w.first - 1
     RETURNING id, fence",
);

pub(in crate::store) static INSERT_LOG_CHUNKS: BatchStatement = BatchStatement::new(
    &[("job", Kind::Bytes), ("first", Kind::Int), ("last", Kind::Int), ("attempt", Kind::Int), ("lines", Kind::Text)],
    "INSERT INTO log_chunk (job_id, first_seq, last_seq, attempt, lines)
     SELECT w.job, w.first, w.last, w.attempt, w.lines FROM w",
);

/// The results of a job in one batch, together.
pub(in crate::store) static APPEND_RESULTS: BatchStatement = BatchStatement::new(
    &[("job", Kind::Bytes), ("claim_fence", Kind::Int), ("first", Kind::Int), ("last", Kind::Int), ("size", Kind::Int)],
    "UPDATE job SET last_result_seq = w.last, results = results + (w.last - w.first + 1),
            result_bytes = result_bytes + w.size
     FROM w
     WHERE job.id = w.job AND job.fence = w.claim_fence AND {status} IN ({complete})
       AND job.last_result_seq = w.first - 1
     RETURNING id, fence",
);

pub(in crate::store) static INSERT_RESULTS: BatchStatement = BatchStatement::new(
    &[("job", Kind::Bytes), ("seq", Kind::Int), ("attempt", Kind::Int), ("saved_at", Kind::Int), ("data", Kind::Text)],
    "INSERT INTO result (job_id, seq, attempt, saved_at, data)
     SELECT w.job, w.seq, w.attempt, w.saved_at, w.data FROM w",
);

pub(in crate::store) static SAVE_PROGRESS: BatchStatement = BatchStatement::new(
    &[("job", Kind::Bytes), ("claim_fence", Kind::Int), ("done", Kind::Int), ("total", Kind::Int)],
    "UPDATE job SET progress_done = w.done, progress_total = w.total FROM w
     WHERE job.id = w.job AND job.fence = w.claim_fence AND {status} IN ({complete})
     RETURNING id, fence",
);

/// A commit point: every result up to `result_seq` becomes final, the crashes before it are forgiven, and what was used
/// up to it counts, whatever becomes of the attempt. Does not
/// match while a line or result that it covers is missing.
pub(in crate::store) static SAVE_CHECKPOINTS: BatchStatement = BatchStatement::new(
    &[
        ("job", Kind::Bytes),
        ("claim_fence", Kind::Int),
        ("log_seq", Kind::Int),
        ("result_seq", Kind::Int),
        ("saved_at", Kind::Int),
        ("size", Kind::Int),
        ("cpu_ms", Kind::Int),
        ("peak", Kind::Int),
        ("requests", Kind::Int),
        ("http_size", Kind::Int),
    ],
    "UPDATE job SET checkpoint_seq = checkpoint_seq + 1, checkpoint_saved_at = w.saved_at, checkpoint_bytes = w.size,
            final_result_seq = w.result_seq, crashes = 0, lone_crashes = 0, on_trial = 0,
            cpu_time_ms = cpu_time_ms + w.cpu_ms, budget_cpu_ms = budget_cpu_ms + w.cpu_ms,
            http_requests = http_requests + w.requests, http_bytes = http_bytes + w.http_size,
            peak_memory_bytes = CASE WHEN w.peak > peak_memory_bytes THEN w.peak ELSE peak_memory_bytes END
     FROM w
     WHERE job.id = w.job AND job.fence = w.claim_fence AND {status} IN ({complete})
       AND job.last_log_seq >= w.log_seq AND job.last_result_seq >= w.result_seq
     RETURNING id, fence, checkpoint_seq",
);

pub(in crate::store) static INSERT_CHECKPOINTS: BatchStatement = BatchStatement::new(
    &[("job", Kind::Bytes), ("seq", Kind::Int), ("attempt", Kind::Int), ("saved_at", Kind::Int), ("data", Kind::Text)],
    "INSERT INTO checkpoint (job_id, seq, attempt, saved_at, data)
     SELECT w.job, w.seq, w.attempt, w.saved_at, w.data FROM w",
);

/// Keeps the newest two.
pub(in crate::store) static DROP_OLD_CHECKPOINTS: BatchStatement = BatchStatement::new(
    &[("job", Kind::Bytes), ("seq", Kind::Int)],
    "DELETE FROM checkpoint WHERE (job_id, seq) IN (SELECT w.job, w.seq - 2 FROM w)",
);

/// A suspect has run for as long as it takes to believe that it is not the one.
pub(in crate::store) static END_TRIALS: BatchStatement = BatchStatement::new(
    &[("job", Kind::Bytes), ("claim_fence", Kind::Int)],
    "UPDATE job SET on_trial = 0 FROM w
     WHERE job.id = w.job AND job.fence = w.claim_fence AND {status} IN ({complete})
     RETURNING id, fence",
);

/// The last write of an attempt. A job that goes back to `pending` with a stop request becomes `stopped` instead. One that
/// was interrupted keeps its place before those that wait at the same gate, since it may be half done.
pub(in crate::store) static FINISH: BatchStatement = BatchStatement::new(
    &[
        ("job", Kind::Bytes),
        ("claim_fence", Kind::Int),
        ("next", Kind::Text),
        ("ended_at", Kind::Int),
        ("pause_ms", Kind::Int),
        ("retry", Kind::Int),
        ("run_ms", Kind::Int),
        ("cpu_ms", Kind::Int),
        ("peak", Kind::Int),
        ("requests", Kind::Int),
        ("http_size", Kind::Int),
        ("uncounted", Kind::Int),
        ("reason", Kind::Text),
        ("forced", Kind::Int),
        ("code", Kind::Text),
        ("message", Kind::Text),
        ("backtrace", Kind::Text),
    ],
    "UPDATE job SET
            status = CASE WHEN w.next = 'pending' AND stop_requested_at IS NOT NULL THEN 'stopped' ELSE w.next END,
            owner = NULL,
            finished_at = CASE WHEN w.next = 'pending' AND stop_requested_at IS NULL THEN NULL ELSE w.ended_at END,
            ready_at = CASE WHEN gate IS NOT NULL AND w.retry = 0 THEN created_at ELSE w.ended_at + w.pause_ms END,
            retries = retries + w.retry,
            attempt = attempt - w.uncounted,
            stop_reason = CASE WHEN w.next = 'pending' AND stop_requested_at IS NOT NULL THEN 'requested'
                               ELSE w.reason END,
            stop_forced = w.forced,
            error_code = w.code, error_message = w.message, error_backtrace = w.backtrace,
            final_result_seq = CASE WHEN w.next = 'completed' THEN last_result_seq ELSE final_result_seq END,
            on_trial = 0,
            budget_used_ms = budget_used_ms + w.run_ms,
            run_time_ms = run_time_ms + w.run_ms,
            cpu_time_ms = cpu_time_ms + w.cpu_ms,
            budget_cpu_ms = budget_cpu_ms + w.cpu_ms,
            http_requests = http_requests + w.requests,
            http_bytes = http_bytes + w.http_size,
            peak_memory_bytes = CASE WHEN w.peak > peak_memory_bytes THEN w.peak ELSE peak_memory_bytes END
     FROM w
     WHERE job.id = w.job AND job.fence = w.claim_fence AND {status} IN ({complete})
     RETURNING id, fence, status, gate, queue, limited",
);

pub(in crate::store) static CLOSE_ATTEMPTS: BatchStatement = BatchStatement::new(
    &[("job", Kind::Bytes), ("claim_fence", Kind::Int), ("ended", Kind::Int), ("how", Kind::Text)],
    "UPDATE attempt SET ended_at = w.ended, outcome = w.how FROM w
     WHERE attempt.job_id = w.job AND attempt.fence = w.claim_fence",
);
