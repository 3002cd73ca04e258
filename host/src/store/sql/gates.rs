//! Gates: what holds for the jobs that share a key, and when it is worth looking whether one of them may start.
//!
//! A gate is looked at when its time has come: a job with its key was created, ended, or came back to `pending`, or its
//! rate lets another one through. One where nobody can pass costs nothing, however many jobs wait there.

use super::statement::{BatchStatement, Kind, Statement};

/// New jobs: what they say of their key holds from now on. Each key once, in order, so that no two transactions wait for
/// each other.
pub(in crate::store) static PUT_GATES: BatchStatement = BatchStatement::new(
    &[("gate", Kind::Text), ("at_once", Kind::Int), ("most", Kind::Int), ("span", Kind::Int), ("look", Kind::Int)],
    "INSERT INTO gate (key, concurrency, starts, per_ms, look_at)
     SELECT w.gate, w.at_once, w.most, w.span, w.look FROM w WHERE 1 = 1
     ON CONFLICT (key) DO UPDATE SET
         concurrency = excluded.concurrency, starts = excluded.starts, per_ms = excluded.per_ms,
         look_at = {least}(coalesce(gate.look_at, excluded.look_at), excluded.look_at)",
);

/// Jobs that ended or came back: what holds for the key stays, if it is known.
pub(in crate::store) static TOUCH_GATES: BatchStatement = BatchStatement::new(
    &[("gate", Kind::Text), ("at_once", Kind::Int), ("most", Kind::Int), ("span", Kind::Int), ("look", Kind::Int)],
    "INSERT INTO gate (key, concurrency, starts, per_ms, look_at)
     SELECT w.gate, w.at_once, w.most, w.span, w.look FROM w WHERE 1 = 1
     ON CONFLICT (key) DO UPDATE SET
         look_at = {least}(coalesce(gate.look_at, excluded.look_at), excluded.look_at)",
);

/// `$1` now. Gates to look at, the longest due first. Until this transaction ends nobody else claims any of their jobs.
pub(in crate::store) static HOLD_GATES: Statement = Statement::new(
    "SELECT key, concurrency, starts, per_ms, tat FROM gate WHERE look_at <= $1 ORDER BY look_at, key LIMIT 64
     {hold_free}",
);

/// How it stands with the jobs of gates: how many run, the first time at which one of those that wait is ready, the highest
/// priority of the ready ones; and a component of which only so many jobs may run at once, if one of them is of such a one.
/// A statement after the one that holds the gates, so that it sees all that run.
pub(in crate::store) static STAND_OF_GATES: BatchStatement = BatchStatement::new(
    &[("gate", Kind::Text), ("at", Kind::Int)],
    "SELECT w.gate,
            (SELECT count(*) FROM job WHERE job.gate = w.gate AND status IN ({complete})),
            (SELECT min(ready_at) FROM job WHERE job.gate = w.gate AND status IN ({claim})),
            (SELECT max(priority) FROM job WHERE job.gate = w.gate AND status IN ({claim}) AND ready_at <= w.at),
            (SELECT digest FROM job {by job_ready_gated}
             WHERE job.gate = w.gate AND status IN ({claim}) AND ready_at <= w.at AND limited = 1
             ORDER BY priority DESC, ready_at, id LIMIT 1)
     FROM w",
);

/// `$1` digest. Returns nothing while another node holds it.
pub(in crate::store) static HOLD_COMPONENT: Statement =
    Statement::new("SELECT digest FROM component WHERE digest = $1 {hold_free}");

pub(in crate::store) static SETTLE_GATES: BatchStatement = BatchStatement::new(
    &[("gate", Kind::Text), ("look", Kind::Int), ("paid", Kind::Int)],
    "UPDATE gate SET look_at = w.look, tat = w.paid FROM w WHERE gate.key = w.gate",
);

/// Gates of keys that no job has any more.
pub(in crate::store) static DROP_GATES: BatchStatement =
    BatchStatement::new(&[("gate", Kind::Text)], "DELETE FROM gate WHERE key IN (SELECT w.gate FROM w)");

/// `$1` unique key. The job that has it and has not ended.
pub(in crate::store) static HOLDER_OF_KEY: Statement =
    Statement::new("SELECT id FROM job WHERE unique_key = $1 AND status IN ({stop})");

/// `$1` job. Another one that has its unique key and has not ended.
pub(in crate::store) static RIVAL: Statement = Statement::new(
    "SELECT other.id FROM job JOIN job AS other ON other.unique_key = job.unique_key AND other.id <> job.id
     WHERE job.id = $1 AND other.status IN ({stop})",
);
