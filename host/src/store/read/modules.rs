//! Modules: by name, by digest, and their bytes.

use std::sync::Arc;

use bytes::Bytes;

use super::rows::{digest, grants, time};
use crate::domain::{Digest, Module, ModuleInfo, ModuleSignature, Provenance};
use crate::store::StoreError;
use crate::store::session::{Row, Session, Value, mismatch};
use crate::store::sql::Statement;

/// A name, a version, and the bytes that they mean now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleEntry {
    /// Name.
    pub name: String,
    /// Version.
    pub version: semver::Version,
    /// Bytes.
    pub digest: Digest,
}

static ENTRIES: Statement = Statement::new("SELECT name, version, digest FROM module ORDER BY name");
static ENTRIES_OF: Statement = Statement::new("SELECT name, version, digest FROM module WHERE name = $1");

fn entry(row: &mut Row) -> Result<ModuleEntry, StoreError> {
    Ok(ModuleEntry {
        name: row.text("module.name")?,
        version: row.word("module.version")?,
        digest: digest(row, "module.digest")?,
    })
}

/// All names and versions.
pub(in crate::store) async fn module_entries<S: Session>(session: &mut S) -> Result<Vec<ModuleEntry>, StoreError> {
    let rows = session.query(&ENTRIES, vec![]).await?;
    rows.into_iter().map(|mut row| entry(&mut row)).collect()
}

/// The versions of one name.
pub(in crate::store) async fn versions<S: Session>(
    session: &mut S,
    name: &str,
) -> Result<Arc<[ModuleEntry]>, StoreError> {
    let rows = session.query(&ENTRIES_OF, vec![name.into()]).await?;
    rows.into_iter().map(|mut row| entry(&mut row)).collect()
}

static MODULE: Statement = Statement::new(
    "SELECT component.digest, name, version, description, inputs_schema, settings_schema, imports, size_bytes,
            created_at, grants, source, key_id, trusted_comment, signature
     FROM component LEFT JOIN component_provenance ON component_provenance.digest = component.digest
     WHERE component.digest = $1",
);

/// The module with these bytes, whether or not a name still means them.
pub(in crate::store) async fn find_module<S: Session>(
    session: &mut S,
    digest: Digest,
) -> Result<Option<Module>, StoreError> {
    let mut rows = session.query(&MODULE, vec![digest.into()]).await?;
    rows.first_mut().map(module).transpose()
}

fn module(row: &mut Row) -> Result<Module, StoreError> {
    let digest = digest(row, "component.digest")?;
    let (name, version) = (row.text("component.name")?, row.word("component.version")?);
    let description = row.text("component.description")?;
    let mut json = |place| {
        serde_json::from_str::<serde_json::Value>(&row.text(place)?)
            .map_err(|error| mismatch(place, &error.to_string()))
    };
    let (inputs_schema, settings_schema) = (json("component.inputs_schema")?, json("component.settings_schema")?);
    let imports = serde_json::from_value(json("component.imports")?)
        .map_err(|error| mismatch("component.imports", &error.to_string()))?;
    let info = ModuleInfo { name, version, description, inputs_schema, settings_schema };
    let size_bytes = row.count("component.size_bytes")?;
    let created_at = time(row, "component.created_at")?;
    let grants = grants(row)?;
    Ok(Module { info, digest, size_bytes, imports, grants, created_at, provenance: provenance(row)? })
}

fn provenance(row: &mut Row) -> Result<Provenance, StoreError> {
    let source = row.text_or_null("component_provenance.source")?;
    let key_id = row.text_or_null("component_provenance.key_id")?;
    let trusted_comment = row.text_or_null("component_provenance.trusted_comment")?;
    let text = row.text_or_null("component_provenance.signature")?;
    let signature = match (key_id, trusted_comment, text) {
        (Some(key_id), Some(trusted_comment), Some(text)) => Some(ModuleSignature { key_id, trusted_comment, text }),
        _ => None,
    };
    Ok(Provenance { source, signature })
}

static BYTES: Statement = Statement::new("SELECT bytes FROM component_bytes WHERE digest = $1");

/// The component's bytes.
pub(in crate::store) async fn component_bytes<S: Session>(
    session: &mut S,
    digest: Digest,
) -> Result<Option<Bytes>, StoreError> {
    let mut rows = session.query(&BYTES, vec![Value::from(digest)]).await?;
    let bytes = rows.first_mut().map(|row| row.bytes_or_null("component_bytes.bytes")).transpose()?;
    Ok(bytes.flatten().map(Bytes::from))
}

static COUNT_MODULES: Statement = Statement::new("SELECT count(*) FROM module");

/// How many names and versions there are.
pub(in crate::store) async fn module_count<S: Session>(session: &mut S) -> Result<u64, StoreError> {
    let rows = session.query(&COUNT_MODULES, vec![]).await?;
    rows.into_iter().next().map_or(Ok(0), |mut row| row.count("count"))
}
