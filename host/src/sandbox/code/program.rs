//! A component that was checked, compiled and linked: ready to be instantiated any number of times.

use std::fmt;
use std::sync::Arc;

use wasmtime::Engine;
use wasmtime::component::{Component, Linker};

use crate::domain::Digest;
use crate::sandbox::AdmissionError;
use crate::sandbox::admission;
use crate::sandbox::guest::{GuestState, ModulePre};

/// A runnable component. Cheap to clone; the code is unmapped when the last clone is gone.
#[derive(Clone)]
pub struct Program(Arc<Inner>);

struct Inner {
    digest: Digest,
    imports: Vec<String>,
    module: ModulePre<GuestState>,
    start_memory_bytes: Option<u64>,
}

impl Program {
    /// Links a component; says what does not fit.
    pub(in crate::sandbox) fn link(
        digest: Digest,
        component: &Component,
        linker: &Linker<GuestState>,
    ) -> Result<Self, AdmissionError> {
        first(admission::resource_faults(component))?;
        let instance = linker.instantiate_pre(component).map_err(|error| import_type(&error))?;
        first(admission::signature_faults(component))?;
        let start_memory_bytes = admission::start_memory_bytes(component);
        let module = ModulePre::new(instance).map_err(|error| AdmissionError::Exports(format!("{error:#}")))?;
        let mut imports: Vec<String> =
            component.component_type().imports(component.engine()).map(|(name, _)| name.to_owned()).collect();
        imports.sort_unstable();
        Ok(Self(Arc::new(Inner { digest, imports, module, start_memory_bytes })))
    }

    /// Everything that keeps a component from being linked, in the order in which [`link`](Self::link) would find it.
    pub(in crate::sandbox) fn faults(component: &Component, linker: &Linker<GuestState>) -> Vec<AdmissionError> {
        let mut faults = admission::resource_faults(component);
        faults.extend(linker.instantiate_pre(component).err().map(|error| import_type(&error)));
        faults.extend(admission::signature_faults(component));
        faults
    }

    /// The SHA-256 of the component's bytes.
    pub fn digest(&self) -> Digest {
        self.0.digest
    }

    /// What it imports, with versions, sorted.
    pub fn imports(&self) -> &[String] {
        &self.0.imports
    }

    /// Makes instances.
    pub(in crate::sandbox) fn module(&self) -> &ModulePre<GuestState> {
        &self.0.module
    }

    /// At most what its memories have at the start, where that can be known.
    pub(in crate::sandbox) fn start_memory_bytes(&self) -> Option<u64> {
        self.0.start_memory_bytes
    }

    /// Whether both are one compilation.
    #[cfg(test)]
    pub(in crate::sandbox) fn same_code(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The engine that its code is for.
    pub(in crate::sandbox) fn engine(&self) -> &Engine {
        self.0.module.engine()
    }
}

fn first(faults: Vec<AdmissionError>) -> Result<(), AdmissionError> {
    faults.into_iter().next().map_or(Ok(()), Err)
}

fn import_type(error: &wasmtime::Error) -> AdmissionError {
    AdmissionError::ImportType(format!("{error:#}"))
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Program").field("digest", &self.0.digest).finish_non_exhaustive()
    }
}
