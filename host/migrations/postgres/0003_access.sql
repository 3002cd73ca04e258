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
