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
const WORDS: [[&str; 3]; 12] = [
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
    // A job's status where the job is looked for by its key. PostgreSQL must not think of its small index of all that run:
    // what it plans while there are few holds until it counts again, and then each row is compared with each of those.
    ["{status}", "job.status", "(job.status || '')"],
    // The digits of a job's id, without dashes.
    ["{hex_id}", "hex(job.id)", "encode(job.id, 'hex')"],
];

impl Dialect {
    pub(super) const COUNT: usize = 2;

    pub(super) fn fill(self, statement: &str) -> String {
        WORDS.iter().fold(self.with_indexes(statement), |text, [name, sqlite, postgres]| {
            let word = match self {
                Self::Sqlite => sqlite,
                Self::Postgres => postgres,
            };
            text.replace(name, word)
        })
    }

    /// `{by INDEX}` behind a table: `SQLite`, which knows nothing of how the rows are spread, takes that index and no other.
    /// PostgreSQL finds it by its statistics.
    fn with_indexes(self, statement: &str) -> String {
        let mut parts = statement.split("{by ");
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (index, rest) = part.split_once('}').expect("a brace that was opened in a statement is closed");
            if self == Self::Sqlite {
                text.push_str("INDEXED BY ");
                text.push_str(index);
            }
            text.push_str(rest);
        }
        text
    }
}

/// The query on PostgreSQL whose rows are those of a batch: one array for each column.
pub(super) fn arrays(columns: &[(&str, Kind)]) -> String {
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

/// The query on `SQLite` whose rows are those of a batch, at most so many: parameters in order, without numbers, since it
/// looks for those one after another.
pub(super) fn values(columns: &[(&str, Kind)], rows: usize) -> String {
    let named = columns.iter().enumerate().map(|(at, (name, _))| format!("column{} AS {name}", at + 1));
    let named: Vec<_> = named.collect();
    let row = format!("({})", vec!["?"; columns.len()].join(", "));
    let rows = vec![row; rows].join(", ");
    // So unlikely that the database takes the rows for few, and looks for each by its key instead of through a whole table.
    format!("SELECT {} FROM (VALUES {rows}) WHERE likelihood(column1 IS NOT NULL, 0.0000000001)", named.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_is_told_its_index() {
        let statement = "SELECT 1 FROM job {by job_ready} WHERE {least}(1, 2) = 1";
        assert_eq!(Dialect::Sqlite.fill(statement), "SELECT 1 FROM job INDEXED BY job_ready WHERE min(1, 2) = 1");
        assert_eq!(Dialect::Postgres.fill(statement), "SELECT 1 FROM job  WHERE least(1, 2) = 1");
    }

    #[test]
    fn rows_of_a_batch_come_in_as_each_database_takes_them() {
        let columns = [("job", Kind::Bytes), ("seq", Kind::Int)];
        assert_eq!(
            values(&columns, 2),
            "SELECT column1 AS job, column2 AS seq FROM (VALUES (?, ?), (?, ?)) WHERE likelihood(column1 IS NOT NULL, 0.0000000001)"
        );
        assert_eq!(arrays(&columns), "SELECT * FROM unnest($1::BYTEA[], $2::BIGINT[]) AS t (job, seq)");
    }
}
