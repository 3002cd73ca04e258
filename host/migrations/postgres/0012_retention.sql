-- What of ended jobs is gone, what must stay, and what retention did last.

ALTER TABLE job ADD COLUMN keep BIGINT NOT NULL DEFAULT 0;               -- 1: retention leaves it alone
ALTER TABLE job ADD COLUMN log_removed_seq BIGINT NOT NULL DEFAULT 0;    -- lines up to here are gone
ALTER TABLE job ADD COLUMN logs_removed_at BIGINT;
ALTER TABLE job ADD COLUMN result_removed_seq BIGINT NOT NULL DEFAULT 0; -- results up to here are gone
ALTER TABLE job ADD COLUMN results_removed_at BIGINT;
ALTER TABLE job ADD COLUMN checkpoint_removed_at BIGINT;                 -- a resume has to bring one, or to start over

-- Oldest first, as retention looks for them. Of columns that change while a job runs it has none: that would make each change dearer.
CREATE INDEX job_ended ON job (status, finished_at, module_name, id) WHERE finished_at IS NOT NULL AND keep = 0;

-- One row: who removes, and what was removed.
CREATE TABLE retention (
    id                   BIGINT PRIMARY KEY,
    node                 BYTEA,                        -- alone removes until then
    held_until           BIGINT NOT NULL,            -- by the database's clock
    used_bytes           BIGINT,                     -- what the database held when somebody added it up
    last_at              BIGINT,
    last_reason          TEXT,
    removed_jobs         BIGINT NOT NULL DEFAULT 0,
    removed_logs         BIGINT NOT NULL DEFAULT 0,
    removed_results      BIGINT NOT NULL DEFAULT 0,
    removed_checkpoints  BIGINT NOT NULL DEFAULT 0
);

INSERT INTO retention (id, held_until) VALUES (1, 0);

-- Rows that go make room for others only once they are swept up: by number, not by share, or large tables would wait for long.
ALTER TABLE log_chunk SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 2000);
ALTER TABLE result SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 2000);
ALTER TABLE checkpoint SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 2000);
ALTER TABLE job_input SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 2000);
ALTER TABLE attempt SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
