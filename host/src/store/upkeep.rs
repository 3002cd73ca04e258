//! What a host looks at and does to keep its database within bounds.

use super::read::{self, EndedFilter, EndedJob, RetentionRecord, Use};
use super::sqlite::Disk;
use super::{Store, StoreError};
use crate::domain::limits::MIB;

/// The write-ahead log is taken into the database by whoever writes, a few mebibytes at a time; one that is larger than
/// this was kept from it.
const LONG_LOG_BYTES: u64 = 64 * MIB;

impl Store {
    /// Ended jobs, those first that ended first.
    pub async fn ended_jobs(&self, filter: &EndedFilter) -> Result<Vec<EndedJob>, StoreError> {
        read::ended_before(&mut self.reader().await?, filter).await
    }

    /// How many jobs have ended that need not be kept, of one module or of all.
    pub async fn count_ended(&self, module: Option<&str>) -> Result<u64, StoreError> {
        read::count_ended(&mut self.reader().await?, module).await
    }

    /// The modules, but for some, that have more ended jobs than this: their names, and how many.
    pub async fn crowded_modules(&self, most: u64, but: Vec<String>) -> Result<Vec<(String, u64)>, StoreError> {
        read::crowded_modules(&mut self.reader().await?, most, but).await
    }

    /// What the database holds. On PostgreSQL that is added up, which takes its time where there are many jobs.
    pub async fn database_use(&self) -> Result<Use, StoreError> {
        let mut reader = self.reader().await?;
        if self.is_shared() { read::account(&mut reader).await } else { read::pages(&mut reader).await }
    }

    /// The same where it costs nothing; `None` on PostgreSQL.
    pub async fn database_use_of_pages(&self) -> Result<Option<Use>, StoreError> {
        if self.is_shared() { Ok(None) } else { self.database_use().await.map(Some) }
    }

    /// What retention has done, on whichever node.
    pub async fn retention_record(&self) -> Result<RetentionRecord, StoreError> {
        read::retention_record(&mut self.reader().await?).await
    }

    /// Bytes of the disk that the database lies on, where that is this machine's.
    pub fn disk_bytes(&self) -> Option<u64> {
        self.inner.disk.as_ref().and_then(Disk::all_bytes)
    }

    /// Takes the write-ahead log into the database where it has become long, or the disk is short of room. Holds writers up
    /// for some tenths of a second at most.
    pub async fn fold_long_log(&self) -> Result<(), StoreError> {
        let (Some(disk), Some(upkeep)) = (&self.inner.disk, &self.inner.upkeep) else { return Ok(()) };
        let bytes = disk.log_bytes();
        if bytes > LONG_LOG_BYTES || bytes > 0 && disk.is_short() { upkeep.fold_log().await } else { Ok(()) }
    }
}
