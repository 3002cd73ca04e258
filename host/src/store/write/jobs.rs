//! The writes of clients: start, stop, resume and delete jobs.

use std::collections::{HashMap, HashSet};

use super::answers::Answers;
use super::at_once::Taker;
use super::fence::{returned, write_rows};
use super::model::{Answer, CheckpointEdit, NewJob, Resume, Write};
use super::modules;
use crate::domain::job::start_key::KEY_LIFE;
use crate::domain::{Claim, JobId, NewestQueue, NodeId, StartKey, Timestamp};
use crate::store::read::{digest, find_job};
use crate::store::session::{Session, Value, mismatch};
use crate::store::{StoreError, sql};

pub(super) async fn create<S: Session>(
    session: &mut S,
    writes: &[Write],
    taker: Option<Taker>,
    answers: &mut Answers,
) -> Result<(), StoreError> {
    let jobs = with_new_keys(session, writes, answers).await?;
    if jobs.is_empty() {
        return Ok(());
    }
    let created = insert(session, &jobs.iter().map(|(_, job)| *job).collect::<Vec<_>>(), taker, answers).await?;
    for (at, job) in jobs {
        if created.contains(&job.id) {
            answers.set(at, Answer::Done);
            continue;
        }
        if let Some(StartKey { key, .. }) = job.key {
            session.query(&sql::GIVE_KEY_BACK, vec![key.into()]).await?;
        }
        if let Some(holder) = holder(session, job).await? {
            answers.set(at, Answer::NotUnique(holder));
        }
    }
    Ok(())
}

/// The job that has not ended and has the unique key of a new one.
pub(super) async fn holder<S: Session>(session: &mut S, job: &NewJob) -> Result<Option<JobId>, StoreError> {
    let Some(key) = unique_key(job) else { return Ok(None) };
    let found = session.query(&sql::HOLDER_OF_KEY, vec![key.into()]).await?;
    found.into_iter().next().map(|mut row| row.uuid("job.id").map(JobId::from_uuid)).transpose()
}

/// The unique key of a job among those of all modules.
fn unique_key(job: &NewJob) -> Option<String> {
    job.unique_key.as_ref().map(|key| key.of_module(&job.module.name))
}

/// Creates jobs with all that they have, whatever their keys. Answers which; the others' modules are not there.
pub(super) async fn insert<S: Session>(
    session: &mut S,
    jobs: &[&NewJob],
    taker: Option<Taker>,
    answers: &mut Answers,
) -> Result<HashSet<JobId>, StoreError> {
    let rows = jobs.iter().map(|job| job_row(job, taker)).collect();
    let mut returned = HashMap::new();
    for mut row in session.apply(&sql::CREATE_JOBS, rows).await? {
        returned.insert(JobId::from_uuid(row.uuid("job.id")?), row);
    }
    let mut created = HashSet::with_capacity(returned.len());
    let (mut inputs, mut attempts, mut checkpoints, mut labels) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for job in jobs {
        let Some(mut row) = returned.remove(&job.id) else { continue };
        let id = job.id.uuid();
        created.insert(job.id);
        match taker.map(|taker| taker.taken(&mut row, job)).transpose()?.flatten() {
            Some((claimed, attempt)) => {
                answers.taken.push(claimed);
                attempts.push(attempt);
            }
            None => answers.untaken = true,
        }
        if let Some(queue) = &job.queue {
            let gate = queue.key.of_module(&job.module.name);
            answers.gates.add(gate, queue.clone(), NewestQueue::Holds, ready_at(job));
        }
        inputs.push(vec![id.into(), job.inputs.as_str().into(), job.settings.as_str().into()]);
        labels.extend(job.labels.iter().map(|(name, value)| vec![id.into(), name.into(), value.into()]));
        if let Some(checkpoint) = &job.checkpoint {
            checkpoints.push(vec![id.into(), 1_u32.into(), 0_u32.into(), job.at.into(), checkpoint.as_str().into()]);
        }
    }
    for (statement, rows) in [
        (&sql::INSERT_CHECKPOINTS, checkpoints),
        (&sql::INSERT_LABELS, labels),
        (&sql::INSERT_INPUTS, inputs),
        (&sql::CLAIM_ATTEMPTS, attempts),
    ] {
        write_rows(session, statement, rows).await?;
    }
    Ok(created)
}

