//! What other nodes have changed: each transaction that changes a job's state leaves a row with the jobs' ids, numbered
//! without a hole for each writer, so that nobody has to wait for slow transactions of others.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::Duration;

use uuid::Uuid;

use super::readers::PostgresReaders;
use crate::domain::JobId;
use crate::store::StoreError;
use crate::store::changes::ChangeLog;
use crate::store::session::{Session as _, Value, mismatch};
use crate::store::sql::{BatchStatement, Kind, Statement};

/// After so many transactions a writer removes its own old rows.
const TIDY_EVERY: i64 = 1_024;
/// Between two looks while somebody watches here, and while nobody does: those who come back should not be told that
/// their place is forgotten.
const WATCHED: Duration = Duration::from_millis(250);
const UNWATCHED: Duration = Duration::from_secs(1);

/// The place of each writer's newest row.
static NEWEST: Statement = Statement::new("SELECT writer, max(batch) FROM change GROUP BY writer");

/// What came after the places in `w`, in order; some of each writer, so that one does not hide the others.
static AFTER: BatchStatement = BatchStatement::new(
    &[("writer", Kind::Bytes), ("batch", Kind::Int)],
    "SELECT found.writer, found.batch, found.jobs
     FROM writer AS known LEFT JOIN w ON w.writer = known.id
     CROSS JOIN LATERAL (
         SELECT change.writer, change.batch, change.jobs FROM change
         WHERE change.writer = known.id AND change.batch > COALESCE(w.batch, 0)
         ORDER BY change.batch LIMIT 256
     ) AS found
     ORDER BY found.writer, found.batch",
);

/// The rows that one writer leaves.
pub(super) struct OwnChanges {
    writer: Uuid,
    /// The number of its newest row.
    last: i64,
}

impl OwnChanges {
    pub(super) const fn new(writer: Uuid) -> Self {
        Self { writer, last: 0 }
    }

    /// What goes before a COMMIT.
    pub(super) fn statements(&self, jobs: &[JobId]) -> String {
        let mut text = String::new();
        if jobs.is_empty() {
            return text;
        }
        let (writer, batch) = (self.writer.simple(), self.last + 1);
        let into_string = "writing to a string cannot fail";
        if batch % TIDY_EVERY == 0 {
            write!(text, r"DELETE FROM change WHERE writer = '\x{writer}' AND at < now() - INTERVAL '10 minutes'; ")
                .expect(into_string);
        }
        write!(text, r"INSERT INTO change (writer, batch, jobs) VALUES ('\x{writer}', {batch}, '\x")
            .expect(into_string);
        for job in jobs {
            write!(text, "{}", job.uuid().simple()).expect(into_string);
        }
        text.push_str("'); ");
        text
    }

    /// They were committed.
    pub(super) const fn committed(&mut self, jobs: &[JobId]) {
        if !jobs.is_empty() {
            self.last += 1;
        }
    }
}

/// Reads what other nodes have changed, and tells it here.
pub struct OthersChanges {
    readers: PostgresReaders,
    log: ChangeLog,
    /// The newest row of each writer that was told here.
    told: HashMap<Uuid, i64>,
}

impl OthersChanges {
    /// From now on.
    pub(super) async fn begin(readers: PostgresReaders, own: Uuid, log: ChangeLog) -> Result<Self, StoreError> {
        // What this process writes is known here already.
        let mut told = HashMap::from([(own, i64::MAX)]);
        for mut row in readers.acquire().await?.query(&NEWEST, vec![]).await? {
            told.insert(row.uuid("change.writer")?, row.int("change.batch")?);
        }
        Ok(Self { readers, log, told })
    }

    /// When to look next.
    pub fn pause(&self) -> Duration {
        if self.log.is_watched() { WATCHED } else { UNWATCHED }
    }

    /// Looks once. A hole in a writer's numbers means that rows were removed before they were seen: then nobody here
    /// knows any more what has changed.
    pub async fn look(&mut self) -> Result<(), StoreError> {
        let mut reader = self.readers.acquire().await?;
        let place = |(writer, batch): (&Uuid, &i64)| -> Vec<Value> { vec![(*writer).into(), (*batch).into()] };
        let places = self.told.iter().map(place).collect();
        for mut row in reader.apply(&AFTER, places).await? {
            let (writer, batch) = (row.uuid("change.writer")?, row.int("change.batch")?);
            let before = self.told.insert(writer, batch).unwrap_or(0);
            if batch == before + 1 {
                self.log.add(&jobs(&row.bytes_or_null("change.jobs")?.unwrap_or_default())?);
            } else {
                self.log.forget();
            }
        }
        Ok(())
    }
}

fn jobs(bytes: &[u8]) -> Result<Vec<JobId>, StoreError> {
    let ids = bytes.chunks(16).map(|id| Uuid::from_slice(id).map(JobId::from_uuid));
    ids.collect::<Result<_, _>>().map_err(|error| mismatch("change.jobs", &error.to_string()))
}
