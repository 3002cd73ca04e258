-- Where a module's bytes came from, and who signed them.

CREATE TABLE component_provenance (
    digest           BYTEA PRIMARY KEY REFERENCES component (digest) ON DELETE CASCADE,
    source           TEXT,                        -- an address with a digest, as whoever added it said
    key_id           TEXT,                        -- of the signature's key: 16 hexadecimal digits
    trusted_comment  TEXT,
    signature        TEXT,                        -- the whole file that minisign makes
    CHECK ((signature IS NULL) = (key_id IS NULL)),
    CHECK ((signature IS NULL) = (trusted_comment IS NULL))
);
