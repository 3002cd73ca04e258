//! Claims: a node takes ready jobs, and what their attempts start from.

use super::statement::{BatchStatement, Kind, Statement};

/// Takes ready jobs that an index has: from two crashes in a row without a checkpoint on, a job is a suspect, which may be
/// what kills its host. Answers all that their attempts start from, and how the attempt before ended.
///
/// Each kind of claim is a statement of its own and names its index: whatever else the database thinks, it looks at the
/// jobs that it takes and at no other, however many wait.
macro_rules! claim {
    ($index:literal, $jobs:literal, $most:expr, $on_trial:literal) => {
        Statement::new(concat!(
            "UPDATE job SET status = 'running', owner = $1, node = $1, fence = fence + 1, attempt = attempt + 1,
                    claimed_at = $2, started_at = coalesce(started_at, $2), on_trial = ",
            $on_trial,
            " WHERE id IN (
                  WITH ready AS MATERIALIZED (
                      SELECT id FROM job {by ",
            $index,
            "} WHERE status IN ({claim}) AND ready_at <= $2 AND ",
            $jobs,
            " ORDER BY priority DESC, ready_at, id LIMIT ",
            $most,
            " {skip_locked})
                  SELECT id FROM ready)
                AND EXISTS (SELECT 1 FROM node WHERE node.id = $1 AND node.state = 'up'
                            AND (node.lease_until IS NULL OR node.lease_until > {now}))
              RETURNING id, fence, attempt, digest, module_name, module_version, max_duration_ms, stop_grace_ms,
                        budget_used_ms, max_attempts, backoff_ms, retries, last_log_seq, last_result_seq,
                        final_result_seq, log_bytes, result_bytes, budget_cpu_ms, http_requests, http_bytes,
                        checkpoint_seq, on_trial, ready_at,
                        (SELECT job_input.inputs FROM job_input WHERE job_input.job_id = job.id),
                        (SELECT job_input.settings FROM job_input WHERE job_input.job_id = job.id),
                        (SELECT attempt.outcome FROM attempt WHERE attempt.job_id = job.id
                         ORDER BY attempt.fence DESC LIMIT 1),
                        (SELECT component.grants FROM component WHERE component.digest = job.digest)"
        ))
    };
}

/// The table `level` of the priorities that pending jobs have which wait for nothing but their time and a slot. Each is one
/// look into the index, however many jobs have it.
macro_rules! levels {
    () => {
        "WITH RECURSIVE level (priority) AS (
             SELECT (SELECT max(priority) FROM job {by job_ready}
                     WHERE status IN ({claim}) AND limited = 0 AND gate IS NULL AND crashes < 2)
             UNION ALL
             SELECT (SELECT max(job.priority) FROM job {by job_ready}
                     WHERE status IN ({claim}) AND limited = 0 AND gate IS NULL AND crashes < 2 AND job.priority < level.priority)
             FROM level WHERE level.priority IS NOT NULL) "
    };
}

/// Since when the oldest could have been taken of those.
macro_rules! oldest_ready {
    () => {
        "(SELECT min((SELECT min(job.ready_at) FROM job {by job_ready}
                      WHERE status IN ({claim}) AND limited = 0 AND gate IS NULL AND crashes < 2
                        AND job.priority = level.priority)) FROM level)"
    };
}

/// What there is to take, each kind at one look into its index: `ready` with each priority that ready jobs have; `suspect`;
/// `limited` for jobs of components of which only so many may run at once; `gate` when one is due. `$1` now.
pub(in crate::store) static READY: Statement = Statement::new(concat!(
    levels!(),
    "SELECT 'ready', priority FROM level
     WHERE EXISTS (SELECT 1 FROM job {by job_ready}
                   WHERE status IN ({claim}) AND limited = 0 AND gate IS NULL AND crashes < 2
                     AND job.priority = level.priority AND job.ready_at <= $1)
     UNION ALL
     SELECT 'suspect', NULL WHERE EXISTS (SELECT 1 FROM job {by job_suspect}
                   WHERE status IN ({claim}) AND limited = 0 AND gate IS NULL AND crashes >= 2 AND ready_at <= $1)
     UNION ALL
     SELECT 'limited', NULL WHERE EXISTS (SELECT 1 FROM component
                   WHERE jobs_concurrent IS NOT NULL AND EXISTS (SELECT 1 FROM job {by job_ready_limited}
                         WHERE job.digest = component.digest AND limited = 1 AND gate IS NULL
                           AND status IN ({claim}) AND ready_at <= $1))
     UNION ALL
     SELECT 'gate', NULL WHERE EXISTS (SELECT 1 FROM gate WHERE look_at <= $1)",
));

/// How many jobs wait and run, and since when the oldest could have been taken of those that wait for nothing but a slot.
pub(in crate::store) static QUEUE: Statement = Statement::new(concat!(
    levels!(),
    "SELECT (SELECT count(*) FROM job WHERE status = 'pending') AS pending,
            (SELECT count(*) FROM job WHERE status = 'running') AS running, ",
    oldest_ready!(),
    " AS oldest",
));

/// Since when the oldest of those could have been taken.
pub(in crate::store) static OLDEST_READY: Statement = Statement::new(concat!(levels!(), "SELECT ", oldest_ready!()));

