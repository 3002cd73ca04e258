//! The ends of attempts.

use std::collections::HashMap;

use super::answers::Answers;
use super::fence::{fenced, returned, write_rows};
use super::model::{Answer, Finish, Write};
use crate::domain::{AttemptOutcome, Conclusion, Status, Timestamp};
use crate::store::session::{Session, Value};
use crate::store::{StoreError, sql};

pub(super) async fn apply<S: Session>(
    session: &mut S,
    writes: &[Write],
    answers: &mut Answers,
) -> Result<(), StoreError> {
    let rows: Vec<_> = writes
        .iter()
        .filter_map(|write| match write {
            Write::Finish(finish) => Some(finish_row(finish)),
            _ => None,
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let now = writes.iter().find_map(|write| match write {
        Write::Finish(finish) => Some(finish.at),
        _ => None,
    });
    let mut statuses = HashMap::new();
    for mut row in session.apply(&sql::FINISH, rows).await? {
        statuses.insert(returned(&mut row)?, row.word::<Status>("job.status")?);
        let has_gate = answers.gates.add_returned(&mut row, now.unwrap_or(Timestamp::from_millis(0)))?;
        answers.makes_room |= has_gate || row.int("job.limited")? == 1;
    }
    let mut closed = Vec::new();
    for (at, write) in writes.iter().enumerate() {
        if let Write::Finish(finish) = write
            && let Some(status) = statuses.get(&fenced(finish.claim))
        {
            answers.set(at, Answer::Status(*status));
            let outcome = match (status, &finish.conclusion) {
                (Status::Pending, Conclusion::Retry(_)) => AttemptOutcome::Failed.as_str(),
                (Status::Pending, _) => AttemptOutcome::Released.as_str(),
                (ended, _) => ended.as_str(),
            };
            closed.push(vec![
                finish.claim.job().uuid().into(),
                finish.claim.fence().into(),
                finish.at.into(),
                outcome.into(),
            ]);
        }
    }
    write_rows(session, &sql::CLOSE_ATTEMPTS, closed).await
}

fn finish_row(finish: &Finish) -> Vec<Value> {
    let (next, stop, error) = match &finish.conclusion {
        Conclusion::Completed => (Status::Completed, None, None),
        Conclusion::Failed(error) => (Status::Failed, None, Some(error)),
        Conclusion::Stopped(stop) => (Status::Stopped, Some(stop), None),
        Conclusion::Pending | Conclusion::Retry(_) => (Status::Pending, None, None),
    };
    let pause = match finish.conclusion {
        Conclusion::Retry(pause) => Some(pause),
        _ => None,
    };
    vec![
        finish.claim.job().uuid().into(),
        finish.claim.fence().into(),
        next.as_str().into(),
        finish.at.into(),
        pause.unwrap_or_default().into(),
        i64::from(pause.is_some()).into(),
        finish.run_time.into(),
        finish.usage.cpu_time.into(),
        finish.usage.peak_memory_bytes.into(),
        finish.usage.http.requests.into(),
        finish.usage.http.bytes.into(),
        i64::from(!finish.counted).into(),
        stop.map(|stop| stop.reason.as_str()).into(),
        stop.map(|stop| i64::from(stop.forced)).into(),
        error.map(|error| error.code.as_str()).into(),
        error.map(|error| error.message.as_str()).into(),
        error.and_then(|error| error.backtrace.as_deref()).into(),
    ]
}
