//! What clients write: jobs to start, stop, resume and delete. None of these touches what belongs to an attempt, but
//! for the stop columns.

use super::statement::{BatchStatement, Kind, Statement};

/// Not inserted, and not returned, when the module's bytes are gone, or when a job that has not ended has its unique key.
/// One that a node takes at once runs there, as after a claim, if only its component lets it and the node may run anything.
pub(in crate::store) static CREATE_JOBS: BatchStatement = BatchStatement::new(
    &[
        ("job", Kind::Bytes),
        ("component", Kind::Bytes),
        ("name", Kind::Text),
        ("version", Kind::Text),
        ("max_ms", Kind::Int),
        ("grace_ms", Kind::Int),
        ("attempts", Kind::Int),
        ("backoff", Kind::Int),
        ("at", Kind::Int),
        ("start_at", Kind::Int),
        ("checkpoints", Kind::Int),
        ("checkpoint_at", Kind::Int),
        ("checkpoint_size", Kind::Int),
        ("rank", Kind::Int),
        ("tags", Kind::Text),
        ("schedule", Kind::Bytes),
        ("schedule_name", Kind::Text),
        ("occurrence", Kind::Int),
        ("door", Kind::Text),
        ("waits_for", Kind::Text),
        ("only_one", Kind::Text),
        ("runner", Kind::Bytes),
        ("taken_at", Kind::Int),
    ],
    "INSERT INTO job (id, digest, module_name, module_version, status, max_duration_ms, stop_grace_ms, max_attempts,
                      backoff_ms, created_at, ready_at, checkpoint_seq, checkpoint_saved_at, checkpoint_bytes, priority,
                      labels, limited, schedule_id, schedule_name, scheduled_for, gate, queue, unique_key,
                      owner, node, fence, attempt, claimed_at, started_at)
     SELECT w.job, w.component, w.name, w.version,
            CASE WHEN node.id IS NULL THEN 'pending' ELSE 'running' END, w.max_ms, w.grace_ms, w.attempts, w.backoff,
            w.at, w.start_at, w.checkpoints, w.checkpoint_at, w.checkpoint_size, w.rank, w.tags,
            CASE WHEN component.jobs_concurrent IS NULL THEN 0 ELSE 1 END, w.schedule, w.schedule_name, w.occurrence,
            w.door, w.waits_for, w.only_one, node.id, node.id,
            CASE WHEN node.id IS NULL THEN 0 ELSE 1 END, CASE WHEN node.id IS NULL THEN 0 ELSE 1 END,
            CASE WHEN node.id IS NULL THEN NULL ELSE w.taken_at END,
            CASE WHEN node.id IS NULL THEN NULL ELSE w.taken_at END
     FROM w JOIN component ON component.digest = w.component
            LEFT JOIN node ON node.id = w.runner AND component.jobs_concurrent IS NULL AND node.state = 'up'
                           AND (node.lease_until IS NULL OR node.lease_until > {now})
     WHERE 1 = 1 {keep}
     ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL AND status IN ('pending', 'running') DO NOTHING
     RETURNING id, fence, owner, CASE WHEN owner IS NULL THEN NULL ELSE
            (SELECT component.grants FROM component WHERE component.digest = job.digest) END",
);

pub(in crate::store) static INSERT_INPUTS: BatchStatement = BatchStatement::new(
    &[("job", Kind::Bytes), ("inputs", Kind::Text), ("settings", Kind::Text)],
    "INSERT INTO job_input (job_id, inputs, settings) SELECT w.job, w.inputs, w.settings FROM w",
);

pub(in crate::store) static INSERT_LABELS: BatchStatement = BatchStatement::new(
    &[("job", Kind::Bytes), ("label", Kind::Text), ("content", Kind::Text)],
    "INSERT INTO job_label (job_id, name, value) SELECT w.job, w.label, w.content FROM w",
);

/// `$1` up to when. Keys that are remembered no longer.
pub(in crate::store) static FORGET_KEYS: Statement = Statement::new("DELETE FROM start_key WHERE created_at <= $1");

/// `$1` key, `$2` request, `$3` job, `$4` now. Returns nothing when the key is there already.
pub(in crate::store) static TAKE_KEY: Statement = Statement::new(
    "INSERT INTO start_key (key, request, job_id, created_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (key) DO NOTHING RETURNING job_id",
);

/// `$1` key.
pub(in crate::store) static KNOWN_KEY: Statement =
    Statement::new("SELECT request, job_id FROM start_key WHERE key = $1");

/// `$1` key. Its job was not started after all.
pub(in crate::store) static GIVE_KEY_BACK: Statement = Statement::new("DELETE FROM start_key WHERE key = $1");

