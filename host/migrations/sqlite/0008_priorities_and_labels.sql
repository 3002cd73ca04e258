-- Which of the ready jobs starts first, what their owners attach to them, and which requests came before.

ALTER TABLE job ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;         -- the highest starts first
ALTER TABLE job ADD COLUMN labels TEXT;                                 -- JSON object of texts; null: none

-- The labels once more, to find jobs by them.
CREATE TABLE job_label (
    name    TEXT NOT NULL,
    value   TEXT NOT NULL,
    job_id  BLOB NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    PRIMARY KEY (name, value, job_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX job_label_by_job ON job_label (job_id);

DROP INDEX job_ready;
DROP INDEX job_ready_limited;
CREATE INDEX job_ready ON job (priority, ready_at, id) WHERE status = 'pending' AND limited = 0 AND crashes < 2;
CREATE INDEX job_ready_limited ON job (digest, priority DESC, ready_at, id) WHERE status = 'pending' AND limited = 1;

-- Idempotency keys, for a day.
CREATE TABLE start_key (
    key         BLOB PRIMARY KEY,                 -- SHA-256 of the key and of whose it is
    request     BLOB NOT NULL,                    -- SHA-256 of the request that came with it first
    job_id      BLOB NOT NULL,                    -- no foreign key: the job may be deleted before
    created_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX start_key_by_time ON start_key (created_at);