/// Those that come without a key, or with one that nobody has used; the others are answered.
async fn with_new_keys<'w, S: Session>(
    session: &mut S,
    writes: &'w [Write],
    answers: &mut Answers,
) -> Result<Vec<(usize, &'w NewJob)>, StoreError> {
    let mut jobs = Vec::new();
    for (at, job) in new_jobs(writes) {
        match job.key {
            None => jobs.push((at, job)),
            Some(key) => match take_key(session, key, job).await? {
                None => jobs.push((at, job)),
                Some(answer) => answers.set(at, answer),
            },
        }
    }
    Ok(jobs)
}

/// Takes a key for a job; when somebody has it already, what to answer.
async fn take_key<S: Session>(session: &mut S, key: StartKey, job: &NewJob) -> Result<Option<Answer>, StoreError> {
    session.query(&sql::FORGET_KEYS, vec![job.at.before(KEY_LIFE).into()]).await?;
    let values = vec![key.key.into(), key.request.into(), job.id.uuid().into(), job.at.into()];
    if !session.query(&sql::TAKE_KEY, values).await?.is_empty() {
        return Ok(None);
    }
    let mut known = session.query(&sql::KNOWN_KEY, vec![key.key.into()]).await?;
    // Gone in between: whoever had it gave it back, and the request may come again.
    let Some(row) = known.first_mut() else { return Err(StoreError::Conflict) };
    let same = digest(row, "start_key.request")? == key.request;
    let first = JobId::from_uuid(row.uuid("start_key.job_id")?);
    Ok(Some(if same { Answer::Known(first) } else { Answer::KeyTaken }))
}

fn new_jobs(writes: &[Write]) -> impl Iterator<Item = (usize, &NewJob)> {
    writes.iter().enumerate().filter_map(|(at, write)| match write {
        Write::CreateJob(job) => Some((at, &**job)),
        _ => None,
    })
}

/// When it may start.
pub(super) fn ready_at(job: &NewJob) -> Timestamp {
    job.run_after.map_or(job.at, |time| time.max(job.at))
}

fn job_row(job: &NewJob, taker: Option<Taker>) -> Vec<Value> {
    let [node, taken_at] = Taker::values_for(taker, job);
    let checkpoint = job.checkpoint.as_ref();
    vec![
        job.id.uuid().into(),
        job.module.digest.into(),
        job.module.name.as_str().into(),
        job.module.version.to_string().into(),
        job.max_duration.into(),
        job.stop_grace.into(),
        job.retry.max_attempts.into(),
        job.retry.backoff.into(),
        job.at.into(),
        ready_at(job).into(),
        i64::from(checkpoint.is_some()).into(),
        checkpoint.map(|_| job.at).into(),
        checkpoint.map_or(0, |checkpoint| checkpoint.as_str().len() as u64).into(),
        job.priority.value().into(),
        (!job.labels.is_empty()).then(|| serde_json::json!(job.labels).to_string()).into(),
        job.schedule.as_ref().map(|schedule| schedule.id.uuid()).into(),
        job.schedule.as_ref().map(|schedule| schedule.name.as_str()).into(),
        job.schedule.as_ref().map(|schedule| schedule.scheduled_for).into(),
        job.queue.as_ref().map(|queue| queue.key.of_module(&job.module.name)).into(),
        job.queue.as_ref().map(|queue| serde_json::json!(queue).to_string()).into(),
        unique_key(job).into(),
        node,
        taken_at,
    ]
}

pub(super) async fn request_stops<S: Session>(
    session: &mut S,
    writes: &[Write],
    answers: &mut Answers,
) -> Result<(), StoreError> {
    let mut asked = HashMap::new();
    for write in writes {
        if let Write::RequestStop(job, at) = write {
            asked.entry(*job).or_insert(*at);
        }
    }
    if asked.is_empty() {
        return Ok(());
    }
    let stopping = ask_to_stop(session, asked, answers).await?;
    for (at, write) in writes.iter().enumerate() {
        if let Write::RequestStop(job, _) = write {
            let answer = match stopping.get(job) {
                Some(runs) => Answer::Asked(*runs),
                None => standing(session, *job).await?,
            };
            answers.set(at, answer);
        }
    }
    Ok(())
}

