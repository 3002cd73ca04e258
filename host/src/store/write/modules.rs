//! The writes of modules.

use super::answers::Answers;
use super::model::{Answer, ModuleWrite, Write};
use crate::domain::{Digest, Grants, Module, ModuleRef, ModuleSignature, Provenance};
use crate::store::read::digest;
use crate::store::session::{Session, Value};
use crate::store::{StoreError, sql};

pub(super) async fn apply<S: Session>(
    session: &mut S,
    writes: &[Write],
    answers: &mut Answers,
) -> Result<(), StoreError> {
    for (at, write) in writes.iter().enumerate() {
        match write {
            Write::PutModule(module) => answers.set(at, put(session, module).await?),
            Write::RemoveModule(module) => answers.set(at, remove(session, module).await?),
            Write::SetGrants(component, grants) => answers.set(at, grant(session, *component, grants).await?),
            _ => {}
        }
    }
    Ok(())
}

/// `Done` when the module is new or moved; `Count(0)` when nothing changed; `VersionTaken` when it may not be moved.
async fn put<S: Session>(session: &mut S, new: &ModuleWrite) -> Result<Answer, StoreError> {
    let (info, component) = (&new.module.info, new.module.digest);
    let label = || -> Vec<Value> { vec![info.name.as_str().into(), info.version.to_string().into()] };
    let before = labelled(session, label()).await?;
    match before {
        Some(before) if before == component => {
            put_provenance(session, &new.module).await?;
            return Ok(Answer::Count(0));
        }
        Some(before) if !new.replace => return Ok(Answer::VersionTaken(before)),
        Some(_) | None => {}
    }
    let values = vec![
        component.into(),
        info.name.as_str().into(),
        info.version.to_string().into(),
        info.description.as_str().into(),
        info.inputs_schema.to_string().into(),
        info.settings_schema.to_string().into(),
        serde_json::json!(new.module.imports).to_string().into(),
        new.module.size_bytes.into(),
        new.module.created_at.into(),
    ];
    if !session.query(&sql::INSERT_COMPONENT, values).await?.is_empty() {
        let values = vec![component.into(), Value::Bytes(new.bytes.to_vec())];
        session.query(&sql::INSERT_COMPONENT_BYTES, values).await?;
    }
    put_provenance(session, &new.module).await?;
    let mut values = label();
    values.extend([component.into(), i64::from(new.replace).into()]);
    if session.query(&sql::SET_LABEL, values).await?.is_empty() {
        // Another node was quicker.
        drop_unused(session, component).await?;
        return Ok(labelled(session, label()).await?.map_or(Answer::NotMatched, Answer::VersionTaken));
    }
    if let Some(before) = before {
        drop_unused(session, before).await?;
    }
    Ok(Answer::Done)
}

/// Notes where bytes that are there came from and who signed them, as far as that is known.
async fn put_provenance<S: Session>(session: &mut S, module: &Module) -> Result<(), StoreError> {
    let Provenance { source, signature } = &module.provenance;
    if source.is_none() && signature.is_none() {
        return Ok(());
    }
    let of = |text: fn(&ModuleSignature) -> &str| signature.as_ref().map(text).into();
    let values = vec![
        module.digest.into(),
        source.as_deref().into(),
        of(|signature| &signature.key_id),
        of(|signature| &signature.trusted_comment),
        of(|signature| &signature.text),
    ];
    session.query(&sql::PUT_PROVENANCE, values).await.map(drop)
}

/// Removes bytes that nothing refers to any more.
pub(super) async fn drop_unused<S: Session>(session: &mut S, component: Digest) -> Result<(), StoreError> {
    session.query(&sql::LOCK_COMPONENT, vec![component.into()]).await?;
    session.query(&sql::DROP_UNUSED, vec![component.into()]).await.map(drop)
}

async fn labelled<S: Session>(session: &mut S, label: Vec<Value>) -> Result<Option<Digest>, StoreError> {
    session.query(&sql::LABELLED_DIGEST, label).await?.first_mut().map(|row| digest(row, "module.digest")).transpose()
}

/// `Done`, `NotMatched` when there is none, or `Count` of the jobs that need it.
async fn remove<S: Session>(session: &mut S, module: &ModuleRef) -> Result<Answer, StoreError> {
    let (component, label) = match module {
        ModuleRef::Newest(_) => return Ok(Answer::NotMatched),
        ModuleRef::Digest(digest) => (*digest, None),
        ModuleRef::Version(name, version) => {
            let label: Vec<Value> = vec![name.as_str().into(), version.to_string().into()];
            match labelled(session, label.clone()).await? {
                Some(digest) => (digest, Some(label)),
                None => return Ok(Answer::NotMatched),
            }
        }
    };
    session.query(&sql::LOCK_COMPONENT, vec![component.into()]).await?;
    let needed = session.query(&sql::JOBS_THAT_NEED, vec![component.into()]).await?;
    let needed = needed.into_iter().next().map_or(Ok(0), |mut row| row.count("count"))?;
    if needed > 0 {
        return Ok(Answer::Count(needed));
    }
    let dropped = match label {
        Some(label) => {
            session.query(&sql::DROP_LABEL, label).await?;
            session.query(&sql::DROP_UNLABELLED, vec![component.into()]).await?;
            true
        }
        None => !session.query(&sql::DROP_COMPONENT, vec![component.into()]).await?.is_empty(),
    };
    Ok(if dropped { Answer::Done } else { Answer::NotMatched })
}

/// `Done`, or `NotMatched` when the bytes are not there.
async fn grant<S: Session>(session: &mut S, component: Digest, grants: &Grants) -> Result<Answer, StoreError> {
    let text = (!grants.is_empty()).then(|| grants.to_json());
    let most = grants.limits.jobs_concurrent.map(|most| most.0);
    session.query(&sql::LOCK_COMPONENT, vec![component.into()]).await?;
    let granted = session.query(&sql::SET_GRANTS, vec![component.into(), text.into(), most.into()]).await?;
    if granted.is_empty() {
        return Ok(Answer::NotMatched);
    }
    session.query(&sql::LIMIT_JOBS, vec![component.into(), i64::from(most.is_some()).into()]).await?;
    Ok(Answer::Done)
}
