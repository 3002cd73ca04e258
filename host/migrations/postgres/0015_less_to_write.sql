-- The open attempt of a job is found by its fence; each attempt was written to this index twice.
DROP INDEX attempt_open;
