-- How many jobs of a component may run at once. Its pending jobs are claimed apart, so that those that have to wait are not
-- in the way of others.

ALTER TABLE component ADD COLUMN jobs_concurrent INTEGER;               -- from its grants; null: as many as there are slots
ALTER TABLE job ADD COLUMN limited INTEGER NOT NULL DEFAULT 0;          -- whether its component has such a number; kept until the job ends

CREATE INDEX component_limited ON component (digest) WHERE jobs_concurrent IS NOT NULL;
DROP INDEX job_ready;
DROP INDEX job_suspect;
CREATE INDEX job_ready ON job (ready_at, id) WHERE status = 'pending' AND limited = 0 AND crashes < 2;
CREATE INDEX job_suspect ON job (ready_at, id) WHERE status = 'pending' AND limited = 0 AND crashes >= 2;
CREATE INDEX job_ready_limited ON job (digest, ready_at, id) WHERE status = 'pending' AND limited = 1;
CREATE INDEX job_running_limited ON job (digest) WHERE status = 'running' AND limited = 1;
