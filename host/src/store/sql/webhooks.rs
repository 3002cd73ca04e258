//! What is written of webhooks: themselves, what they are told, and what became of it.

use super::statement::{BatchStatement, Kind, Statement};

pub(in crate::store) static COUNT_WEBHOOKS: Statement = Statement::new("SELECT count(*) FROM webhook");

/// `$1` id, `$2` url, `$3` description, `$4` ends, `$5` modules or null, `$6` labels or null, `$7` enabled, `$8` sealed
/// secret, `$9` now.
pub(in crate::store) static CREATE_WEBHOOK: Statement = Statement::new(
    "INSERT INTO webhook (id, url, description, ends, modules, labels, enabled, sealed, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)",
);

/// `$1` id, `$2` to `$7` as above, `$8` now. What the host held against it is forgotten.
pub(in crate::store) static CHANGE_WEBHOOK: Statement = Statement::new(
    "UPDATE webhook SET url = $2, description = $3, ends = $4, modules = $5, labels = $6, enabled = $7, updated_at = $8,
            given_up = NULL, failing_since = NULL
     WHERE id = $1 RETURNING id",
);

/// `$1` id, `$2` sealed secret, `$3` until when the former one signs, too, `$4` now.
pub(in crate::store) static ROTATE_WEBHOOK: Statement = Statement::new(
    "UPDATE webhook SET old_sealed = sealed, old_until = $3, sealed = $2, updated_at = $4 WHERE id = $1 RETURNING id",
);

/// `$1` id.
pub(in crate::store) static REMOVE_WEBHOOK: Statement =
    Statement::new("DELETE FROM webhook WHERE id = $1 RETURNING id");

pub(in crate::store) static INSERT_EVENTS: BatchStatement = BatchStatement::new(
    &[("event", Kind::Bytes), ("what", Kind::Text), ("job", Kind::Bytes), ("at", Kind::Int), ("text", Kind::Text)],
    "INSERT INTO webhook_event (id, kind, job_id, created_at, body) SELECT w.event, w.what, w.job, w.at, w.text FROM w",
);

/// Due at once.
pub(in crate::store) static INSERT_DELIVERIES: BatchStatement = BatchStatement::new(
    &[("hook", Kind::Bytes), ("event", Kind::Bytes)],
    "INSERT INTO webhook_delivery (webhook_id, event_id, state, due_at)
     SELECT w.hook, w.event, 'waiting', {now} FROM w",
);

/// `$1` webhook, `$2` how many at most, `$3` for how long they are the sender's, in milliseconds.
pub(in crate::store) static CLAIM_DELIVERIES: Statement = Statement::new(
    "UPDATE webhook_delivery SET due_at = {now} + $3, sending = 1, attempts = attempts + 1, tries = tries + 1
     WHERE webhook_id = $1 AND state = 'waiting' AND due_at <= {now}
       AND EXISTS (SELECT 1 FROM webhook WHERE webhook.id = $1 AND webhook.enabled = 1)
       AND event_id IN (SELECT event_id FROM webhook_delivery
                        WHERE webhook_id = $1 AND state = 'waiting' AND due_at <= {now}
                        ORDER BY due_at, event_id LIMIT $2 {skip_locked})
     RETURNING event_id, attempts, tries",
);

/// What was claimed, in full.
pub(in crate::store) static CLAIMED_EVENTS: BatchStatement = BatchStatement::new(
    &[("event", Kind::Bytes)],
    "SELECT webhook_event.id, webhook_event.kind, webhook_event.body FROM w JOIN webhook_event ON webhook_event.id = w.event",
);

/// `$1` webhook, `$2` event, `$3` the attempt, `$4` state, `$5` pause until the next attempt, `$6` now, `$7` status, `$8`
/// answer, `$9` error. Matches only the attempt that was claimed last.
pub(in crate::store) static FINISH_DELIVERY: Statement = Statement::new(
    "UPDATE webhook_delivery SET state = $4, due_at = {now} + $5, sending = 0,
            last_at = $6, last_status = $7, last_answer = $8, last_error = $9
     WHERE webhook_id = $1 AND event_id = $2 AND attempts = $3 AND sending = 1 AND state = 'waiting'
     RETURNING event_id",
);

/// `$1` webhook.
pub(in crate::store) static WEBHOOK_WORKS: Statement =
    Statement::new("UPDATE webhook SET failing_since = NULL WHERE id = $1 AND failing_since IS NOT NULL");

/// `$1` webhook, `$2` now, `$3` why it is switched off, or null, `$4` since when it must not have failed, `$5` why it is
/// switched off if it has.
pub(in crate::store) static WEBHOOK_FAILS: Statement = Statement::new(
    "UPDATE webhook SET
            failing_since = coalesce(failing_since, $2),
            given_up = CASE WHEN enabled = 0 THEN given_up
                            WHEN CAST($3 AS TEXT) IS NOT NULL THEN $3
                            WHEN failing_since <= $4 THEN $5 END,
            updated_at = CASE WHEN enabled = 1 AND (CAST($3 AS TEXT) IS NOT NULL OR failing_since <= $4) THEN $2
                              ELSE updated_at END,
            enabled = CASE WHEN CAST($3 AS TEXT) IS NOT NULL OR failing_since <= $4 THEN 0 ELSE enabled END
     WHERE id = $1 RETURNING given_up",
);

/// `$1` webhook, `$2` event. Not matched while an attempt is under way.
pub(in crate::store) static RESEND_DELIVERY: Statement = Statement::new(
    "UPDATE webhook_delivery SET state = 'waiting', due_at = {now}, sending = 0, tries = 0
     WHERE webhook_id = $1 AND event_id = $2 AND (state <> 'waiting' OR sending = 0) RETURNING event_id",
);

/// `$1` webhook, `$2` event.
pub(in crate::store) static KNOWN_DELIVERY: Statement =
    Statement::new("SELECT state FROM webhook_delivery WHERE webhook_id = $1 AND event_id = $2");

/// `$1` webhook, `$2` since when.
pub(in crate::store) static RESEND_FAILED: Statement = Statement::new(
    "UPDATE webhook_delivery SET state = 'waiting', due_at = {now}, sending = 0, tries = 0
     WHERE webhook_id = $1 AND state = 'failed'
       AND event_id IN (SELECT webhook_event.id FROM webhook_event WHERE webhook_event.created_at >= $2)
     RETURNING event_id",
);

/// `$1` up to when, `$2` how many stay, `$3` how many go at most. What still waits stays.
pub(in crate::store) static DROP_OLD_EVENTS: Statement = Statement::new(
    "DELETE FROM webhook_event WHERE id IN (
         SELECT id FROM webhook_event
         WHERE (created_at < $1
                OR id <= (SELECT newest.id FROM webhook_event AS newest ORDER BY newest.id DESC LIMIT 1 OFFSET $2))
           AND NOT EXISTS (SELECT 1 FROM webhook_delivery
                           WHERE webhook_delivery.event_id = webhook_event.id AND webhook_delivery.state = 'waiting')
         ORDER BY id LIMIT $3)",
);

/// `$1` how many deliveries may wait for one webhook, `$2` why it is switched off, `$3` now.
pub(in crate::store) static GIVE_UP_FLOODED: Statement = Statement::new(
    "UPDATE webhook SET enabled = 0, given_up = $2, updated_at = $3
     WHERE enabled = 1
       AND (SELECT count(*) FROM (SELECT 1 FROM webhook_delivery
                                  WHERE webhook_delivery.webhook_id = webhook.id AND webhook_delivery.state = 'waiting'
                                  LIMIT $1 + 1) AS waits) > $1
     RETURNING id",
);
