//! Removing a module.

use super::error::{RemoveError, UnknownModule};
use super::registry::Registry;
use crate::domain::ModuleRef;
use crate::store::{Answer, Write};

impl Registry {
    /// Removes a version, or bytes with all their names. Refused while a pending or running job needs the bytes; ended
    /// jobs stay, but cannot be resumed without them.
    pub async fn remove(&self, module: &ModuleRef) -> Result<(), RemoveError> {
        if let ModuleRef::Newest(name) = module {
            return Err(RemoveError::NameOnly(name.clone()));
        }
        match self.inner.store.write(Write::RemoveModule(module.clone())).await? {
            Answer::Done => {
                self.schemas().clear();
                self.forget_verified();
                Ok(())
            }
            Answer::Count(jobs) => Err(RemoveError::InUse { module: module.clone(), jobs }),
            _ => Err(UnknownModule(module.clone()).into()),
        }
    }
}
