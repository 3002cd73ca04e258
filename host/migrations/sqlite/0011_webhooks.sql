-- Who is told when jobs end, what they are told, and what became of it. Signing secrets cannot be read without the nodes'
-- key, which is not in the database.

CREATE TABLE webhook (
    id               BLOB PRIMARY KEY,
    url              TEXT NOT NULL,
    description      TEXT NOT NULL,
    ends             TEXT NOT NULL,               -- statuses joined by spaces
    modules          TEXT,                        -- names joined by spaces; null: those of all modules
    labels           TEXT,                        -- NAME=VALUE joined by commas, all of which a job must have; null: any
    enabled          INTEGER NOT NULL,
    given_up         TEXT,                        -- why the host switched it off
    failing_since    INTEGER,                     -- since when every attempt has failed
    sealed           BLOB NOT NULL,               -- the signing secret
    old_sealed       BLOB,                        -- the one before, which signs, too
    old_until        INTEGER,                     -- until then
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    CHECK (enabled = 0 OR given_up IS NULL),
    CHECK ((old_sealed IS NULL) = (old_until IS NULL))
) STRICT;

-- What happened, as it is told: written in the transaction in which it happened, and whole, so that a job may go before it
-- was told of.
CREATE TABLE webhook_event (
    id          BLOB PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind IN ('job.completed', 'job.failed', 'job.stopped', 'ping')),
    job_id      BLOB,                             -- no foreign key: the job may be deleted before
    created_at  INTEGER NOT NULL,
    body        TEXT NOT NULL
) STRICT;

-- One event on its way to one webhook. Who sends it raises `attempts`, which is also the fence of that attempt, and moves
-- `due_at` to where its right to it ends; so what a dead node was sending becomes due again by itself.
CREATE TABLE webhook_delivery (
    webhook_id   BLOB NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
    event_id     BLOB NOT NULL REFERENCES webhook_event (id) ON DELETE CASCADE,
    state        TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
    due_at       INTEGER NOT NULL,                -- by the database's clock
    sending      INTEGER NOT NULL DEFAULT 0,      -- an attempt is under way, or was when its node died
    attempts     INTEGER NOT NULL DEFAULT 0,
    tries        INTEGER NOT NULL DEFAULT 0,      -- attempts since it was first due or asked for again
    last_at      INTEGER,
    last_status  INTEGER,
    last_answer  TEXT,
    last_error   TEXT,
    PRIMARY KEY (webhook_id, event_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook_id, due_at) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_by_event ON webhook_delivery (event_id);