/// Asks jobs to stop, each named once. Answers those that had not ended, with the claims under which they run; those
/// that waited have ended.
pub(super) async fn ask_to_stop<S: Session>(
    session: &mut S,
    jobs: HashMap<JobId, Timestamp>,
    answers: &mut Answers,
) -> Result<HashMap<JobId, Option<Claim>>, StoreError> {
    let rows = jobs.iter().map(|(job, at)| vec![job.uuid().into(), (*at).into()]).collect();
    let mut stopping = HashMap::new();
    for mut row in session.apply(&sql::REQUEST_STOPS, rows).await? {
        let (job, fence) = returned(&mut row)?;
        let owner = row.uuid_or_null("job.owner")?.map(NodeId::from_uuid);
        if let (None, Some(at)) = (owner, jobs.get(&job)) {
            answers.gates.add_returned(&mut row, *at)?;
        }
        stopping.insert(job, owner.map(|node| Claim::granted(job, fence, node)));
    }
    Ok(stopping)
}

/// Where a job stands that a statement did not match; `NotMatched` when there is none.
async fn standing<S: Session>(session: &mut S, job: JobId) -> Result<Answer, StoreError> {
    match session.query(&sql::JOB_STATUS, vec![job.uuid().into()]).await?.first_mut() {
        Some(row) => row.word("job.status").map(Answer::Status),
        None => Ok(Answer::NotMatched),
    }
}

pub(super) async fn resume_and_delete<S: Session>(
    session: &mut S,
    writes: &[Write],
    answers: &mut Answers,
) -> Result<(), StoreError> {
    for (at, write) in writes.iter().enumerate() {
        match write {
            Write::ResumeJob(change) => {
                let answer = resume(session, change, answers).await?;
                answers.set(at, answer);
            }
            Write::DeleteJob(job) => answers.set(at, delete(session, *job).await?),
            _ => {}
        }
    }
    Ok(())
}

async fn resume<S: Session>(session: &mut S, change: &Resume, answers: &mut Answers) -> Result<Answer, StoreError> {
    let id = change.job.uuid();
    let module = change.module.as_ref();
    let values = vec![
        id.into(),
        change.at.into(),
        change.max_duration.into(),
        module.map(|module| module.digest).into(),
        module.map(|module| module.name.as_str()).into(),
        module.map(|module| module.version.to_string()).into(),
        i64::from(!matches!(change.checkpoint, CheckpointEdit::Keep)).into(),
    ];
    let mut resumed = session.query(&sql::RESUME, values).await?;
    let Some(row) = resumed.first_mut() else {
        let rival = session.query(&sql::RIVAL, vec![id.into()]).await?;
        return match rival.into_iter().next() {
            Some(mut row) => Ok(Answer::NotUnique(JobId::from_uuid(row.uuid("job.id")?))),
            None => standing(session, change.job).await,
        };
    };
    answers.gates.add_returned(row, change.at)?;
    session.query(&sql::LIMIT_RESUMED, vec![id.into()]).await?;
    if change.inputs.is_some() || change.settings.is_some() {
        let text = |object: &Option<crate::domain::JsonObject>| -> Value {
            object.as_ref().map(crate::domain::JsonObject::as_str).into()
        };
        let values = vec![id.into(), text(&change.inputs), text(&change.settings)];
        session.query(&sql::CHANGE_INPUTS, values).await?;
    }
    match &change.checkpoint {
        CheckpointEdit::Keep => {}
        CheckpointEdit::Remove => {
            for statement in &sql::START_OVER {
                session.query(statement, vec![id.into()]).await?;
            }
        }
        CheckpointEdit::Replace(checkpoint) => {
            let size = checkpoint.as_str().len() as u64;
            let values = vec![id.into(), change.at.into(), size.into()];
            let mut rows = session.query(&sql::NEXT_CHECKPOINT, values).await?;
            let seq = rows.first_mut().map_or(Ok(1), |row| row.count("job.checkpoint_seq"))?;
            let values = vec![id.into(), seq.into(), change.at.into(), checkpoint.as_str().into()];
            session.query(&sql::GIVE_CHECKPOINT, values).await?;
            session.query(&sql::DROP_CHECKPOINTS_BEFORE, vec![id.into(), seq.into()]).await?;
        }
    }
    let job = find_job(session, change.job, change.at).await?;
    job.map(|job| Answer::Resumed(Box::new(job)))
        .ok_or_else(|| mismatch("job.id", "a job was resumed that is not there"))
}

async fn delete<S: Session>(session: &mut S, job: JobId) -> Result<Answer, StoreError> {
    match session.query(&sql::DELETE_JOB, vec![job.uuid().into()]).await?.first_mut() {
        Some(row) => {
            let digest = digest(row, "job.digest")?;
            modules::drop_unused(session, digest).await?;
            Ok(Answer::Done)
        }
        None => standing(session, job).await,
    }
}
