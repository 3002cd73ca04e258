//! What one run may use and reach: its limits, and what its module was granted, opened and ready.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::domain::grants::{DirRoot, HttpGrant};
use crate::domain::{Ceiling, GrantFault, Grants, JobLimits, SecretName, SecretValue};

use super::folder::Folder;
use super::http::Reach;
use super::masking::Masker;

/// What one run of a guest may use and reach. The default reaches nothing.
#[derive(Debug, Clone, Default)]
pub struct Allowance {
    /// Its limits. Of these, `cpu_time`, `http_requests` and `http_bytes` are what is left of them.
    pub limits: JobLimits,
    /// Environment variables.
    pub env: BTreeMap<String, String>,
    /// Secrets that the guest may have put into its requests, and that it never sees.
    pub secrets: Vec<GuestSecret>,
    /// Folders, open.
    pub(super) folders: Arc<[Folder]>,
    /// Hosts.
    pub(super) reach: Arc<Reach>,
    /// Finds the secrets in what the guest says.
    pub(super) masker: Option<Arc<Masker>>,
}

/// A secret for one run.
#[derive(Debug, Clone)]
pub struct GuestSecret {
    /// Its name, whose placeholder the guest has instead.
    pub name: SecretName,
    /// Where its value may go.
    pub hosts: Vec<HttpGrant>,
    /// Its value.
    pub value: SecretValue,
}

impl Allowance {
    /// Opens what was granted, having made sure that the ceiling still allows it. `limits` are the host's.
    pub(super) fn open(grants: &Grants, ceiling: &Arc<Ceiling>, limits: &JobLimits) -> Result<Self, Vec<GrantFault>> {
        let limits = grants.limits.lower(limits.clone());
        let mut faults = ceiling.faults(grants, &limits);
        let roots = if grants.dirs.is_empty() { Vec::new() } else { real_roots(&ceiling.dirs) };
        let mut folders = Vec::new();
        for (at, dir) in grants.dirs.iter().enumerate() {
            match Folder::open(dir, &roots) {
                Ok(folder) => folders.push(folder),
                Err(detail) => faults.push(GrantFault::at(format!("/dirs/{at}/host"), detail)),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let reach = Arc::new(Reach::new(&grants.http, Arc::clone(ceiling)));
        Ok(Self { limits, env: grants.env.clone(), folders: folders.into(), reach, ..Self::default() })
    }

    /// From now on nothing that the guest says has a value of its secrets in it.
    pub(super) fn mask_secrets(&mut self) -> Option<Arc<Masker>> {
        self.masker = Masker::new(&self.secrets).map(Arc::new);
        self.masker.clone()
    }

    /// Looks at grants before they are kept: says everything that is wrong, and puts the folders' real paths in place of
    /// those that were written.
    pub(super) fn settle(mut grants: Grants, ceiling: &Ceiling, limits: &JobLimits) -> Result<Grants, Vec<GrantFault>> {
        let mut faults = ceiling.faults(&grants, limits);
        let roots = if grants.dirs.is_empty() { Vec::new() } else { real_roots(&ceiling.dirs) };
        for (at, dir) in grants.dirs.iter_mut().enumerate() {
            match real(&dir.host).and_then(|real| {
                dir.host = real;
                Folder::open(dir, &roots)
            }) {
                Ok(_) => {}
                // What is wrong with its text was said before.
                Err(_) if !faults.is_empty() => {}
                Err(detail) => faults.push(GrantFault::at(format!("/dirs/{at}/host"), detail)),
            }
        }
        if faults.is_empty() { Ok(grants) } else { Err(faults) }
    }
}

fn real(path: &std::path::Path) -> Result<PathBuf, String> {
    std::fs::canonicalize(path).map_err(|error| format!("cannot be opened: {}", error.kind()))
}

/// The roots as they really are; one that is not there holds no folder.
fn real_roots(roots: &[DirRoot]) -> Vec<DirRoot> {
    let real = |root: &DirRoot| Some(DirRoot { path: std::fs::canonicalize(&root.path).ok()?, write: root.write });
    roots.iter().filter_map(real).collect()
}
