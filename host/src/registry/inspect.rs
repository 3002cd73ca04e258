//! Looking at a file as an upload would, and further: everything that would be wrong with it, and nothing kept.

use bytes::Bytes;

use super::error::AddError;
use super::registry::Registry;
use super::schemas::Schemas;
use crate::domain::Digest;
use crate::sandbox::{Inspection, Sandbox};

/// What is known of a file that is to be a module.
#[derive(Debug)]
pub struct InspectedModule {
    /// Its bytes' identity.
    pub digest: Digest,
    /// Its size.
    pub size_bytes: u64,
    /// What it is made of, and what it says about itself.
    pub component: Inspection,
    /// Everything for which this host would refuse it, in the words of [`add`](Registry::add), which tells the first.
    pub faults: Vec<AddError>,
}

impl Registry {
    /// Looks at a component's bytes as [`add`](Self::add) does, but does not end at the first fault and adds nothing.
    pub async fn inspect(&self, bytes: Bytes) -> InspectedModule {
        let (digest, size_bytes) = (Sandbox::digest_of(&bytes), bytes.len() as u64);
        let max = self.module_bytes_max();
        let mut faults = Vec::new();
        if size_bytes > max {
            faults.push(AddError::TooLarge { bytes: size_bytes, max });
        }
        let component = self.inner.sandbox.inspect(digest, bytes).await;
        faults.extend(component.faults.iter().cloned().map(AddError::Admission));
        if let Some(described) = &component.described {
            faults.extend(Schemas::faults(described).map(AddError::Info));
        }
        InspectedModule { digest, size_bytes, component, faults }
    }
}
