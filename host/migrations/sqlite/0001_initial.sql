-- Times are milliseconds since 1970. Ids are UUIDs of 16 bytes, digests SHA-256 of 32 bytes. JSON is kept as text.

CREATE TABLE node (
    id            BLOB PRIMARY KEY,               -- random for each boot
    version       TEXT NOT NULL,                  -- the program's
    slots         INTEGER NOT NULL,               -- jobs it runs at once
    state         TEXT NOT NULL CHECK (state IN ('up', 'left', 'dead')),
    started_at    INTEGER NOT NULL,
    heartbeat_at  INTEGER NOT NULL                -- an attempt that died counts its run time up to here
) STRICT;

CREATE TABLE component (
    digest           BLOB PRIMARY KEY,
    name             TEXT NOT NULL,               -- as the component describes itself
    version          TEXT NOT NULL,
    description      TEXT NOT NULL,
    inputs_schema    TEXT NOT NULL,
    settings_schema  TEXT NOT NULL,
    imports          TEXT NOT NULL,               -- JSON array of interface names
    size_bytes       INTEGER NOT NULL,
    created_at       INTEGER NOT NULL
) STRICT;

-- Apart from `component`, so that lists need not step over megabytes.
CREATE TABLE component_bytes (
    digest  BLOB PRIMARY KEY REFERENCES component (digest) ON DELETE CASCADE,
    bytes   BLOB NOT NULL
) STRICT;

-- Which bytes a name and version mean now. Jobs keep the digest that they started with.
CREATE TABLE module (
    name     TEXT NOT NULL,
    version  TEXT NOT NULL,
    digest   BLOB NOT NULL REFERENCES component (digest) ON DELETE CASCADE,
    PRIMARY KEY (name, version)
) STRICT, WITHOUT ROWID;

CREATE INDEX module_by_digest ON module (digest);

CREATE TABLE job (
    id                   BLOB PRIMARY KEY,
    digest               BLOB NOT NULL,           -- no foreign key: an ended job outlives its module
    module_name          TEXT NOT NULL,
    module_version       TEXT NOT NULL,
    status               TEXT NOT NULL CHECK (status IN ('pending', 'running', 'completed', 'failed', 'stopped')),
    owner                BLOB REFERENCES node (id),   -- the node that runs it now
    node                 BLOB,                    -- where it runs or last ran
    fence                INTEGER NOT NULL DEFAULT 0,  -- one more with each claim and each recovery
    attempt              INTEGER NOT NULL DEFAULT 0,
    max_duration_ms      INTEGER,
    stop_grace_ms        INTEGER NOT NULL,
    created_at           INTEGER NOT NULL,
    ready_at             INTEGER NOT NULL,        -- pending jobs are claimed in this order, not before this time
    started_at           INTEGER,                 -- the first attempt's start
    claimed_at           INTEGER,                 -- the newest attempt's start
    finished_at          INTEGER,
    stop_requested_at    INTEGER,                 -- a job that has one never starts again by itself
    stop_reason          TEXT,
    stop_forced          INTEGER,
    error_code           TEXT,
    error_message        TEXT,
    error_backtrace      TEXT,
    progress_done        INTEGER,
    progress_total       INTEGER,
    last_log_seq         INTEGER NOT NULL DEFAULT 0,
    last_result_seq      INTEGER NOT NULL DEFAULT 0,
    final_result_seq     INTEGER NOT NULL DEFAULT 0,  -- results up to here are final
    results              INTEGER NOT NULL DEFAULT 0,  -- results that are not superseded
    checkpoint_seq       INTEGER NOT NULL DEFAULT 0,  -- number of the newest checkpoint; 0 for none
    checkpoint_saved_at  INTEGER,
    crashes              INTEGER NOT NULL DEFAULT 0,  -- crashes in a row without a checkpoint between them
    budget_used_ms       INTEGER NOT NULL DEFAULT 0,  -- run time since it was started or resumed by hand
    run_time_ms          INTEGER NOT NULL DEFAULT 0,
    cpu_time_ms          INTEGER NOT NULL DEFAULT 0,
    peak_memory_bytes    INTEGER NOT NULL DEFAULT 0,
    log_bytes            INTEGER NOT NULL DEFAULT 0,
    result_bytes         INTEGER NOT NULL DEFAULT 0,
    checkpoint_bytes     INTEGER NOT NULL DEFAULT 0,
    CHECK ((status = 'running') = (owner IS NOT NULL)),
    CHECK ((status IN ('completed', 'failed', 'stopped')) = (finished_at IS NOT NULL)),
    CHECK ((status = 'failed') = (error_code IS NOT NULL)),
    CHECK ((status = 'stopped') = (stop_reason IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX job_ready ON job (ready_at, id) WHERE status = 'pending';
CREATE INDEX job_owned ON job (owner) WHERE status = 'running';
CREATE INDEX job_by_status ON job (status, id);
CREATE INDEX job_by_digest ON job (digest, id);
CREATE INDEX job_by_module ON job (module_name, id);

-- Apart from `job`, so that its many small updates do not rewrite megabytes.
CREATE TABLE job_input (
    job_id    BLOB PRIMARY KEY REFERENCES job (id) ON DELETE CASCADE,
    inputs    TEXT NOT NULL,
    settings  TEXT NOT NULL
) STRICT;

-- One row for each claim. `outcome` is null while it runs.
CREATE TABLE attempt (
    job_id      BLOB NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    fence       INTEGER NOT NULL,
    node        BLOB NOT NULL,
    attempt     INTEGER NOT NULL,
    started_at  INTEGER NOT NULL,
    ended_at    INTEGER,
    outcome     TEXT CHECK (outcome IN ('completed', 'failed', 'stopped', 'released', 'crashed')),
    PRIMARY KEY (job_id, fence)
) STRICT, WITHOUT ROWID;

-- Many lines to a row. `lines` is a JSON array of [time_ms, level, source, continued, message].
CREATE TABLE log_chunk (
    job_id     BLOB NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    first_seq  INTEGER NOT NULL,
    last_seq   INTEGER NOT NULL,
    attempt    INTEGER NOT NULL,
    lines      TEXT NOT NULL,
    PRIMARY KEY (job_id, first_seq)
) STRICT;

CREATE TABLE result (
    job_id      BLOB NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    seq         INTEGER NOT NULL,
    attempt     INTEGER NOT NULL,
    saved_at    INTEGER NOT NULL,
    superseded  INTEGER NOT NULL DEFAULT 0,
    data        TEXT NOT NULL,
    PRIMARY KEY (job_id, seq)
) STRICT;

-- The newest two of each job.
CREATE TABLE checkpoint (
    job_id    BLOB NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    seq       INTEGER NOT NULL,
    attempt   INTEGER NOT NULL,               -- 0 when it was given with the job
    saved_at  INTEGER NOT NULL,
    data      TEXT NOT NULL,
    PRIMARY KEY (job_id, seq)
) STRICT;

CREATE INDEX attempt_open ON attempt (node) WHERE outcome IS NULL;
