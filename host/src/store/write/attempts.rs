//! What an attempt adds while it runs: each kind is one or two statements for all attempts of the batch.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::answers::Answers;
use super::fence::{Fenced, fenced, returned, write_rows};
use super::model::{Answer, Attempt, Write};
use crate::domain::{Claim, JsonObject, Timestamp};
use crate::store::session::{Session, Value};
use crate::store::{StoreError, sql};

/// The consecutive numbers that one attempt adds in one batch.
struct Run {
    first: u64,
    last: u64,
    bytes: u64,
}

/// Extends the attempt's run, or starts it.
fn extend(runs: &mut BTreeMap<Fenced, Run>, claim: Claim, run: Run) {
    runs.entry(fenced(claim))
        .and_modify(|whole| {
            debug_assert_eq!(whole.last + 1, run.first, "an attempt numbers without holes");
            whole.last = run.last;
            whole.bytes += run.bytes;
        })
        .or_insert(run);
}

/// Moves the counters of the attempts' jobs; answers those that still had their claim.
async fn advance<S: Session>(
    session: &mut S,
    statement: &'static sql::BatchStatement,
    runs: BTreeMap<Fenced, Run>,
) -> Result<HashSet<Fenced>, StoreError> {
    if runs.is_empty() {
        return Ok(HashSet::new());
    }
    let rows = runs
        .into_iter()
        .map(|((job, fence), run)| {
            vec![job.uuid().into(), fence.into(), run.first.into(), run.last.into(), run.bytes.into()]
        })
        .collect();
    session.apply(statement, rows).await?.iter_mut().map(returned).collect()
}

pub(super) async fn append_logs<S: Session>(
    session: &mut S,
    writes: &[Write],
    answers: &mut Answers,
) -> Result<(), StoreError> {
    let mut runs = BTreeMap::new();
    for write in writes {
        if let Write::AppendLogs(chunk) = write {
            let run = Run { first: chunk.first_seq, last: chunk.last_seq, bytes: chunk.message_bytes };
            extend(&mut runs, chunk.attempt.claim, run);
        }
    }
    let matched = advance(session, &sql::APPEND_LOGS, runs).await?;
    let mut rows = Vec::new();
    for (at, write) in writes.iter().enumerate() {
        if let Write::AppendLogs(chunk) = write
            && matched.contains(&fenced(chunk.attempt.claim))
        {
            answers.set(at, Answer::Done);
            rows.push(vec![
                chunk.attempt.claim.job().uuid().into(),
                chunk.first_seq.into(),
                chunk.last_seq.into(),
                chunk.attempt.number.into(),
                chunk.lines.as_str().into(),
            ]);
        }
    }
    write_rows(session, &sql::INSERT_LOG_CHUNKS, rows).await
}

pub(super) async fn save_results<S: Session>(
    session: &mut S,
    writes: &[Write],
    answers: &mut Answers,
) -> Result<(), StoreError> {
    let mut runs = BTreeMap::new();
    for write in writes {
        if let Write::SaveResult(result) = write {
            let bytes = result.data.as_str().len() as u64;
            extend(&mut runs, result.attempt.claim, Run { first: result.seq, last: result.seq, bytes });
        }
    }
    let matched = advance(session, &sql::APPEND_RESULTS, runs).await?;
    let mut rows = Vec::new();
    for (at, write) in writes.iter().enumerate() {
        if let Write::SaveResult(result) = write
            && matched.contains(&fenced(result.attempt.claim))
        {
            answers.set(at, Answer::Done);
            rows.push(payload_row(result.attempt, result.seq, result.at, &result.data));
        }
    }
    write_rows(session, &sql::INSERT_RESULTS, rows).await
}

/// A numbered payload of an attempt, as results and checkpoints are kept.
fn payload_row(attempt: Attempt, seq: u64, at: Timestamp, data: &JsonObject) -> Vec<Value> {
    vec![attempt.claim.job().uuid().into(), seq.into(), attempt.number.into(), at.into(), data.as_str().into()]
}

pub(super) async fn save_progress<S: Session>(
    session: &mut S,
    writes: &[Write],
    answers: &mut Answers,
) -> Result<(), StoreError> {
    let mut newest = BTreeMap::new();
    for write in writes {
        if let Write::SaveProgress(claim, progress) = write {
            newest.insert(fenced(*claim), *progress);
        }
    }
    if newest.is_empty() {
        return Ok(());
    }
    let rows = newest
        .into_iter()
        .map(|((job, fence), progress)| {
            vec![job.uuid().into(), fence.into(), progress.done.into(), progress.total.into()]
        })
        .collect();
    let matched: HashSet<Fenced> =
        session.apply(&sql::SAVE_PROGRESS, rows).await?.iter_mut().map(returned).collect::<Result<_, _>>()?;
    for (at, write) in writes.iter().enumerate() {
        if let Write::SaveProgress(claim, _) = write
            && matched.contains(&fenced(*claim))
        {
            answers.set(at, Answer::Done);
        }
    }
    Ok(())
}

pub(super) async fn save_checkpoints<S: Session>(
    session: &mut S,
    writes: &[Write],
    answers: &mut Answers,
) -> Result<(), StoreError> {
    let rows: Vec<_> = writes
        .iter()
        .filter_map(|write| match write {
            Write::SaveCheckpoint(new) => Some(vec![
                new.attempt.claim.job().uuid().into(),
                new.attempt.claim.fence().into(),
                new.log_seq.into(),
                new.result_seq.into(),
                new.at.into(),
                (new.data.as_str().len() as u64).into(),
                new.usage.cpu_time.into(),
                new.usage.peak_memory_bytes.into(),
                new.usage.http.requests.into(),
                new.usage.http.bytes.into(),
            ]),
            _ => None,
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let mut numbers = HashMap::new();
    for mut row in session.apply(&sql::SAVE_CHECKPOINTS, rows).await? {
        numbers.insert(returned(&mut row)?, row.count("job.checkpoint_seq")?);
    }
    let (mut inserted, mut newest) = (Vec::new(), Vec::new());
    for (at, write) in writes.iter().enumerate() {
        if let Write::SaveCheckpoint(new) = write
            && let Some(seq) = numbers.get(&fenced(new.attempt.claim))
        {
            answers.set(at, Answer::Done);
            inserted.push(payload_row(new.attempt, *seq, new.at, &new.data));
            newest.push(vec![new.attempt.claim.job().uuid().into(), (*seq).into()]);
        }
    }
    write_rows(session, &sql::INSERT_CHECKPOINTS, inserted).await?;
    write_rows(session, &sql::DROP_OLD_CHECKPOINTS, newest).await
}

pub(super) async fn end_trials<S: Session>(
    session: &mut S,
    writes: &[Write],
    answers: &mut Answers,
) -> Result<(), StoreError> {
    let over = |write: &Write| match write {
        Write::EndTrial(claim) => Some(fenced(*claim)),
        _ => None,
    };
    let rows: Vec<_> =
        writes.iter().filter_map(over).map(|(job, fence)| vec![job.uuid().into(), fence.into()]).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let ended =
        session.apply(&sql::END_TRIALS, rows).await?.iter_mut().map(returned).collect::<Result<HashSet<_>, _>>()?;
    for (at, write) in writes.iter().enumerate() {
        if over(write).is_some_and(|claim| ended.contains(&claim)) {
            answers.set(at, Answer::Done);
        }
    }
    Ok(())
}