/// Sets the stop columns and nothing else; a pending job ends at once. Answers under which claim a running one runs.
pub(in crate::store) static REQUEST_STOPS: BatchStatement = BatchStatement::new(
    &[("job", Kind::Bytes), ("at", Kind::Int)],
    "UPDATE job SET
            stop_requested_at = coalesce(stop_requested_at, w.at),
            status = CASE WHEN owner IS NULL THEN 'stopped' ELSE status END,
            finished_at = CASE WHEN owner IS NULL THEN w.at ELSE NULL END,
            stop_reason = CASE WHEN owner IS NULL THEN 'requested' ELSE NULL END,
            stop_forced = CASE WHEN owner IS NULL THEN 0 ELSE NULL END
     FROM w WHERE job.id = w.job AND {status} IN ({stop})
     RETURNING id, fence, owner, gate, queue",
);

/// `$1` job.
pub(in crate::store) static JOB_STATUS: Statement = Statement::new("SELECT status FROM job WHERE id = $1");

/// `$1` job, `$2` now, `$3` run time or null, `$4` `$5` `$6` digest, name and version or null, `$7` 1 when it brings a
/// checkpoint or starts over. Not matched when the bytes that it would run are gone, or the checkpoint that it would go on
/// from, or when another job has its unique key that has not ended.
pub(in crate::store) static RESUME: Statement = Statement::new(
    "UPDATE job SET status = 'pending', ready_at = $2, finished_at = NULL,
            error_code = NULL, error_message = NULL, error_backtrace = NULL,
            stop_requested_at = NULL, stop_reason = NULL, stop_forced = NULL, checkpoint_removed_at = NULL,
            crashes = 0, lone_crashes = 0, retries = 0, budget_used_ms = 0, budget_cpu_ms = 0,
            max_duration_ms = coalesce($3, max_duration_ms),
            digest = coalesce($4, digest), module_name = coalesce($5, module_name),
            module_version = coalesce($6, module_version)
     WHERE id = $1 AND status IN ({resume}) AND ($7 = 1 OR checkpoint_removed_at IS NULL)
       AND EXISTS (SELECT 1 FROM component WHERE component.digest = coalesce($4, job.digest) {keep})
       AND NOT EXISTS (SELECT 1 FROM job AS other WHERE other.unique_key = job.unique_key AND other.id <> job.id
                       AND other.status IN ({stop}))
     RETURNING gate, queue",
);

/// `$1` job. After its resume, which holds the component: before that its number may still change.
pub(in crate::store) static LIMIT_RESUMED: Statement = Statement::new(
    "UPDATE job SET limited = (SELECT count(jobs_concurrent) FROM component WHERE component.digest = job.digest)
     WHERE id = $1",
);

/// `$1` job, `$2` inputs or null, `$3` settings or null.
pub(in crate::store) static CHANGE_INPUTS: Statement = Statement::new(
    "UPDATE job_input SET inputs = coalesce($2, inputs), settings = coalesce($3, settings) WHERE job_id = $1",
);

/// `$1` job, `$2` now, `$3` size.
pub(in crate::store) static NEXT_CHECKPOINT: Statement = Statement::new(
    "UPDATE job SET checkpoint_seq = checkpoint_seq + 1, checkpoint_saved_at = $2, checkpoint_bytes = $3 WHERE id = $1
     RETURNING checkpoint_seq",
);

/// `$1` job, `$2` number, `$3` now, `$4` data. Attempt 0: no attempt saved it.
pub(in crate::store) static GIVE_CHECKPOINT: Statement =
    Statement::new("INSERT INTO checkpoint (job_id, seq, attempt, saved_at, data) VALUES ($1, $2, 0, $3, $4)");

/// `$1` job, `$2` the newest number.
pub(in crate::store) static DROP_CHECKPOINTS_BEFORE: Statement =
    Statement::new("DELETE FROM checkpoint WHERE job_id = $1 AND seq < $2 - 1");

/// `$1` job. Starting over: the only thing that ever supersedes a final result.
pub(in crate::store) static START_OVER: [Statement; 3] = [
    Statement::new("DELETE FROM checkpoint WHERE job_id = $1"),
    Statement::new("UPDATE result SET superseded = 1 WHERE job_id = $1 AND superseded = 0"),
    Statement::new(
        "UPDATE job SET checkpoint_seq = 0, checkpoint_saved_at = NULL, checkpoint_bytes = 0, results = 0,
            final_result_seq = last_result_seq, progress_done = NULL, progress_total = NULL
     WHERE id = $1",
    ),
];

/// `$1` job. Answers its digest.
pub(in crate::store) static DELETE_JOB: Statement =
    Statement::new("DELETE FROM job WHERE id = $1 AND status NOT IN ({stop}) RETURNING digest");
