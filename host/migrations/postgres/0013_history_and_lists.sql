-- Counted over time: what began and what ended, and whose it was, without a look at the jobs themselves.
CREATE INDEX job_by_end ON job (status, finished_at, module_name) WHERE finished_at IS NOT NULL;
CREATE INDEX job_by_start ON job (started_at, module_name) WHERE started_at IS NOT NULL;

-- The failed ones of one module are found at once, however few they are among its others.
CREATE INDEX job_by_module_and_status ON job (module_name, status, id);
