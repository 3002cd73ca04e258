-- Who may use the API. Of a token's text there is only the SHA-256. Rows stay for good: a host that ever had a token asks for one.
CREATE TABLE token (
    id            BLOB PRIMARY KEY,
    hash          BLOB NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    scopes        TEXT NOT NULL,                  -- joined by spaces
    modules       TEXT,                           -- names joined by spaces; null: those of all modules
    expires_at    INTEGER,
    created_at    INTEGER NOT NULL,
    last_used_at  INTEGER,
    revoked_at    INTEGER
) STRICT;
