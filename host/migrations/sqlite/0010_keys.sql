-- Jobs that share a key: only so many at once, only so many starts in a time, or only one that has not ended.

ALTER TABLE job ADD COLUMN gate TEXT;                   -- which gate it has to pass; null: none
ALTER TABLE job ADD COLUMN queue TEXT;                  -- JSON of its key and of what holds for the key
ALTER TABLE job ADD COLUMN unique_key TEXT;             -- no two jobs that have not ended share it; null: none

-- One for each key that jobs have which have not ended.
CREATE TABLE gate (
    key          TEXT PRIMARY KEY,
    concurrency  INTEGER,                   -- how many run at once; null: as many as there are slots
    starts       INTEGER,                   -- how many start in `per_ms`; null: any
    per_ms       INTEGER,
    tat          INTEGER NOT NULL DEFAULT 0,   -- until when all starts so far are paid for, at the rate's even pace
    look_at      INTEGER                    -- when somebody may pass at the earliest; null: not before a job with the key ends
) STRICT;

CREATE INDEX gate_due ON gate (look_at) WHERE look_at IS NOT NULL;

-- Those with a gate are claimed apart, so that those that have to wait are not in the way of others.
DROP INDEX job_ready;
DROP INDEX job_suspect;
DROP INDEX job_ready_limited;
CREATE INDEX job_ready ON job (priority, ready_at, id) WHERE status = 'pending' AND limited = 0 AND gate IS NULL AND crashes < 2;
CREATE INDEX job_suspect ON job (ready_at, id) WHERE status = 'pending' AND limited = 0 AND gate IS NULL AND crashes >= 2;
CREATE INDEX job_ready_limited ON job (digest, priority DESC, ready_at, id) WHERE status = 'pending' AND limited = 1 AND gate IS NULL;
CREATE INDEX job_ready_gated ON job (gate, priority DESC, ready_at, id) WHERE status = 'pending' AND gate IS NOT NULL;
CREATE INDEX job_next_gated ON job (gate, ready_at) WHERE status = 'pending' AND gate IS NOT NULL;
CREATE INDEX job_running_gated ON job (gate) WHERE status = 'running' AND gate IS NOT NULL;
CREATE UNIQUE INDEX job_unique ON job (unique_key) WHERE unique_key IS NOT NULL AND status IN ('pending', 'running');
