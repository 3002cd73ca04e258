//! Pages of log lines, out of chunks of many lines.

use crate::domain::page::PAGE_MAX;
use crate::domain::{After, JobId, LogGap, LogLevel, LogLine, LogPage, LogSource, Status, Timestamp};
use crate::store::StoreError;
use crate::store::session::{Session, mismatch};
use crate::store::sql::Statement;

/// How the job stands, and chunks of its log, if there are any; the status is no older than the lines. `$1` job, `$2` the
/// last number the reader has, `$3` how many chunks.
static PAGE: Statement = Statement::new(
    "SELECT job.status, job.last_log_seq, job.log_removed_seq, log_chunk.first_seq, log_chunk.attempt, log_chunk.lines
     FROM job LEFT JOIN log_chunk ON log_chunk.job_id = job.id AND log_chunk.last_seq > $2
       AND log_chunk.first_seq >= coalesce((SELECT max(chunk.first_seq) FROM log_chunk AS chunk
                                            WHERE chunk.job_id = $1 AND chunk.first_seq <= $2 + 1), 0)
     WHERE job.id = $1 ORDER BY log_chunk.first_seq LIMIT $3",
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

impl PackedLine {
    /// The line, with its number and attempt.
    pub(crate) fn unpack(self, seq: u64, attempt: u32) -> LogLine {
        let Self(time, level, source, continued, message) = self;
        LogLine { seq, time: Timestamp::from_millis(time), attempt, level, source, message, continued }
    }
}

/// A chunk, and how its job stood when it was read.
struct Look {
    status: Status,
    last_seq: u64,
    removed: u64,
    chunk: Option<Chunk>,
}

struct Chunk {
    first: u64,
    attempt: u32,
    lines: Vec<PackedLine>,
}

/// The next chunks; without any, how the job stands alone.
async fn look<S: Session>(session: &mut S, job: JobId, after: u64) -> Result<Vec<Look>, StoreError> {
    let values = vec![job.uuid().into(), after.into(), CHUNKS_AT_ONCE.into()];
    let mut looks = Vec::new();
    for mut row in session.query(&PAGE, values).await? {
        let status = row.word("job.status")?;
        let (last_seq, removed) = (row.count("job.last_log_seq")?, row.count("job.log_removed_seq")?);
        let chunk = match row.int_or_null("log_chunk.first_seq")? {
            Some(first) => {
                let first = u64::try_from(first).map_err(|_| mismatch("log_chunk.first_seq", "it is negative"))?;
                let attempt = row.small("log_chunk.attempt")?;
                let lines = serde_json::from_str(&row.text("log_chunk.lines")?);
                let lines = lines.map_err(|error| mismatch("log_chunk.lines", &error.to_string()))?;
                Some(Chunk { first, attempt, lines })
            }
            None => None,
        };
        looks.push(Look { status, last_seq, removed, chunk });
    }
    Ok(looks)
}

/// The lines after a number; `None` when there is no such job.
///
/// The status is that of the first look: a job that had ended then has no lines that this page could not see.
pub(in crate::store) async fn log_page<S: Session>(
    session: &mut S,
    job: JobId,
    part: After,
) -> Result<Option<LogPage>, StoreError> {
    let mut chunks = look(session, job, part.after).await?;
    let Some(Look { status, last_seq, removed, .. }) = chunks.first() else { return Ok(None) };
    let (status, last_seq, removed) = (*status, *last_seq, *removed);
    let limit = part.limit.clamp(1, PAGE_MAX) as usize;
    let mut page = LogPage { lines: Vec::new(), gap: None, next_after: part.after.max(removed), status, last_seq };
    let mut bytes = 0;
    'read: loop {
        let known = page.next_after;
        for Chunk { first, attempt, lines } in chunks.into_iter().filter_map(|look| look.chunk) {
            for (seq, line) in (first..).zip(lines) {
                if seq <= page.next_after || page.lines.len() == limit || bytes >= PAGE_BYTES {
                    continue;
                }
                // Lines were removed meanwhile: the next page says so.
                if !page.lines.is_empty() && seq > page.next_after + 1 {
                    break 'read;
                }
                let line = line.unpack(seq, attempt);
                bytes += line.message.len();
                page.next_after = seq;
                page.lines.push(line);
            }
        }
        let is_full = page.lines.len() == limit || bytes >= PAGE_BYTES;
        if is_full || page.next_after >= last_seq || page.next_after == known {
            break;
        }
        chunks = look(session, job, page.next_after).await?;
    }
    // What was removed since the job was looked at shows in the first line that is there.
    let gone = page.lines.first().map_or(removed, |line| line.seq - 1);
    page.gap = (gone > part.after).then_some(LogGap { from: part.after + 1, to: gone });
    Ok(Some(page))
}
