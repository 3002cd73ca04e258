-- What modules may do, and what jobs used of it.

ALTER TABLE component ADD COLUMN grants TEXT;                         -- JSON; null: nothing is granted

ALTER TABLE job ADD COLUMN budget_cpu_ms INTEGER NOT NULL DEFAULT 0;  -- time on a processor since it was started or resumed by hand
ALTER TABLE job ADD COLUMN http_requests INTEGER NOT NULL DEFAULT 0;
ALTER TABLE job ADD COLUMN http_bytes INTEGER NOT NULL DEFAULT 0;     -- of bodies, both ways
