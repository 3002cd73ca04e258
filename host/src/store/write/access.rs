//! The writes of tokens, tickets and the audit log.

use super::answers::Answers;
use super::model::{Answer, AuditBatch, NewTicket, Write};
use crate::domain::{NumberedEntry, StoredToken, Timestamp, TokenId};
use crate::store::read::token_counts;
use crate::store::session::{Session, Value};
use crate::store::{StoreError, sql};

/// Tokens that there may be, revoked ones included: each node has all of them in memory.
const TOKENS: u64 = 10_000;
/// Tickets that wait to be used; they expire soon.
const TICKETS: u64 = 10_000;

pub(super) async fn apply<S: Session>(
    session: &mut S,
    writes: &[Write],
    answers: &mut Answers,
) -> Result<(), StoreError> {
    for (at, write) in writes.iter().enumerate() {
        let answer = match write {
            Write::CreateToken(new) => create(session, new).await?,
            Write::RevokeToken(token, now) => {
                let revoked = session.query(&sql::REVOKE_TOKEN, vec![token.uuid().into(), (*now).into()]).await?;
                if revoked.is_empty() { Answer::NotMatched } else { Answer::Done }
            }
            Write::TouchTokens(used) => {
                let row =
                    |(token, at): &(TokenId, Timestamp)| -> Vec<Value> { vec![token.uuid().into(), (*at).into()] };
                session.apply(&sql::TOUCH_TOKENS, used.iter().map(row).collect()).await?;
                Answer::Done
            }
            Write::CreateTicket(ticket) => create_ticket(session, ticket).await?,
            Write::TakeTicket(hash, now) => {
                let values = vec![Value::Bytes(hash.0.to_vec()), (*now).into()];
                match session.query(&sql::TAKE_TICKET, values).await?.first_mut() {
                    Some(row) => Answer::Ticket(row.uuid_or_null("stream_ticket.token")?.map(TokenId::from_uuid)),
                    None => Answer::NotMatched,
                }
            }
            Write::AppendAudit(batch) => append_audit(session, batch).await?,
            _ => continue,
        };
        answers.set(at, answer);
    }
    Ok(())
}

/// `Done`, or `Count` of the tokens when there are as many as there may be.
async fn create<S: Session>(session: &mut S, StoredToken { hash, token }: &StoredToken) -> Result<Answer, StoreError> {
    let (tokens, _) = token_counts(session).await?;
    if tokens >= TOKENS {
        return Ok(Answer::Count(tokens));
    }
    let values = vec![
        token.id.uuid().into(),
        Value::Bytes(hash.0.to_vec()),
        token.name.as_str().into(),
        token.scopes.to_string().into(),
        token.reach.joined().into(),
        token.expires_at.into(),
        token.created_at.into(),
    ];
    session.query(&sql::INSERT_TOKEN, values).await?;
    Ok(Answer::Done)
}

/// `Done`, or `Count` of the tickets when there are as many as there may be.
async fn create_ticket<S: Session>(session: &mut S, ticket: &NewTicket) -> Result<Answer, StoreError> {
    session.query(&sql::DROP_OLD_TICKETS, vec![ticket.at.into()]).await?;
    let counted = session.query(&sql::COUNT_TICKETS, vec![]).await?;
    let tickets = counted.into_iter().next().map_or(Ok(0), |mut row| row.count("count"))?;
    if tickets >= TICKETS {
        return Ok(Answer::Count(tickets));
    }
    let token = ticket.token.map(|token| token.uuid());
    let values = vec![Value::Bytes(ticket.hash.0.to_vec()), token.into(), ticket.expires_at.into()];
    session.query(&sql::INSERT_TICKET, values).await?;
    Ok(Answer::Done)
}

async fn append_audit<S: Session>(session: &mut S, batch: &AuditBatch) -> Result<Answer, StoreError> {
    let count = batch.entries.len() as u64;
    let numbered = session.query(&sql::NUMBER_AUDIT, vec![count.into()]).await?;
    let last = numbered.into_iter().next().map_or(Ok(0), |mut row| row.count("audit_end.last_seq"))?;
    let entries = (last + 1 - count..).zip(&batch.entries);
    let rows = entries.map(|(seq, entry)| row(&NumberedEntry { seq, entry: entry.clone() })).collect();
    session.apply_later(&sql::APPEND_AUDIT, rows).await?;
    let now = batch.entries.iter().map(|entry| entry.time.millis()).max().unwrap_or(0);
    let age = i64::try_from(batch.limits.age.as_millis()).unwrap_or(i64::MAX);
    let values = vec![last.saturating_sub(batch.limits.entries).into(), now.saturating_sub(age).into()];
    session.query(&sql::DROP_OLD_AUDIT, values).await?;
    Ok(Answer::Done)
}

fn row(NumberedEntry { seq, entry }: &NumberedEntry) -> Vec<Value> {
    vec![
        (*seq).into(),
        entry.time.into(),
        entry.actor.token().map(|token| token.uuid()).into(),
        entry.actor.name().into(),
        entry.peer.as_str().into(),
        entry.action.as_str().into(),
        entry.object.as_deref().into(),
        u32::from(entry.status).into(),
        entry.request.into(),
    ]
}
