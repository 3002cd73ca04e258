-- What of ended jobs is gone, what must stay, and what retention did last.

ALTER TABLE job ADD COLUMN keep INTEGER NOT NULL DEFAULT 0;               -- 1: retention leaves it alone
ALTER TABLE job ADD COLUMN log_removed_seq INTEGER NOT NULL DEFAULT 0;    -- lines up to here are gone
ALTER TABLE job ADD COLUMN logs_removed_at INTEGER;
ALTER TABLE job ADD COLUMN result_removed_seq INTEGER NOT NULL DEFAULT 0; -- results up to here are gone
ALTER TABLE job ADD COLUMN results_removed_at INTEGER;
ALTER TABLE job ADD COLUMN checkpoint_removed_at INTEGER;                 -- a resume has to bring one, or to start over

-- Oldest first, as retention looks for them. Of columns that change while a job runs it has none: that would make each change dearer.
CREATE INDEX job_ended ON job (status, finished_at, module_name, id) WHERE finished_at IS NOT NULL AND keep = 0;

-- One row: who removes, and what was removed.
CREATE TABLE retention (
    id                   INTEGER PRIMARY KEY,
    node                 BLOB,                        -- alone removes until then
    held_until           INTEGER NOT NULL,            -- by the database's clock
    used_bytes           INTEGER,                     -- what the database held when somebody added it up
    last_at              INTEGER,
    last_reason          TEXT,
    removed_jobs         INTEGER NOT NULL DEFAULT 0,
    removed_logs         INTEGER NOT NULL DEFAULT 0,
    removed_results      INTEGER NOT NULL DEFAULT 0,
    removed_checkpoints  INTEGER NOT NULL DEFAULT 0
) STRICT;

INSERT INTO retention (id, held_until) VALUES (1, 0);
