//! The writes of secrets. Their values come sealed.

use super::answers::Answers;
use super::model::{Answer, Write};
use crate::store::session::{Session, Value};
use crate::store::{StoreError, sql};

pub(super) async fn apply<S: Session>(
    session: &mut S,
    writes: &[Write],
    answers: &mut Answers,
) -> Result<(), StoreError> {
    for (at, write) in writes.iter().enumerate() {
        match write {
            Write::PutSecret(secret) => {
                let values = vec![
                    secret.name.as_str().into(),
                    serde_json::json!(secret.hosts).to_string().into(),
                    Value::Bytes(secret.sealed.clone()),
                    secret.at.into(),
                ];
                session.query(&sql::PUT_SECRET, values).await?;
                answers.set(at, Answer::Done);
            }
            Write::RemoveSecret(name) => {
                let removed = session.query(&sql::REMOVE_SECRET, vec![name.as_str().into()]).await?;
                answers.set(at, if removed.is_empty() { Answer::NotMatched } else { Answer::Done });
            }
            _ => {}
        }
    }
    Ok(())
}
