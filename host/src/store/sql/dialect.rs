//! Where the databases must differ, side by side.

use super::statement::Kind;

/// The database that a statement is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Dialect {
    Sqlite,
    Postgres,
}

/// Name in the statements, then what stands for it on `SQLite` and on PostgreSQL.
///
/// `SQLite` has one writer, so its rows need no locks.
const WORDS: [[&str; 3]; 11] = [
    // The database's own clock, in milliseconds since 1970: leases must not depend on any node's clock.
    [
        "{now}",
        "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
        "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)",
    ],
    // Rows that another node is about to take are left to it.
    ["{skip_locked}", "", "FOR UPDATE SKIP LOCKED"],
    // Nobody may remove the component, or limit its jobs, before this transaction ends.
    ["{keep}", "", "FOR KEY SHARE OF component"],
    // What another node holds is left to it; what this one gets is its own to the end of the transaction.
    ["{hold_free}", "", "FOR NO KEY UPDATE SKIP LOCKED"],
    // Nobody may begin to use the row before this transaction ends.
    ["{lock}", "", "FOR UPDATE"],
    // Nobody may remove the row before this transaction ends.
    ["{stay}", "", "FOR KEY SHARE"],
    // What bytes are called.
    ["{bytes}", "BLOB", "BYTEA"],
    // The smallest and the largest of some numbers.
    ["{least}", "min", "least"],
    ["{greatest}", "max", "greatest"],
    // Whether a text is like a pattern, upper and lower case being the same, of ASCII letters at least.
    ["{like}", "LIKE", "ILIKE"],
    // The digits of a job's id, without dashes.
    ["{hex_id}", "hex(job.id)", "encode(job.id, 'hex')"],
];

impl Dialect {
    pub(super) const COUNT: usize = 2;

    pub(super) fn fill(self, statement: &str) -> String {
        WORDS.iter().fold(statement.to_owned(), |text, [name, sqlite, postgres]| {
            let word = match self {
                Self::Sqlite => sqlite,
                Self::Postgres => postgres,
            };
            text.replace(name, word)
        })
    }

    /// The query whose rows are those of a batch: one JSON parameter on `SQLite`, one array for each column on
    /// PostgreSQL.
    pub(super) fn rows(self, columns: &[(&str, Kind)]) -> String {
        match self {
            Self::Sqlite => {
                let columns = columns.iter().enumerate().map(|(at, (name, kind))| match kind {
                    Kind::Int | Kind::Text => format!("value->>{at} AS {name}"),
                    Kind::Bytes => format!("unhex(value->>{at}) AS {name}"),
                });
                format!("SELECT {} FROM json_each($1)", columns.collect::<Vec<_>>().join(", "))
            }
            Self::Postgres => {
                let arrays = columns.iter().enumerate().map(|(at, (_, kind))| {
                    let array = match kind {
                        Kind::Int => "BIGINT[]",
                        Kind::Text => "TEXT[]",
                        Kind::Bytes => "BYTEA[]",
                    };
                    format!("${}::{array}", at + 1)
                });
                let arrays: Vec<_> = arrays.collect();
                let names: Vec<_> = columns.iter().map(|(name, _)| *name).collect();
                format!("SELECT * FROM unnest({}) AS t ({})", arrays.join(", "), names.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_a_batch_come_in_as_each_database_takes_them() {
        let columns = [("job", Kind::Bytes), ("seq", Kind::Int)];
        assert_eq!(
            Dialect::Sqlite.rows(&columns),
            "SELECT unhex(value->>0) AS job, value->>1 AS seq FROM json_each($1)"
        );
        assert_eq!(Dialect::Postgres.rows(&columns), "SELECT * FROM unnest($1::BYTEA[], $2::BIGINT[]) AS t (job, seq)");
    }
}
