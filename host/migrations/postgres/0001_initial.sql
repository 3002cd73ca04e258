-- The same tables as on SQLite. Times are milliseconds since 1970. Ids are UUIDs of 16 bytes, digests SHA-256 of 32 bytes. JSON is kept as text.

CREATE TABLE node (
    id            BYTEA PRIMARY KEY,               -- random for each boot
    version       TEXT NOT NULL,                  -- the program's
    slots         BIGINT NOT NULL,               -- jobs it runs at once
    state         TEXT NOT NULL CHECK (state IN ('up', 'left', 'dead')),
    started_at    BIGINT NOT NULL,
    heartbeat_at  BIGINT NOT NULL,               -- an attempt that died counts its run time up to here
    lease_until   BIGINT,                        -- by the database's clock; null: only its process's end ends it
    guest_memory_bytes         BIGINT NOT NULL DEFAULT 0,
    guest_memory_budget_bytes  BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE component (
    digest           BYTEA PRIMARY KEY,
    name             TEXT NOT NULL,               -- as the component describes itself
    version          TEXT NOT NULL,
    description      TEXT NOT NULL,
    inputs_schema    TEXT NOT NULL,
    settings_schema  TEXT NOT NULL,
    imports          TEXT NOT NULL,               -- JSON array of interface names
    size_bytes       BIGINT NOT NULL,
    created_at       BIGINT NOT NULL
);

-- Apart from `component`, so that lists need not step over megabytes.
CREATE TABLE component_bytes (
    digest  BYTEA PRIMARY KEY REFERENCES component (digest) ON DELETE CASCADE,
    bytes   BYTEA NOT NULL
);

-- Which bytes a name and version mean now. Jobs keep the digest that they started with.
CREATE TABLE module (
    name     TEXT NOT NULL,
    version  TEXT NOT NULL,
    digest   BYTEA NOT NULL REFERENCES component (digest) ON DELETE CASCADE,
    PRIMARY KEY (name, version)
);

CREATE INDEX module_by_digest ON module (digest);

CREATE TABLE job (
    id                   BYTEA PRIMARY KEY,
    digest               BYTEA NOT NULL,           -- no foreign key: an ended job outlives its module
    module_name          TEXT NOT NULL,
    module_version       TEXT NOT NULL,
    status               TEXT NOT NULL CHECK (status IN ('pending', 'running', 'completed', 'failed', 'stopped')),
    owner                BYTEA REFERENCES node (id),   -- the node that runs it now
    node                 BYTEA,                    -- where it runs or last ran
    fence                BIGINT NOT NULL DEFAULT 0,  -- one more with each claim and each recovery
    attempt              BIGINT NOT NULL DEFAULT 0,
    max_duration_ms      BIGINT,
    stop_grace_ms        BIGINT NOT NULL,
    created_at           BIGINT NOT NULL,
    ready_at             BIGINT NOT NULL,        -- pending jobs are claimed in this order, not before this time
    started_at           BIGINT,                 -- the first attempt's start
    claimed_at           BIGINT,                 -- the newest attempt's start
    finished_at          BIGINT,
    stop_requested_at    BIGINT,                 -- a job that has one never starts again by itself
    stop_reason          TEXT,
    stop_forced          BIGINT,
    error_code           TEXT,
    error_message        TEXT,
    error_backtrace      TEXT,
    progress_done        BIGINT,
    progress_total       BIGINT,
    last_log_seq         BIGINT NOT NULL DEFAULT 0,
    last_result_seq      BIGINT NOT NULL DEFAULT 0,
    final_result_seq     BIGINT NOT NULL DEFAULT 0,  -- results up to here are final
    results              BIGINT NOT NULL DEFAULT 0,  -- results that are not superseded
    checkpoint_seq       BIGINT NOT NULL DEFAULT 0,  -- number of the newest checkpoint; 0 for none
    checkpoint_saved_at  BIGINT,
    crashes              BIGINT NOT NULL DEFAULT 0,  -- crashes in a row without a checkpoint between them
    lone_crashes         BIGINT NOT NULL DEFAULT 0,  -- of these, those for which no other job can be to blame
    on_trial             BIGINT NOT NULL DEFAULT 0,  -- a suspect that was started a moment ago, alone
    max_attempts         BIGINT NOT NULL,            -- runs that may end `retryable`
    backoff_ms           BIGINT NOT NULL,            -- the pause after the first of them
    retries              BIGINT NOT NULL DEFAULT 0,  -- how often it was tried again
    budget_used_ms       BIGINT NOT NULL DEFAULT 0,  -- run time since it was started or resumed by hand
    run_time_ms          BIGINT NOT NULL DEFAULT 0,
    cpu_time_ms          BIGINT NOT NULL DEFAULT 0,
    peak_memory_bytes    BIGINT NOT NULL DEFAULT 0,
    log_bytes            BIGINT NOT NULL DEFAULT 0,
    result_bytes         BIGINT NOT NULL DEFAULT 0,
    checkpoint_bytes     BIGINT NOT NULL DEFAULT 0,
    CHECK ((status = 'running') = (owner IS NOT NULL)),
    CHECK ((status IN ('completed', 'failed', 'stopped')) = (finished_at IS NOT NULL)),
    CHECK ((status = 'failed') = (error_code IS NOT NULL)),
    CHECK ((status = 'stopped') = (stop_reason IS NOT NULL))
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

CREATE INDEX job_ready ON job (ready_at, id) WHERE status = 'pending' AND crashes < 2;
CREATE INDEX job_suspect ON job (ready_at, id) WHERE status = 'pending' AND crashes >= 2;
CREATE INDEX job_stopping ON job (owner) WHERE status = 'running' AND stop_requested_at IS NOT NULL;
CREATE INDEX job_owned ON job (owner) WHERE status = 'running';
CREATE INDEX job_by_status ON job (status, id);
CREATE INDEX job_by_digest ON job (digest, id);
CREATE INDEX job_by_module ON job (module_name, id);

-- Apart from `job`, so that its many small updates do not rewrite megabytes.
CREATE TABLE job_input (
    job_id    BYTEA PRIMARY KEY REFERENCES job (id) ON DELETE CASCADE,
    inputs    TEXT NOT NULL,
    settings  TEXT NOT NULL
);

-- One row for each claim. `outcome` is null while it runs.
CREATE TABLE attempt (
    job_id      BYTEA NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    fence       BIGINT NOT NULL,
    node        BYTEA NOT NULL,
    attempt     BIGINT NOT NULL,
    started_at  BIGINT NOT NULL,
    ended_at    BIGINT,
    outcome     TEXT CHECK (outcome IN ('completed', 'failed', 'stopped', 'released', 'crashed')),
    PRIMARY KEY (job_id, fence)
);

-- Many lines to a row. `lines` is a JSON array of [time_ms, level, source, continued, message].
CREATE TABLE log_chunk (
    job_id     BYTEA NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    first_seq  BIGINT NOT NULL,
    last_seq   BIGINT NOT NULL,
    attempt    BIGINT NOT NULL,
    lines      TEXT NOT NULL,
    PRIMARY KEY (job_id, first_seq)
);

CREATE TABLE result (
    job_id      BYTEA NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    seq         BIGINT NOT NULL,
    attempt     BIGINT NOT NULL,
    saved_at    BIGINT NOT NULL,
    superseded  BIGINT NOT NULL DEFAULT 0,
    data        TEXT NOT NULL,
    PRIMARY KEY (job_id, seq)
);

-- The newest two of each job.
CREATE TABLE checkpoint (
    job_id    BYTEA NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    seq       BIGINT NOT NULL,
    attempt   BIGINT NOT NULL,               -- 0 when it was given with the job
    saved_at  BIGINT NOT NULL,
    data      TEXT NOT NULL,
    PRIMARY KEY (job_id, seq)
);

CREATE INDEX attempt_open ON attempt (node) WHERE outcome IS NULL;

-- The mark that each transaction of a process's writer leaves: after a lost answer it tells whether the commit took
-- effect.
CREATE TABLE writer (
    id          BYTEA PRIMARY KEY,            -- random for each process
    last_batch  BYTEA NOT NULL,
    seen_at     TIMESTAMPTZ NOT NULL DEFAULT now()
) WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
