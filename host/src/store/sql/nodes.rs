//! What is written of nodes, and how the jobs of gone ones are taken back.
//!
//! A node is `up`, has `left` by its own word, or was declared `dead` by another one.

use super::statement::{BatchStatement, Kind, Statement};

/// `$1` node, `$2` version, `$3` slots, `$4` now, `$5` how long its word holds, in milliseconds, or null where nothing
/// but its process's end ends it.
pub(in crate::store) static REGISTER_NODE: Statement = Statement::new(
    "INSERT INTO node (id, version, slots, state, started_at, heartbeat_at, lease_until)
     VALUES ($1, $2, $3, 'up', $4, $4, {now} + $5)",
);

/// `$1` node, `$2` now, `$3` as `$5` above, `$4` memory that its guests hold, `$5` what they may hold. A node that was
/// declared dead is not revived: it must come back under another id.
pub(in crate::store) static HEARTBEAT: Statement = Statement::new(
    "UPDATE node SET heartbeat_at = $2, lease_until = {now} + $3, guest_memory_bytes = $4, guest_memory_budget_bytes = $5
     WHERE id = $1 AND state = 'up' RETURNING id",
);

/// `$1` node, `$2` now.
pub(in crate::store) static LEAVE: Statement =
    Statement::new("UPDATE node SET state = 'left', heartbeat_at = $2 WHERE id = $1 AND state = 'up'");

/// `$1` the node that recovers: only one process owns this database, so every other node is dead.
pub(in crate::store) static DECLARE_OTHERS_DEAD: Statement =
    Statement::new("UPDATE node SET state = 'dead' WHERE id <> $1 AND state = 'up' RETURNING id");

/// `$1` the node that recovers: it alone knows of itself. The others whose word holds no more, by the database's clock.
/// In the same transaction their fences are raised.
pub(in crate::store) static DECLARE_SILENT_DEAD: Statement = Statement::new(
    "UPDATE node SET state = 'dead' WHERE id <> $1 AND state = 'up' AND lease_until < {now} RETURNING id",
);

/// `$1` now. Takes the jobs of gone nodes and raises their fences. What they ran counts up to their node's last
/// heartbeat. A job with a stop request never starts again by itself. One with a gate keeps its place there. A dead node counts as a crash of all jobs on
/// board, and as a lone one of the job that was alone there or on trial; the third lone crash in a row without a
/// checkpoint ends the job.
pub(in crate::store) static RECOVER: Statement = Statement::new(
    "WITH gone AS MATERIALIZED (
         SELECT node.id, node.heartbeat_at, CASE WHEN node.state = 'dead' THEN 1 ELSE 0 END AS crashed,
                (SELECT count(*) FROM job WHERE job.owner = node.id AND job.status = 'running') AS aboard
         FROM node WHERE node.state <> 'up'
     ), back AS MATERIALIZED (
         SELECT job.id, gone.crashed,
                CASE WHEN gone.crashed = 1 AND (gone.aboard = 1 OR job.on_trial = 1) THEN 1 ELSE 0 END AS lone,
                CASE WHEN gone.heartbeat_at > job.claimed_at THEN gone.heartbeat_at - job.claimed_at ELSE 0 END AS ran,
                CASE WHEN job.stop_requested_at IS NOT NULL THEN 'stopped'
                     WHEN gone.crashed = 1 AND (gone.aboard = 1 OR job.on_trial = 1) AND job.lone_crashes >= 2
                         THEN 'failed'
                     ELSE 'pending' END AS next
         FROM job JOIN gone ON gone.id = job.owner WHERE job.status IN ({release})
     )
     UPDATE job SET
            status = back.next,
            finished_at = CASE WHEN back.next = 'pending' THEN NULL ELSE $1 END,
            stop_reason = CASE WHEN back.next = 'stopped' THEN 'requested' ELSE NULL END,
            stop_forced = CASE WHEN back.next = 'stopped' THEN 1 ELSE NULL END,
            error_code = CASE WHEN back.next = 'failed' THEN 'crash-loop' ELSE NULL END,
            error_message = CASE WHEN back.next = 'failed'
                THEN 'its host died three times in a row while it ran alone or had just been started, without a checkpoint between'
                ELSE NULL END,
            owner = NULL, fence = fence + 1, on_trial = 0,
            ready_at = CASE WHEN job.gate IS NULL THEN $1 ELSE job.created_at END,
            crashes = crashes + back.crashed, lone_crashes = lone_crashes + back.lone,
            budget_used_ms = budget_used_ms + back.ran, run_time_ms = run_time_ms + back.ran
     FROM back
     WHERE job.id = back.id AND {status} IN ({release})
       AND EXISTS (SELECT 1 FROM node WHERE node.id = job.owner AND node.state <> 'up')
     RETURNING job.id, job.fence, job.status, job.gate, job.queue",
);

/// The attempts of jobs that [`RECOVER`] has taken from their nodes, whose fence it has moved on.
pub(in crate::store) static CLOSE_GONE_ATTEMPTS: BatchStatement = BatchStatement::new(
    &[("job", Kind::Bytes), ("next_fence", Kind::Int), ("ended", Kind::Int)],
    "UPDATE attempt SET ended_at = w.ended,
            outcome = CASE WHEN gone.state = 'dead' THEN 'crashed' ELSE 'released' END
     FROM w, node AS gone
     WHERE attempt.job_id = w.job AND attempt.fence = w.next_fence - 1 AND gone.id = attempt.node",
);

/// A node's row goes when no job is owned by it any more.
pub(in crate::store) static DROP_GONE_NODES: Statement =
    Statement::new("DELETE FROM node WHERE state <> 'up' AND NOT EXISTS (SELECT 1 FROM job WHERE job.owner = node.id)");
