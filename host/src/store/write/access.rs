//! The writes of tokens.

use super::answers::Answers;
use super::model::{Answer, Write};
use crate::domain::{StoredToken, Timestamp, TokenId};
use crate::store::read::token_counts;
use crate::store::session::{Session, Value};
use crate::store::{StoreError, sql};

/// Tokens that there may be, revoked ones included: each node has all of them in memory.
const TOKENS: u64 = 10_000;

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
