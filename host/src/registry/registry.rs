//! The library of modules: finds them, by whichever way they are named.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use tokio::sync::Semaphore;

use super::error::ProgramError;
use super::schemas::Schemas;
use super::trust::Trust;
use super::upload::UPLOADS;
use super::verified::Verified;
use crate::domain::{Clock, Digest, Live, Module, ModuleRef, Reach, module_ref};
use crate::sandbox::{Program, Sandbox};
use crate::store::{ModuleEntry, Store, StoreError};

/// Components that are described or written while others are compiled.
const BESIDE_COMPILERS: usize = 2;
/// Modules whose schemas are kept ready.
const KEPT_SCHEMAS: usize = 1_000;

/// Modules, by digest and by name and version. Cheap to clone.
#[derive(Clone)]
pub struct Registry {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) store: Store,
    pub(super) sandbox: Sandbox,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) module_bytes_max: u64,
    /// Where components lie while they come.
    pub(super) upload_dir: PathBuf,
    pub(super) uploads: Arc<Semaphore>,
    /// Components that are looked at, each in memory as a whole.
    pub(super) in_memory: Arc<Semaphore>,
    pub(super) trust: Live<Trust>,
    schemas: Mutex<HashMap<Digest, Arc<Known>>>,
    pub(super) verified: Mutex<Verified>,
}

/// What a registry takes, and from whom.
#[derive(Debug, Clone)]
pub struct Rules {
    /// The largest component, in bytes.
    pub module_bytes_max: u64,
    /// A folder where components lie while they come.
    pub upload_dir: PathBuf,
    /// Whose modules are taken and run.
    pub trust: Live<Trust>,
}

/// A module with its schemas ready to check with.
pub(crate) struct Known {
    pub(crate) module: Module,
    pub(crate) schemas: Schemas,
}

/// Modules by name and version.
#[derive(Debug, Clone)]
pub struct ModulePage {
    /// The modules, by name, then highest version first.
    pub modules: Vec<Module>,
    /// Where the next page starts (`name@version`, exclusive); `None` at the end.
    pub next: Option<String>,
}

impl Registry {
    /// A registry over a database, with a sandbox to compile and describe in.
    pub fn new(store: Store, sandbox: Sandbox, clock: Arc<dyn Clock>, rules: Rules) -> Self {
        let Rules { module_bytes_max, upload_dir, trust } = rules;
        let in_memory = Arc::new(Semaphore::new(sandbox.compilers() + BESIDE_COMPILERS));
        let uploads = Arc::new(Semaphore::new(UPLOADS));
        let (schemas, verified) = (Mutex::default(), Mutex::default());
        let inner =
            Inner { store, sandbox, clock, module_bytes_max, upload_dir, uploads, in_memory, trust, schemas, verified };
        Self { inner: Arc::new(inner) }
    }

    /// The largest component that is taken, in bytes.
    pub fn module_bytes_max(&self) -> u64 {
        self.inner.module_bytes_max
    }

    /// The module that a reference means now.
    pub async fn find(&self, module: &ModuleRef) -> Result<Option<Module>, StoreError> {
        match self.digest_of(module).await? {
            Some(digest) => self.inner.store.module(digest).await,
            None => Ok(None),
        }
    }

    /// The bytes that a reference means now.
    pub async fn component(&self, module: &ModuleRef) -> Result<Option<Bytes>, StoreError> {
        match self.digest_of(module).await? {
            Some(digest) => self.inner.store.component(digest).await,
            None => Ok(None),
        }
    }

    async fn digest_of(&self, module: &ModuleRef) -> Result<Option<Digest>, StoreError> {
        let (name, version) = match module {
            ModuleRef::Digest(digest) => return Ok(Some(*digest)),
            ModuleRef::Version(name, version) => (name, Some(version)),
            ModuleRef::Newest(name) => (name, None),
        };
        let entries = self.inner.store.versions(name).await?;
        let wanted = version.or_else(|| module_ref::newest(entries.iter().map(|entry| &entry.version)));
        Ok(entries.iter().find(|entry| Some(&entry.version) == wanted).map(|entry| entry.digest))
    }

    /// Modules by name, then highest version first, from the one after `after` (`name@version`); of those that are reached.
    pub async fn list(&self, reach: &Reach, after: Option<&str>, limit: u32) -> Result<ModulePage, StoreError> {
        let mut entries = self.inner.store.module_entries().await?;
        entries.retain(|entry| reach.includes(&entry.name));
        entries.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| b.version.cmp(&a.version)));
        let after = after.and_then(|after| after.split_once('@'));
        let start = match after.and_then(|(name, version)| Some((name, version.parse().ok()?))) {
            Some((name, version)) => {
                let version: semver::Version = version;
                entries.partition_point(|entry| {
                    entry.name.as_str() < name || (entry.name == name && entry.version >= version)
                })
            }
            None => 0,
        };
        let rest = &entries[start..];
        let page = &rest[..rest.len().min(limit.max(1) as usize)];
        let mut modules = Vec::with_capacity(page.len());
        for ModuleEntry { digest, .. } in page {
            modules.extend(self.inner.store.module(*digest).await?);
        }
        let label = |entry: &ModuleEntry| format!("{}@{}", entry.name, entry.version);
        let next = if rest.len() > page.len() { page.last().map(label) } else { None };
        Ok(ModulePage { modules, next })
    }

    /// How many names and versions there are.
    pub async fn count(&self) -> Result<u64, StoreError> {
        self.inner.store.module_count().await
    }

    /// How many of them are reached.
    pub async fn count_reached(&self, reach: &Reach) -> Result<u64, StoreError> {
        if *reach == Reach::All {
            return self.count().await;
        }
        let entries = self.inner.store.module_entries().await?;
        Ok(entries.iter().filter(|entry| reach.includes(&entry.name)).count() as u64)
    }

    /// The module that a reference means now, with its schemas ready.
    pub(crate) async fn resolve(&self, module: &ModuleRef) -> Result<Option<Arc<Known>>, StoreError> {
        let Some(digest) = self.digest_of(module).await? else {
            return Ok(None);
        };
        if let Some(known) = self.schemas().get(&digest) {
            return Ok(Some(Arc::clone(known)));
        }
        let Some(module) = self.inner.store.module(digest).await? else {
            return Ok(None);
        };
        let schemas = Schemas::of(&module.info)
            .map_err(|error| StoreError::Inconsistent { place: "component schemas", reason: error.to_string() })?;
        let known = Arc::new(Known { module, schemas });
        let mut kept = self.schemas();
        if kept.len() >= KEPT_SCHEMAS {
            kept.clear();
        }
        kept.insert(digest, Arc::clone(&known));
        Ok(Some(known))
    }

    pub(super) fn schemas(&self) -> std::sync::MutexGuard<'_, HashMap<Digest, Arc<Known>>> {
        self.inner.schemas.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The program of these bytes: from memory, from the cache of compiled code, or compiled again.
    pub(crate) async fn program(&self, digest: Digest) -> Result<Program, ProgramError> {
        self.may_run(digest).await?;
        if let Some(program) = self.inner.sandbox.load(digest).await {
            return Ok(program);
        }
        let bytes = self.inner.store.component(digest).await?.ok_or(ProgramError::Missing)?;
        Ok(self.inner.sandbox.admit(digest, bytes).await?)
    }
}
