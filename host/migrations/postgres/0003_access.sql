-- Who may use the API. Of a token's text there is only the SHA-256. Rows stay for good: a host that ever had a token asks for one.
CREATE TABLE token (
    id            BYTEA PRIMARY KEY,
    hash          BYTEA NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    scopes        TEXT NOT NULL,                  -- joined by spaces
    modules       TEXT,                           -- names joined by spaces; null: those of all modules
    expires_at    BIGINT,
    created_at    BIGINT NOT NULL,
    last_used_at  BIGINT,
    revoked_at    BIGINT
);

-- Each opens one stream, once. `token` is null where none was needed when it was made.
CREATE TABLE stream_ticket (
    hash        BYTEA PRIMARY KEY,
    token       BYTEA,
    expires_at  BIGINT NOT NULL
);

-- Who did what. Numbers only grow; the oldest rows go when there are too many.
CREATE TABLE audit (
    seq      BIGINT PRIMARY KEY,
    at       BIGINT NOT NULL,
    token    BYTEA,                               -- null: nobody's
    actor    TEXT NOT NULL,                      -- the token's name then, `local` or `unknown`
    peer     TEXT NOT NULL,
    action   TEXT NOT NULL,
    object   TEXT,
    status   BIGINT NOT NULL,
    request  BYTEA NOT NULL
);

CREATE INDEX audit_by_time ON audit (at);

-- The number of the last entry. Whoever adds some holds this row to the end of its transaction, so that a reader who has
-- seen a number has seen all before it.
CREATE TABLE audit_end (
    id        BIGINT PRIMARY KEY,
    last_seq  BIGINT NOT NULL
);

INSERT INTO audit_end (id, last_seq) VALUES (1, 0);
