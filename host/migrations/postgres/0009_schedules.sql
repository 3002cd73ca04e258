-- Jobs that are started again and again.

CREATE TABLE schedule (
    id                BYTEA PRIMARY KEY,
    name              TEXT NOT NULL UNIQUE,
    cron              TEXT NOT NULL,
    time_zone         TEXT NOT NULL,
    module_name       TEXT NOT NULL,            -- of what it starts
    job               TEXT NOT NULL,            -- JSON of the job
    jitter_ms         BIGINT NOT NULL,
    overlap           TEXT NOT NULL CHECK (overlap IN ('skip', 'queue', 'replace', 'allow')),
    catch_up          TEXT NOT NULL CHECK (catch_up IN ('none', 'last', 'all')),
    catch_up_limit    BIGINT NOT NULL,
    catch_up_age_ms   BIGINT NOT NULL,
    late_after_ms     BIGINT NOT NULL,
    paused            BIGINT NOT NULL,
    next_at           BIGINT,                  -- the next occurrence; null while it is paused or comes no more
    fire_at           BIGINT,                  -- the same with its jitter
    revision          BIGINT NOT NULL,         -- one more with each change and each occurrence
    runs              BIGINT NOT NULL DEFAULT 0,  -- number of its newest row in schedule_run
    created_by        TEXT,                     -- name of the token that put it last
    created_at        BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL,
    CHECK ((next_at IS NULL) = (fire_at IS NULL)),
    CHECK (paused = 0 OR next_at IS NULL)
);

CREATE INDEX schedule_next ON schedule (fire_at) WHERE fire_at IS NOT NULL;

-- What occurrences came to; the newest ones of each schedule.
CREATE TABLE schedule_run (
    schedule_id    BYTEA NOT NULL REFERENCES schedule (id) ON DELETE CASCADE,
    seq            BIGINT NOT NULL,
    scheduled_for  BIGINT NOT NULL,
    at             BIGINT NOT NULL,
    by_hand        BIGINT NOT NULL,
    outcome        TEXT NOT NULL CHECK (outcome IN ('started', 'skipped', 'missed', 'refused')),
    job_id         BYTEA,                        -- started: the job; skipped: the one that had not ended. No foreign key: it may be deleted before
    until          BIGINT,                     -- missed: the last of those that were missed together
    problem        TEXT,                        -- refused: why
    PRIMARY KEY (schedule_id, seq)
);

ALTER TABLE job ADD COLUMN schedule_id BYTEA;            -- what started it; null: a client. No foreign key: the schedule may be deleted before
ALTER TABLE job ADD COLUMN schedule_name TEXT;          -- as it was called then
ALTER TABLE job ADD COLUMN scheduled_for BIGINT;       -- the occurrence

CREATE INDEX job_by_schedule ON job (schedule_id, id) WHERE schedule_id IS NOT NULL;
CREATE INDEX job_active_of_schedule ON job (schedule_id, id) WHERE schedule_id IS NOT NULL AND status IN ('pending', 'running');
