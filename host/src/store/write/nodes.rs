//! The writes of nodes.

use super::answers::Answers;
use super::fence::{returned, write_rows};
use super::model::{Answer, Gone, Recovered, Write};
use crate::domain::{Status, Timestamp};
use crate::store::session::{Session, Value};
use crate::store::{StoreError, sql};

pub(super) async fn apply<S: Session>(
    session: &mut S,
    writes: &[Write],
    answers: &mut Answers,
) -> Result<(), StoreError> {
    for (at, write) in writes.iter().enumerate() {
        let answer = match write {
            Write::RegisterNode(node) => {
                let (id, lease) = (node.id.uuid(), node.lease);
                let values = vec![id.into(), node.version.into(), node.slots.into(), node.at.into(), lease.into()];
                session.query(&sql::REGISTER_NODE, values).await?;
                Answer::Done
            }
            Write::Heartbeat(node, now) => {
                let nothing = || Value::from(0_u64);
                let values = vec![node.uuid().into(), (*now).into(), Value::Null, nothing(), nothing()];
                let beaten = session.query(&sql::HEARTBEAT, values).await?;
                if beaten.is_empty() { Answer::NotMatched } else { Answer::Done }
            }
            Write::LeaveNode(node, now) => {
                session.query(&sql::LEAVE, vec![node.uuid().into(), (*now).into()]).await?;
                Answer::Done
            }
            Write::Recover(gone, now) => recover(session, *gone, *now, answers).await?,
            _ => continue,
        };
        answers.set(at, answer);
    }
    Ok(())
}

async fn recover<S: Session>(
    session: &mut S,
    gone: Gone,
    now: Timestamp,
    answers: &mut Answers,
) -> Result<Answer, StoreError> {
    let dead = match gone {
        Gone::Others(node) => Some((&sql::DECLARE_OTHERS_DEAD, node)),
        Gone::Silent(node) => Some((&sql::DECLARE_SILENT_DEAD, node)),
        Gone::Nobody => None,
    };
    let mut recovered = Recovered::default();
    if let Some((statement, but)) = dead {
        recovered.died = session.query(statement, vec![but.uuid().into()]).await?.len() as u64;
    }
    let mut closed = Vec::new();
    for mut row in session.query(&sql::RECOVER, vec![now.into()]).await? {
        let (job, fence) = returned(&mut row)?;
        recovered.jobs.push(job);
        closed.push(vec![job.uuid().into(), fence.into(), now.into()]);
        recovered.resumed += u64::from(row.word::<Status>("job.status")? == Status::Pending);
        answers.gates.add_returned(&mut row, now)?;
    }
    // RETURNING has no order.
    recovered.jobs.sort_unstable();
    write_rows(session, &sql::CLOSE_GONE_ATTEMPTS, closed).await?;
    session.query(&sql::DROP_GONE_NODES, vec![]).await?;
    Ok(Answer::Recovered(recovered))
}
