//! How a retry policy looks to clients, in requests and in answers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::json::DurationText;
use crate::domain::RetryPolicy;

/// What becomes of a job whose module returns `retryable`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, expecting = "expected an object such as {\"max_attempts\": 3, \"backoff\": \"10s\"}")]
#[schema(as = Retry)]
pub(crate) struct RetryJson {
    /// How many runs may end `retryable`, the first included, from 1 to 1,000. Crashes and shutdowns are not among
    /// them, and a resume counts anew.
    #[schema(minimum = 1, maximum = 1000, example = 3)]
    max_attempts: u32,
    /// The pause after the first failure, `10s` unless given. It doubles with each further one, up to a day; each pause
    /// is between half and one and a half of that.
    #[serde(default = "usual_backoff")]
    #[schema(value_type = String, required = false, example = "10s")]
    backoff: DurationText,
}

fn usual_backoff() -> DurationText {
    DurationText(RetryPolicy::BACKOFF)
}

impl From<RetryJson> for RetryPolicy {
    fn from(RetryJson { max_attempts, backoff: DurationText(backoff) }: RetryJson) -> Self {
        Self { max_attempts, backoff }
    }
}

impl From<RetryPolicy> for RetryJson {
    fn from(RetryPolicy { max_attempts, backoff }: RetryPolicy) -> Self {
        Self { max_attempts, backoff: DurationText(backoff) }
    }
}
