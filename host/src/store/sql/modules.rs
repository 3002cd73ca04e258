//! What is written of modules.

use super::statement::Statement;

/// `$1` digest, `$2` name, `$3` version, `$4` description, `$5` `$6` schemas, `$7` imports, `$8` size, `$9` now.
pub(in crate::store) static INSERT_COMPONENT: Statement = Statement::new(
    "INSERT INTO component (digest, name, version, description, inputs_schema, settings_schema, imports,
                            size_bytes, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (digest) DO NOTHING RETURNING size_bytes",
);

/// `$1` digest, `$2` bytes.
pub(in crate::store) static INSERT_COMPONENT_BYTES: Statement =
    Statement::new("INSERT INTO component_bytes (digest, bytes) VALUES ($1, $2)");

/// `$1` digest, `$2` source, `$3` key, `$4` trusted comment, `$5` signature. What is not given stays.
pub(in crate::store) static PUT_PROVENANCE: Statement = Statement::new(
    "INSERT INTO component_provenance (digest, source, key_id, trusted_comment, signature)
     VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (digest) DO UPDATE SET
         source = coalesce(excluded.source, component_provenance.source),
         key_id = coalesce(excluded.key_id, component_provenance.key_id),
         trusted_comment = coalesce(excluded.trusted_comment, component_provenance.trusted_comment),
         signature = coalesce(excluded.signature, component_provenance.signature)",
);

/// `$1` name, `$2` version.
pub(in crate::store) static LABELLED_DIGEST: Statement =
    Statement::new("SELECT digest FROM module WHERE name = $1 AND version = $2");

/// `$1` name, `$2` version, `$3` digest, `$4` 1 when the label may be moved away from other bytes. Returns nothing when
/// it has others and must not be moved.
pub(in crate::store) static SET_LABEL: Statement = Statement::new(
    "INSERT INTO module (name, version, digest) VALUES ($1, $2, $3)
     ON CONFLICT (name, version) DO UPDATE SET digest = excluded.digest
         WHERE $4 = 1 OR module.digest = excluded.digest
     RETURNING digest",
);

/// `$1` digest. Before bytes are removed: no job may begin to need them meanwhile.
pub(in crate::store) static LOCK_COMPONENT: Statement =
    Statement::new("SELECT digest FROM component WHERE digest = $1 {lock}");

/// `$1` digest. Jobs that have not ended.
pub(in crate::store) static JOBS_THAT_NEED: Statement =
    Statement::new("SELECT count(*) FROM job WHERE digest = $1 AND status IN ({stop})");

/// `$1` name, `$2` version.
pub(in crate::store) static DROP_LABEL: Statement =
    Statement::new("DELETE FROM module WHERE name = $1 AND version = $2");

/// `$1` digest.
pub(in crate::store) static DROP_COMPONENT: Statement =
    Statement::new("DELETE FROM component WHERE digest = $1 RETURNING size_bytes");

/// `$1` digest. Bytes without a label, asked for by name and version before.
pub(in crate::store) static DROP_UNLABELLED: Statement = Statement::new(
    "DELETE FROM component WHERE digest = $1
     AND NOT EXISTS (SELECT 1 FROM module WHERE module.digest = $1)",
);

/// `$1` digest. Bytes that neither a label nor any job, ended ones included, refers to.
pub(in crate::store) static DROP_UNUSED: Statement = Statement::new(
    "DELETE FROM component WHERE digest = $1
     AND NOT EXISTS (SELECT 1 FROM module WHERE module.digest = $1)
     AND NOT EXISTS (SELECT 1 FROM job WHERE job.digest = $1)",
);

/// `$1` digest, `$2` JSON or null, `$3` how many of its jobs may run at once, or null.
pub(in crate::store) static SET_GRANTS: Statement =
    Statement::new("UPDATE component SET grants = $2, jobs_concurrent = $3 WHERE digest = $1 RETURNING digest");

/// `$1` digest, `$2` 1 when its jobs are to be claimed apart. The component is locked, so that no job comes meanwhile.
pub(in crate::store) static LIMIT_JOBS: Statement =
    Statement::new("UPDATE job SET limited = $2 WHERE digest = $1 AND status IN ({stop}) AND limited <> $2");
