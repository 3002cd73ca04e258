//! What is written of schedules and their occurrences.

use super::statement::{BatchStatement, Kind, Statement};

pub(in crate::store) static COUNT_SCHEDULES: Statement = Statement::new("SELECT count(*) FROM schedule");

/// `$1` id, `$2` name, `$3` cron, `$4` time zone, `$5` module, `$6` job, `$7` jitter, `$8` overlap, `$9` `$10` `$11`
/// catch-up, `$12` lateness, `$13` 1 for paused, `$14` `$15` next or null, `$16` by whom, `$17` now. Returns nothing when
/// the name is taken.
pub(in crate::store) static INSERT_SCHEDULE: Statement = Statement::new(
    "INSERT INTO schedule (id, name, cron, time_zone, module_name, job, jitter_ms, overlap, catch_up, catch_up_limit,
                           catch_up_age_ms, late_after_ms, paused, next_at, fire_at, revision, created_by, created_at,
                           updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1, $16, $17, $17)
     ON CONFLICT (name) DO NOTHING RETURNING id",
);

/// As [`INSERT_SCHEDULE`], and `$18` the revision that was seen. Returns nothing when it is another one now, and when the
/// name is taken.
pub(in crate::store) static CHANGE_SCHEDULE: Statement = Statement::new(
    "UPDATE schedule SET name = $2, cron = $3, time_zone = $4, module_name = $5, job = $6, jitter_ms = $7, overlap = $8,
            catch_up = $9, catch_up_limit = $10, catch_up_age_ms = $11, late_after_ms = $12, paused = $13,
            next_at = $14, fire_at = $15, revision = revision + 1, created_by = $16, updated_at = $17
     WHERE id = $1 AND revision = $18
       AND NOT EXISTS (SELECT 1 FROM schedule AS other WHERE other.name = $2 AND other.id <> $1)
     RETURNING id",
);

/// `$1` name, `$2` id. Another one that has the name.
pub(in crate::store) static NAMESAKE: Statement =
    Statement::new("SELECT id FROM schedule WHERE name = $1 AND id <> $2");

/// `$1` id.
pub(in crate::store) static REMOVE_SCHEDULE: Statement =
    Statement::new("DELETE FROM schedule WHERE id = $1 RETURNING id");

/// `$1` id, `$2` the revision that was seen, `$3` `$4` next or null, `$5` how many occurrences. Whoever gets the row is the
/// only one who does: nobody else fires these occurrences. Answers the number of the last occurrence.
pub(in crate::store) static MOVE_SCHEDULE: Statement = Statement::new(
    "UPDATE schedule SET next_at = $3, fire_at = $4, revision = revision + 1, runs = runs + $5
     WHERE id = $1 AND revision = $2 RETURNING runs",
);

/// `$1` id. The jobs that it has started and that have not ended.
pub(in crate::store) static ACTIVE_OF_SCHEDULE: Statement =
    Statement::new("SELECT id FROM job WHERE schedule_id = $1 AND status IN ({stop}) ORDER BY id");

pub(in crate::store) static APPEND_RUNS: BatchStatement = BatchStatement::new(
    &[
        ("schedule", Kind::Bytes),
        ("number", Kind::Int),
        ("occurrence", Kind::Int),
        ("decided_at", Kind::Int),
        ("hand", Kind::Int),
        ("what", Kind::Text),
        ("job", Kind::Bytes),
        ("last", Kind::Int),
        ("reason", Kind::Text),
    ],
    "INSERT INTO schedule_run (schedule_id, seq, scheduled_for, at, by_hand, outcome, job_id, until, problem)
     SELECT w.schedule, w.number, w.occurrence, w.decided_at, w.hand, w.what, w.job, w.last, w.reason FROM w",
);

/// `$1` id, `$2` the last number that is not kept.
pub(in crate::store) static DROP_OLD_RUNS: Statement =
    Statement::new("DELETE FROM schedule_run WHERE schedule_id = $1 AND seq <= $2");
