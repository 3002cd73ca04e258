//! What modules may do: shown and changed.

use super::error::{GrantError, UnknownModule};
use super::registry::Registry;
use crate::domain::{GrantFault, Grants, Module, ModuleRef};
use crate::store::{Answer, Write};

impl Registry {
    /// Grants a component exactly this, in place of what it had; answers the module as it is then. It holds for attempts
    /// that begin from now on. Nothing changes when the host does not allow all of it.
    pub async fn set_grants(&self, module: &ModuleRef, grants: Grants) -> Result<Module, GrantError> {
        let unknown = || UnknownModule(module.clone());
        let mut found = self.find(module).await?.ok_or_else(unknown)?;
        let sandbox = self.inner.sandbox.clone();
        let settled = tokio::task::spawn_blocking(move || sandbox.settle_grants(grants)).await;
        let grants = settled.map_err(|_| GrantError::Broken)?.map_err(GrantError::NotAllowed)?;
        self.know_secrets(&grants).await?;
        let write = Write::SetGrants(found.digest, Box::new(grants.clone()));
        match self.inner.store.write(write).await? {
            Answer::Done => {
                self.schemas().remove(&found.digest);
                found.grants = grants;
                Ok(found)
            }
            _ => Err(unknown().into()),
        }
    }

    async fn know_secrets(&self, grants: &Grants) -> Result<(), GrantError> {
        let mut faults = Vec::new();
        for (at, secret) in grants.secrets.iter().enumerate() {
            if self.inner.store.secret(&secret.name).await?.is_none() {
                let detail = format!("is `{}`, but there is no such secret; store it first", secret.name);
                faults.push(GrantFault::at(format!("/secrets/{at}/name"), detail));
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(GrantError::NotAllowed(faults)) }
    }
}
