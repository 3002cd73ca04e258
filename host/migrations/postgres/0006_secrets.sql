-- Values that modules may use in requests and never see. What is stored cannot be read without the nodes' key, which is
-- not in the database.

CREATE TABLE secret (
    name        TEXT COLLATE "C" PRIMARY KEY,
    hosts       TEXT NOT NULL,                -- JSON array of the hosts that may get it; sealed together with the value
    sealed      BYTEA NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL
);
