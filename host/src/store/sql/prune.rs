//! What retention removes. Every statement matches an ended job by its end, so that none is met that was resumed since
//! somebody looked, and none that is to be kept.

use super::statement::{BatchStatement, Kind, Statement};

/// `$1` node, `$2` for how long, in milliseconds, `$3` bytes that the database holds, or null. Returns nothing while another node holds it.
pub(in crate::store) static HOLD_RETENTION: Statement = Statement::new(
    "UPDATE retention SET node = $1, held_until = {now} + $2, used_bytes = coalesce($3, used_bytes)
     WHERE id = 1 AND (node IS NULL OR node = $1 OR held_until < {now}) RETURNING id",
);

/// `$1` now, `$2` why, `$3` jobs, `$4` logs, `$5` results of so many jobs, `$6` checkpoints of so many.
pub(in crate::store) static NOTE_REMOVED: Statement = Statement::new(
    "UPDATE retention SET last_at = $1, last_reason = $2, removed_jobs = removed_jobs + $3,
            removed_logs = removed_logs + $4, removed_results = removed_results + $5,
            removed_checkpoints = removed_checkpoints + $6
     WHERE id = 1",
);

/// `$1` job, `$2` 1 when retention is to leave it alone.
pub(in crate::store) static KEEP_JOB: Statement = Statement::new("UPDATE job SET keep = $2 WHERE id = $1 RETURNING id");

/// Lines up to a number; they are not shown from then on.
pub(in crate::store) static PRUNE_LOGS: BatchStatement = BatchStatement::new(
    &[("job", Kind::Bytes), ("ended", Kind::Int), ("upto", Kind::Int), ("at", Kind::Int)],
    "UPDATE job SET log_removed_seq = {least}(w.upto, last_log_seq), logs_removed_at = w.at FROM w
     WHERE job.id = w.job AND job.finished_at = w.ended AND job.keep = 0 AND job.status NOT IN ({stop})
       AND job.log_removed_seq < {least}(w.upto, job.last_log_seq)
     RETURNING id",
);

/// Chunks with no line behind that number.
pub(in crate::store) static DROP_LOG_CHUNKS: BatchStatement = BatchStatement::new(
    &[("job", Kind::Bytes), ("upto", Kind::Int)],
    "DELETE FROM log_chunk WHERE (job_id, first_seq) IN
         (SELECT gone.job_id, gone.first_seq FROM w
          JOIN log_chunk AS gone ON gone.job_id = w.job AND gone.last_seq <= w.upto)",
);

/// Results up to a number.
pub(in crate::store) static PRUNE_RESULTS: BatchStatement = BatchStatement::new(
    &[("job", Kind::Bytes), ("ended", Kind::Int), ("upto", Kind::Int), ("at", Kind::Int)],
    "UPDATE job SET result_removed_seq = {least}(w.upto, last_result_seq), results_removed_at = w.at FROM w
     WHERE job.id = w.job AND job.finished_at = w.ended AND job.keep = 0 AND job.status NOT IN ({stop})
       AND job.result_removed_seq < {least}(w.upto, job.last_result_seq)
     RETURNING id",
);

pub(in crate::store) static DROP_RESULTS: BatchStatement = BatchStatement::new(
    &[("job", Kind::Bytes), ("upto", Kind::Int)],
    "DELETE FROM result WHERE (job_id, seq) IN
         (SELECT gone.job_id, gone.seq FROM w JOIN result AS gone ON gone.job_id = w.job AND gone.seq <= w.upto)",
);

/// Both checkpoints.
pub(in crate::store) static PRUNE_CHECKPOINTS: BatchStatement = BatchStatement::new(
    &[("job", Kind::Bytes), ("ended", Kind::Int), ("at", Kind::Int)],
    "UPDATE job SET checkpoint_removed_at = w.at FROM w
     WHERE job.id = w.job AND job.finished_at = w.ended AND job.keep = 0 AND job.status NOT IN ({stop})
       AND job.checkpoint_seq > 0 AND job.checkpoint_removed_at IS NULL
     RETURNING id",
);

pub(in crate::store) static DROP_ALL_CHECKPOINTS: BatchStatement =
    BatchStatement::new(&[("job", Kind::Bytes)], "DELETE FROM checkpoint WHERE job_id IN (SELECT w.job FROM w)");

/// Whole jobs.
pub(in crate::store) static PRUNE_JOBS: BatchStatement = BatchStatement::new(
    &[("job", Kind::Bytes), ("ended", Kind::Int)],
    "DELETE FROM job WHERE id IN (SELECT w.job FROM w) AND keep = 0 AND status NOT IN ({stop})
       AND EXISTS (SELECT 1 FROM w WHERE w.job = job.id AND w.ended = job.finished_at)
     RETURNING id, digest",
);

/// Gives up to so many free pages back to the disk. Not more at once: each has to be moved, and goes through the write-ahead
/// log, for which there must be room on a disk that is short of it. `SQLite` alone.
pub(in crate::store) static SHRINK: Statement = Statement::new("PRAGMA incremental_vacuum(256)");
