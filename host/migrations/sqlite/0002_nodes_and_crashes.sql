-- Nodes that share a database say until when their word holds; jobs remember how their crashes and retries came about.

ALTER TABLE node ADD COLUMN lease_until INTEGER;                  -- by the database's clock; null: only its process's end ends it
ALTER TABLE node ADD COLUMN guest_memory_bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE node ADD COLUMN guest_memory_budget_bytes INTEGER NOT NULL DEFAULT 0;

ALTER TABLE job ADD COLUMN lone_crashes INTEGER NOT NULL DEFAULT 0;   -- of `crashes`, those for which no other job can be to blame
ALTER TABLE job ADD COLUMN on_trial INTEGER NOT NULL DEFAULT 0;       -- a suspect that was started a moment ago, alone

ALTER TABLE job ADD COLUMN max_attempts INTEGER NOT NULL DEFAULT 1;   -- runs that may end `retryable`
ALTER TABLE job ADD COLUMN backoff_ms INTEGER NOT NULL DEFAULT 10000; -- the pause after the first of them
ALTER TABLE job ADD COLUMN retries INTEGER NOT NULL DEFAULT 0;        -- how often it was tried again

-- Suspects are claimed apart from the others.
DROP INDEX job_ready;
CREATE INDEX job_ready ON job (ready_at, id) WHERE status = 'pending' AND crashes < 2;
CREATE INDEX job_suspect ON job (ready_at, id) WHERE status = 'pending' AND crashes >= 2;
CREATE INDEX job_stopping ON job (owner) WHERE status = 'running' AND stop_requested_at IS NOT NULL;
