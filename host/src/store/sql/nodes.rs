//! What is written of nodes, and how the jobs of dead ones are taken back.

use super::batch_statement::Guarded;

/// `$1` node, `$2` version, `$3` slots, `$4` now.
pub(in crate::store) const REGISTER_NODE: &str =
    "INSERT INTO node (id, version, slots, state, started_at, heartbeat_at)
     VALUES ($1, $2, $3, 'up', $4, $4)";

/// `$1` node, `$2` now.
pub(in crate::store) const HEARTBEAT: &str =
    "UPDATE node SET heartbeat_at = $2 WHERE id = $1 AND state = 'up' RETURNING heartbeat_at";

/// `$1` node, `$2` now.
pub(in crate::store) const LEAVE: &str = "UPDATE node SET state = 'left', heartbeat_at = $2 WHERE id = $1";

/// `$1` the node that recovers. The others are declared dead first, in the same transaction.
pub(in crate::store) const DECLARE_OTHERS_DEAD: &str =
    "UPDATE node SET state = 'dead' WHERE id <> $1 AND state <> 'dead'";

/// `$1` now. Takes the jobs of dead nodes and raises their fences. What they ran counts up to their node's last
/// heartbeat. A job with a stop request never starts again by itself.
pub(in crate::store) static RECOVER: Guarded = Guarded::new(
    "UPDATE job SET
            status = CASE WHEN stop_requested_at IS NULL THEN 'pending' ELSE 'stopped' END,
            finished_at = CASE WHEN stop_requested_at IS NULL THEN NULL ELSE $1 END,
            stop_reason = CASE WHEN stop_requested_at IS NULL THEN NULL ELSE 'requested' END,
            stop_forced = CASE WHEN stop_requested_at IS NULL THEN NULL ELSE 1 END,
            owner = NULL, fence = fence + 1, ready_at = $1, crashes = crashes + 1,
            budget_used_ms = budget_used_ms
                + CASE WHEN dead.heartbeat_at > claimed_at THEN dead.heartbeat_at - claimed_at ELSE 0 END,
            run_time_ms = run_time_ms
                + CASE WHEN dead.heartbeat_at > claimed_at THEN dead.heartbeat_at - claimed_at ELSE 0 END
     FROM node AS dead
     WHERE dead.id = job.owner AND dead.state = 'dead' AND job.status IN ({release})
     RETURNING status",
);

/// `$1` now.
pub(in crate::store) const CLOSE_DEAD_ATTEMPTS: &str = "UPDATE attempt SET ended_at = $1, outcome = 'crashed'
     WHERE outcome IS NULL AND node IN (SELECT id FROM node WHERE state = 'dead')";

/// A node's row goes when no job is owned by it any more.
pub(in crate::store) const DROP_GONE_NODES: &str = "DELETE FROM node WHERE state <> 'up'
     AND NOT EXISTS (SELECT 1 FROM job WHERE job.owner = node.id)";
