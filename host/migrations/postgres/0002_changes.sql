-- Which jobs each transaction changed, for nodes that show what others do. Numbered for each writer, without a hole; rows are kept for some minutes.
CREATE TABLE change (
    writer  BYTEA NOT NULL,
    batch   BIGINT NOT NULL,
    jobs    BYTEA NOT NULL,                       -- ids of 16 bytes, one after the other
    at      TIMESTAMPTZ NOT NULL DEFAULT now(),
    PRIMARY KEY (writer, batch)
);