/// The same of the modules `$1`, their names each between spaces.
pub(in crate::store) static OLDEST_READY_REACHED: Statement = Statement::new(
    "SELECT min(ready_at) FROM job {by job_ready}
     WHERE status IN ({claim}) AND limited = 0 AND gate IS NULL AND crashes < 2
       AND $1 LIKE '% ' || module_name || ' %'",
);

/// Takes ready jobs of one priority, oldest first, of components without a number of jobs at once. `$1` node, `$2` now,
/// `$3` how many, `$4` priority.
pub(in crate::store) static CLAIM: Statement =
    claim!("job_ready", "limited = 0 AND gate IS NULL AND crashes < 2 AND priority = $4", "$3", "0");

/// The same for suspects, of whichever priority.
pub(in crate::store) static CLAIM_SUSPECTS: Statement =
    claim!("job_suspect", "limited = 0 AND gate IS NULL AND crashes >= 2", "$3", "1");

/// The components of which only so many jobs may run at once and which have ready ones, with the highest of their
/// priorities; the highest first, and among equal ones the longest waiting. `$1` now. Until this transaction ends nobody
/// else claims any of their jobs.
pub(in crate::store) static HOLD_LIMITED: Statement = Statement::new(
    "SELECT digest, (SELECT max(priority) FROM job {by job_ready_limited} WHERE job.digest = component.digest AND limited = 1
                     AND gate IS NULL AND status IN ({claim}) AND ready_at <= $1) AS priority
     FROM component WHERE jobs_concurrent IS NOT NULL
       AND EXISTS (SELECT 1 FROM job {by job_ready_limited} WHERE job.digest = component.digest AND limited = 1
                   AND gate IS NULL AND status IN ({claim}) AND ready_at <= $1)
     ORDER BY priority DESC, (SELECT min(ready_at) FROM job {by job_ready_limited} WHERE job.digest = component.digest
                              AND limited = 1 AND gate IS NULL AND status IN ({claim}))
     {hold_free}",
);

/// How many more jobs of the component `$4` may run, but at most `$3`. A statement after the one that holds the
/// component, so that it sees all that run.
macro_rules! room {
    () => {
        "{greatest}(0, {least}($3, (SELECT jobs_concurrent FROM component WHERE digest = $4)
             - (SELECT count(*) FROM job WHERE digest = $4 AND limited = 1 AND status IN ({complete}))))"
    };
}

/// As [`CLAIM`], of whichever priority, of the held component `$4`.
pub(in crate::store) static CLAIM_LIMITED: Statement =
    claim!("job_ready_limited", "limited = 1 AND gate IS NULL AND digest = $4 AND crashes < 2", room!(), "0");

/// The same for suspects.
pub(in crate::store) static CLAIM_LIMITED_SUSPECTS: Statement =
    claim!("job_ready_limited", "limited = 1 AND gate IS NULL AND digest = $4 AND crashes >= 2", room!(), "1");

/// As [`CLAIM`], of whichever priority, through the held gate `$4`.
pub(in crate::store) static CLAIM_GATED: Statement =
    claim!("job_ready_gated", "limited = 0 AND gate = $4 AND crashes < 2", "$3", "0");

/// The same for suspects.
pub(in crate::store) static CLAIM_GATED_SUSPECTS: Statement =
    claim!("job_ready_gated", "limited = 0 AND gate = $4 AND crashes >= 2", "$3", "1");

/// As [`CLAIM_LIMITED`], through the held gate `$5`.
pub(in crate::store) static CLAIM_GATED_LIMITED: Statement =
    claim!("job_ready_gated", "limited = 1 AND gate = $5 AND digest = $4 AND crashes < 2", room!(), "0");

/// The same for suspects.
pub(in crate::store) static CLAIM_GATED_LIMITED_SUSPECTS: Statement =
    claim!("job_ready_gated", "limited = 1 AND gate = $5 AND digest = $4 AND crashes >= 2", room!(), "1");

pub(in crate::store) static CLAIM_ATTEMPTS: BatchStatement = BatchStatement::new(
    &[
        ("job", Kind::Bytes),
        ("fence", Kind::Int),
        ("node", Kind::Bytes),
        ("attempt", Kind::Int),
        ("started_at", Kind::Int),
    ],
    "INSERT INTO attempt (job_id, fence, node, attempt, started_at)
     SELECT w.job, w.fence, w.node, w.attempt, w.started_at FROM w",
);

/// The module produces again what it saved after its last checkpoint.
pub(in crate::store) static SUPERSEDE_PROVISIONAL: BatchStatement = BatchStatement::new(
    &[("job", Kind::Bytes), ("final_seq", Kind::Int)],
    "UPDATE result SET superseded = 1 FROM w
     WHERE result.job_id = w.job AND result.seq > w.final_seq AND result.superseded = 0",
);

pub(in crate::store) static RECOUNT_RESULTS: BatchStatement = BatchStatement::new(
    &[("job", Kind::Bytes), ("final_seq", Kind::Int)],
    "UPDATE job SET results =
            (SELECT count(*) FROM result WHERE result.job_id = job.id AND result.superseded = 0)
     FROM w WHERE job.id = w.job",
);
