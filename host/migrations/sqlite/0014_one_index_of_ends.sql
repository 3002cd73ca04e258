-- Two indexes had nearly the same, and each is written when a job ends. Retention and what is counted over time use one.
DROP INDEX job_ended;
DROP INDEX job_by_end;
CREATE INDEX job_by_end ON job (status, finished_at, module_name, keep) WHERE finished_at IS NOT NULL;
