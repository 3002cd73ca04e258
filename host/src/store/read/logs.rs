//! Pages of log lines, out of chunks of many lines.

use crate::domain::page::PAGE_MAX;
use crate::domain::{After, JobId, LogGap, LogLevel, LogLine, LogPage, LogSource, Status, Timestamp};
use crate::store::StoreError;
use crate::store::session::{Session, mismatch};
use crate::store::sql::Statement;

static END: Statement = Statement::new("SELECT status, last_log_seq, log_removed_seq FROM job WHERE id = $1");

/// `$1` job, `$2` the last number the reader has, `$3` how many chunks.
static CHUNKS: Statement = Statement::new(
    "SELECT first_seq, attempt, lines FROM log_chunk
     WHERE job_id = $1 AND last_seq > $2
       AND first_seq >= coalesce((SELECT max(first_seq) FROM log_chunk WHERE job_id = $1 AND first_seq <= $2 + 1), 0)
     ORDER BY first_seq LIMIT $3",
);

/// Chunks read at once: a chunk has up to 64 KiB of messages.
const CHUNKS_AT_ONCE: u32 = 8;
/// Bytes of messages on one page, about.
const PAGE_BYTES: usize = 2 << 20;

/// A line as a chunk holds it.
#[derive(serde::Serialize, serde::Deserialize)]
pub(crate) struct PackedLine<M = String>(
    pub(crate) i64,
    pub(crate) LogLevel,
    pub(crate) LogSource,
    pub(crate) bool,
    pub(crate) M,
);

/// The lines after a number; `None` when there is no such job.
///
/// The status is read before the lines: a job that had ended then has no lines that this page could not see.
pub(in crate::store) async fn log_page<S: Session>(
    session: &mut S,
    job: JobId,
    part: After,
) -> Result<Option<LogPage>, StoreError> {
    let mut rows = session.query(&END, vec![job.uuid().into()]).await?;
    let Some(row) = rows.first_mut() else { return Ok(None) };
    let status: Status = row.word("job.status")?;
    let (last_seq, removed) = (row.count("job.last_log_seq")?, row.count("job.log_removed_seq")?);
    let limit = part.limit.clamp(1, PAGE_MAX) as usize;
    let mut page = LogPage { lines: Vec::new(), gap: None, next_after: part.after.max(removed), status, last_seq };
    let mut bytes = 0;
    'read: while page.lines.len() < limit && bytes < PAGE_BYTES && page.next_after < last_seq {
        let values = vec![job.uuid().into(), page.next_after.into(), CHUNKS_AT_ONCE.into()];
        let chunks = session.query(&CHUNKS, values).await?;
        if chunks.is_empty() {
            break;
        }
        for mut row in chunks {
            let (first, attempt) = (row.count("log_chunk.first_seq")?, row.small("log_chunk.attempt")?);
            let lines: Vec<PackedLine> = serde_json::from_str(&row.text("log_chunk.lines")?)
                .map_err(|error| mismatch("log_chunk.lines", &error.to_string()))?;
            for (seq, PackedLine(time, level, source, continued, message)) in (first..).zip(lines) {
                if seq <= page.next_after || page.lines.len() == limit || bytes >= PAGE_BYTES {
                    continue;
                }
                // Lines were removed meanwhile: the next page says so.
                if !page.lines.is_empty() && seq > page.next_after + 1 {
                    break 'read;
                }
                bytes += message.len();
                page.next_after = seq;
                let time = Timestamp::from_millis(time);
                page.lines.push(LogLine { seq, time, attempt, level, source, message, continued });
            }
        }
    }
    // What was removed since the job was looked at shows in the first line that is there.
    let gone = page.lines.first().map_or(removed, |line| line.seq - 1);
    page.gap = (gone > part.after).then_some(LogGap { from: part.after + 1, to: gone });
    Ok(Some(page))
}
