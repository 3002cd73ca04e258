//! The writes of nodes.

use super::answers::Answers;
use super::model::{Answer, Write};
use crate::domain::{NodeId, Status, Timestamp};
use crate::store::session::Session;
use crate::store::{StoreError, sql};

pub(super) async fn apply<S: Session>(
    session: &mut S,
    writes: &[Write],
    answers: &mut Answers,
) -> Result<(), StoreError> {
    for (at, write) in writes.iter().enumerate() {
        let answer = match write {
            Write::RegisterNode(node) => {
                let values = vec![node.id.uuid().into(), node.version.into(), node.slots.into(), node.at.into()];
                session.query(sql::REGISTER_NODE, values).await?;
                Answer::Done
            }
            Write::Heartbeat(node, now) => {
                let beaten = session.query(sql::HEARTBEAT, vec![node.uuid().into(), (*now).into()]).await?;
                if beaten.is_empty() { Answer::NotMatched } else { Answer::Done }
            }
            Write::LeaveNode(node, now) => {
                session.query(sql::LEAVE, vec![node.uuid().into(), (*now).into()]).await?;
                Answer::Done
            }
            Write::RecoverOthers(node, now) => recover(session, *node, *now).await?,
            _ => continue,
        };
        answers.set(at, answer);
    }
    Ok(())
}

/// Answers how many jobs went back to `pending`.
async fn recover<S: Session>(session: &mut S, node: NodeId, now: Timestamp) -> Result<Answer, StoreError> {
    session.query(sql::DECLARE_OTHERS_DEAD, vec![node.uuid().into()]).await?;
    let mut resumed = 0;
    for mut row in session.query(sql::RECOVER.text(), vec![now.into()]).await? {
        resumed += u64::from(row.word::<Status>("job.status")? == Status::Pending);
    }
    session.query(sql::CLOSE_DEAD_ATTEMPTS, vec![now.into()]).await?;
    session.query(sql::DROP_GONE_NODES, vec![]).await?;
    Ok(Answer::Count(resumed))
}
