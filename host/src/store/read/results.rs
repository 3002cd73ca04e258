//! Results and checkpoints of a job.

use super::rows::time;
use crate::domain::page::PAGE_MAX;
use crate::domain::{After, JobId, JsonObject, ResultPage, Results, StoredCheckpoint, StoredResult};
use crate::store::StoreError;
use crate::store::session::Session;
use crate::store::sql::Statement;

/// `$1` job, `$2` after, `$3` how many, `$4` whether superseded ones count.
static RESULTS: Statement = Statement::new(
    "SELECT result.seq, result.saved_at, result.attempt, result.superseded, result.data,
            CASE WHEN result.seq > job.final_result_seq THEN 1 ELSE 0 END
     FROM job JOIN result ON result.job_id = job.id
     WHERE job.id = $1 AND result.seq > $2 AND (result.superseded = 0 OR $4 = 1)
     ORDER BY result.seq LIMIT $3",
);

/// Rows read at once: a result has up to 4 MiB.
const ROWS_AT_ONCE: u32 = 16;
/// Bytes of results on one page, about; a single larger one still makes a page.
const PAGE_BYTES: usize = 3 << 20;

/// The results after a number. A superseded result is never provisional: nothing will replace it again.
pub(in crate::store) async fn result_page<S: Session>(
    session: &mut S,
    job: JobId,
    part: After,
    which: Results,
) -> Result<ResultPage, StoreError> {
    let all = i64::from(which == Results::WithSuperseded);
    let limit = part.limit.clamp(1, PAGE_MAX) as usize;
    let mut page = ResultPage { results: Vec::new(), next_after: part.after };
    let (mut bytes, mut more) = (0, true);
    while more && page.results.len() < limit {
        let rows = u32::try_from(limit - page.results.len()).unwrap_or(PAGE_MAX);
        let rows = if bytes == 0 && page.results.is_empty() { rows.min(ROWS_AT_ONCE) } else { rows.min(256) };
        let values = vec![job.uuid().into(), page.next_after.into(), rows.into(), all.into()];
        let found = session.query(&RESULTS, values).await?;
        more = found.len() == rows as usize;
        for mut row in found {
            let (seq, saved_at) = (row.count("result.seq")?, time(&mut row, "result.saved_at")?);
            let (attempt, superseded) = (row.small("result.attempt")?, row.int("result.superseded")? == 1);
            let data = row.text("result.data")?;
            let provisional = row.int("provisional")? == 1 && !superseded;
            if bytes + data.len() > PAGE_BYTES && !page.results.is_empty() {
                return Ok(page);
            }
            bytes += data.len();
            page.next_after = seq;
            let data = JsonObject::from_stored(data);
            page.results.push(StoredResult { seq, time: saved_at, attempt, provisional, superseded, data });
        }
    }
    Ok(page)
}

/// `$1` job.
static CHECKPOINT: Statement = Statement::new(
    "SELECT checkpoint.data, checkpoint.attempt, checkpoint.saved_at
     FROM job JOIN checkpoint ON checkpoint.job_id = job.id AND checkpoint.seq = job.checkpoint_seq
     WHERE job.id = $1",
);

/// The newest checkpoint.
pub(in crate::store) async fn checkpoint<S: Session>(
    session: &mut S,
    job: JobId,
) -> Result<Option<StoredCheckpoint>, StoreError> {
    let mut rows = session.query(&CHECKPOINT, vec![job.uuid().into()]).await?;
    rows.first_mut()
        .map(|row| {
            Ok(StoredCheckpoint {
                checkpoint: JsonObject::from_stored(row.text("checkpoint.data")?),
                attempt: row.small("checkpoint.attempt")?,
                saved_at: time(row, "checkpoint.saved_at")?,
            })
        })
        .transpose()
}
