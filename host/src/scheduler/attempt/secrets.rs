//! Opens the secrets that a module was granted, for one attempt.

use crate::domain::{Conclusion, ErrorCode, JobError};
use crate::registry::{OpenSecret, SecretError};
use crate::sandbox::{Allowance, GuestSecret};
use crate::scheduler::shared::Shared;
use crate::store::{ClaimedJob, StoreError};

/// Adds them, and the variables with their placeholders; or says what becomes of the job without them.
pub(super) async fn open(shared: &Shared, job: &ClaimedJob, allowance: &mut Allowance) -> Result<(), Conclusion> {
    for granted in &job.grants.secrets {
        let OpenSecret { name, hosts, value } =
            shared.vault.open(&granted.name).await.map_err(|error| without(job, &error))?;
        allowance.env.insert(granted.env.clone(), name.placeholder());
        allowance.secrets.push(GuestSecret { name, hosts, value });
    }
    Ok(())
}

/// What becomes of a job without a secret. Paths are for the operator alone.
fn without(job: &ClaimedJob, error: &SecretError) -> Conclusion {
    let message = match error {
        SecretError::Store(
            StoreError::Closed | StoreError::Unavailable(_) | StoreError::Conflict | StoreError::DiskFull,
        ) => return Conclusion::Pending,
        SecretError::Unknown(name) => {
            format!("the secret `{name}`, which the module was granted, is not there any more")
        }
        SecretError::Sealed(_) | SecretError::Key(_) | SecretError::Store(StoreError::Inconsistent { .. }) => {
            tracing::error!(job = %job.attempt.claim.job(), %error, "a secret cannot be opened");
            "a secret that the module was granted cannot be opened here; the host's own log says why".to_owned()
        }
    };
    Conclusion::Failed(JobError { code: ErrorCode::SecretUnavailable, message, backtrace: None })
}
