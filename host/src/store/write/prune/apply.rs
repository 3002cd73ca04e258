//! Removes parts of ended jobs: each kind of part is a few statements for all jobs of the write.

use std::collections::{HashMap, HashSet};

use super::{Part, Prune, Pruned};
use crate::domain::{Digest, JobId};
use crate::store::read::digest;
use crate::store::session::{Row, Session, Value};
use crate::store::write::answers::Answers;
use crate::store::write::model::{Answer, Write};
use crate::store::write::modules;
use crate::store::{StoreError, sql};

pub(in crate::store::write) async fn apply<S: Session>(
    session: &mut S,
    writes: &[Write],
    answers: &mut Answers,
) -> Result<(), StoreError> {
    for (at, write) in writes.iter().enumerate() {
        let answer = match write {
            Write::KeepJob { job, keep } => {
                let values = vec![job.uuid().into(), i64::from(*keep).into()];
                let kept = session.query(&sql::KEEP_JOB, values).await?;
                if kept.is_empty() { Answer::NotMatched } else { Answer::Done }
            }
            Write::Prune(request) => prune(session, request).await?,
            Write::Shrink => {
                session.query(&sql::SHRINK, vec![]).await?;
                Answer::Done
            }
            _ => continue,
        };
        answers.set(at, answer);
    }
    Ok(())
}

/// `NotMatched` while another node removes.
async fn prune<S: Session>(session: &mut S, request: &Prune) -> Result<Answer, StoreError> {
    let values = vec![request.node.uuid().into(), request.lease.into(), request.used_bytes.into()];
    if session.query(&sql::HOLD_RETENTION, values).await?.is_empty() {
        return Ok(Answer::NotMatched);
    }
    let pruned = Pruned {
        logs: logs(session, request).await?,
        results: results(session, request).await?,
        checkpoints: checkpoints(session, request).await?,
        jobs: jobs(session, request).await?,
    };
    if !pruned.is_nothing() {
        let values = vec![
            request.at.into(),
            request.reason.as_str().into(),
            (pruned.jobs.len() as u64).into(),
            pruned.logs.into(),
            pruned.results.into(),
            pruned.checkpoints.into(),
        ];
        session.query(&sql::NOTE_REMOVED, values).await?;
    }
    Ok(Answer::Pruned(pruned))
}

/// The jobs of which a part goes that has a number, with that number; and the rows that say so.
fn numbered(request: &Prune, number: impl Fn(Part) -> Option<u64>) -> (HashMap<JobId, u64>, Vec<Vec<Value>>) {
    let of = request.pieces.iter().filter_map(|piece| number(piece.part).map(|upto| (piece, upto)));
    let row = |(piece, upto): (&super::Piece, u64)| -> Vec<Value> {
        vec![piece.job.uuid().into(), piece.finished_at.into(), upto.into(), request.at.into()]
    };
    (of.clone().map(|(piece, upto)| (piece.job, upto)).collect(), of.map(row).collect())
}

/// The jobs that a statement returned.
fn returned(rows: Vec<Row>) -> Result<HashSet<JobId>, StoreError> {
    rows.into_iter().map(|mut row| row.uuid("job.id").map(JobId::from_uuid)).collect()
}

async fn logs<S: Session>(session: &mut S, request: &Prune) -> Result<u64, StoreError> {
    let number = |part| if let Part::Logs(upto) = part { Some(upto) } else { None };
    let (upto, rows) = numbered(request, number);
    Ok(cut(session, (&sql::PRUNE_LOGS, &sql::DROP_LOG_CHUNKS), &upto, rows).await?.len() as u64)
}

async fn results<S: Session>(session: &mut S, request: &Prune) -> Result<u64, StoreError> {
    let number = |part| if let Part::Results(upto) = part { Some(upto) } else { None };
    let (upto, rows) = numbered(request, number);
    let cut = cut(session, (&sql::PRUNE_RESULTS, &sql::DROP_RESULTS), &upto, rows).await?;
    if !cut.is_empty() {
        let recounted = cut.iter().map(|job| vec![job.uuid().into(), 0_u64.into()]).collect();
        session.apply(&sql::RECOUNT_RESULTS, recounted).await?;
    }
    Ok(cut.len() as u64)
}

/// Notes on the jobs up to where their rows go, and removes those of the jobs that matched.
async fn cut<S: Session>(
    session: &mut S,
    (note, remove): (&'static sql::BatchStatement, &'static sql::BatchStatement),
    upto: &HashMap<JobId, u64>,
    rows: Vec<Vec<Value>>,
) -> Result<HashSet<JobId>, StoreError> {
    if rows.is_empty() {
        return Ok(HashSet::new());
    }
    let matched = returned(session.apply(note, rows).await?)?;
    let gone: Vec<Vec<Value>> =
        matched.iter().filter_map(|job| upto.get(job).map(|upto| vec![job.uuid().into(), (*upto).into()])).collect();
    if !gone.is_empty() {
        session.apply(remove, gone).await?;
    }
    Ok(matched)
}

async fn checkpoints<S: Session>(session: &mut S, request: &Prune) -> Result<u64, StoreError> {
    let of = request.pieces.iter().filter(|piece| piece.part == Part::Checkpoints);
    let rows: Vec<Vec<Value>> =
        of.map(|piece| vec![piece.job.uuid().into(), piece.finished_at.into(), request.at.into()]).collect();
    if rows.is_empty() {
        return Ok(0);
    }
    let matched = returned(session.apply(&sql::PRUNE_CHECKPOINTS, rows).await?)?;
    if !matched.is_empty() {
        let gone = matched.iter().map(|job| vec![job.uuid().into()]).collect();
        session.apply(&sql::DROP_ALL_CHECKPOINTS, gone).await?;
    }
    Ok(matched.len() as u64)
}

/// Bytes of modules that nothing needs any more go with the last of their jobs.
async fn jobs<S: Session>(session: &mut S, request: &Prune) -> Result<Vec<JobId>, StoreError> {
    let of = request.pieces.iter().filter(|piece| piece.part == Part::Job);
    let rows: Vec<Vec<Value>> = of.map(|piece| vec![piece.job.uuid().into(), piece.finished_at.into()]).collect();
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let (mut gone, mut digests) = (Vec::new(), HashSet::<Digest>::new());
    for mut row in session.apply(&sql::PRUNE_JOBS, rows).await? {
        gone.push(JobId::from_uuid(row.uuid("job.id")?));
        digests.insert(digest(&mut row, "job.digest")?);
    }
    for digest in digests {
        modules::drop_unused(session, digest).await?;
    }
    gone.sort_unstable();
    Ok(gone)
}
