//! Why the registry refuses something.

use super::trust::TrustError;
use crate::domain::{GrantFault, InvalidModuleInfo, ModuleLabel, ModuleRef};
use crate::sandbox::AdmissionError;
use crate::store::StoreError;

/// No module has this name, version or digest.
#[derive(Debug, Clone, thiserror::Error)]
#[error("there is no module `{0}`; `GET /v1/modules` lists those there are")]
pub struct UnknownModule(pub ModuleRef);

/// Why a module was not added.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// It is larger than the host takes.
    #[error("the component has {bytes} bytes; this host takes at most {max}")]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The largest that is taken.
        max: u64,
    },
    /// Too many others are being added.
    #[error("{uploads} modules are being added already, the most at once; try again in some seconds")]
    TooMany {
        /// How many at once.
        uploads: usize,
    },
    /// It could not be put on disk while it came.
    #[error("the component could not be received: {0}")]
    Unreceived(std::io::Error),
    /// Nobody whom the host trusts stands for it.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// The component does not fit.
    #[error(transparent)]
    Admission(#[from] AdmissionError),
    /// What the module says about itself is not valid.
    #[error("the module describes itself wrongly: {0}")]
    Info(#[from] InvalidModuleInfo),
    /// Other bytes have this name and version.
    #[error("{label} is there already, with other bytes ({}); give the new bytes another version, or replace it with `?replace=true`", label.digest)]
    VersionExists {
        /// The module that is there.
        label: ModuleLabel,
    },
    /// The database did not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a module was not removed.
#[derive(Debug, thiserror::Error)]
pub enum RemoveError {
    /// There is none.
    #[error(transparent)]
    Unknown(#[from] UnknownModule),
    /// A bare name may mean another version tomorrow.
    #[error("`{0}` is only a name; removing needs a version (`{0}@1.0.0`) or a digest (`sha256:…`)")]
    NameOnly(String),
    /// Jobs that have not ended run it.
    #[error("{jobs} pending or running jobs need `{module}`; stop them or wait for their end first")]
    InUse {
        /// What was to be removed.
        module: ModuleRef,
        /// How many jobs need it.
        jobs: u64,
    },
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a module was not granted something.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// There is none.
    #[error(transparent)]
    Unknown(#[from] UnknownModule),
    /// The host does not allow it; at least one place.
    #[error("this host does not allow these grants: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    NotAllowed(Vec<GrantFault>),
    /// The host went wrong while it looked at the folders.
    #[error("the folders could not be looked at")]
    Broken,
    /// The database did not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a stored module cannot run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProgramError {
    /// Its bytes are gone.
    #[error("the bytes of the module are gone")]
    Missing,
    /// Nobody whom the host trusts stands for it, or not any more.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// It was admitted once, and is not any more.
    #[error(transparent)]
    Admission(#[from] AdmissionError),
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// One place where inputs or settings do not satisfy their schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// JSON pointer into the request's body, such as `/inputs/rows/0`.
    pub pointer: String,
    /// What is wrong there.
    pub message: String,
}
