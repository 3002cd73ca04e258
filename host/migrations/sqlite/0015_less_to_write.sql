-- The open attempt of a job is found by its fence; each attempt was written to this index twice.
DROP INDEX attempt_open;

-- A job's inputs lie where its id is looked for, not behind an index of ids.
CREATE TABLE job_input_by_job (
    job_id    BLOB PRIMARY KEY REFERENCES job (id) ON DELETE CASCADE,
    inputs    TEXT NOT NULL,
    settings  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO job_input_by_job (job_id, inputs, settings) SELECT job_id, inputs, settings FROM job_input ORDER BY job_id;
DROP TABLE job_input;
ALTER TABLE job_input_by_job RENAME TO job_input;
