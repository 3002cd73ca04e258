-- Values that modules may use in requests and never see. What is stored cannot be read without the node's key, which is
-- not in the database.

CREATE TABLE secret (
    name        TEXT PRIMARY KEY,
    hosts       TEXT NOT NULL,                -- JSON array of the hosts that may get it; sealed together with the value
    sealed      BLOB NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
