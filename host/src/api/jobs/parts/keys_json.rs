//! How the keys that jobs share look to clients, in requests and in answers.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::json::{DurationText, Parsed};
use crate::domain::{JobKey, JobQueue, StartRate};
use crate::scheduler::{OnConflict, UniqueJob};

/// Jobs of a module that wait for each other.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, expecting = "expected an object such as {\"key\": \"customer-7\", \"concurrency\": 2}")]
#[schema(as = JobQueue)]
pub(crate) struct QueueJson {
    /// What they share: 1 to 200 characters.
    #[schema(value_type = String, min_length = 1, max_length = 200, example = "customer-7")]
    key: Parsed<JobKey>,
    /// How many of them run at once, on all nodes together; as many as there are slots unless given. What the newest job
    /// says holds for all that wait.
    #[schema(minimum = 1, maximum = 100_000, example = 2)]
    concurrency: Option<u32>,
    /// How many of them start in a time.
    rate: Option<RateJson>,
}

/// How many jobs start in a time: all of them at once after a pause, and evenly after that. An attempt counts as a start.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, expecting = "expected an object such as {\"limit\": 10, \"per\": \"1m\"}")]
#[schema(as = StartRate)]
pub(crate) struct RateJson {
    /// How many.
    #[schema(minimum = 1, maximum = 100_000, example = 10)]
    limit: u32,
    /// In which time, up to 31 days.
    #[schema(value_type = String, example = "1m")]
    per: DurationText,
}

/// A job of which there is only one that has not ended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, expecting = "expected an object such as {\"key\": \"import-7\"}")]
#[schema(as = UniqueJob)]
pub(crate) struct UniqueJson {
    /// What no other job of the module has that is `pending` or `running`: 1 to 200 characters.
    #[schema(value_type = String, min_length = 1, max_length = 200, example = "import-7")]
    key: Parsed<JobKey>,
    /// What to answer when there is one: `refuse` (409 `not_unique`) unless given, or `return` (200 with that job).
    #[serde(default)]
    #[schema(value_type = Option<OnConflictJson>, inline)]
    on_conflict: OnConflictJson,
}

/// What to answer when there is a job with the same key already.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = OnConflict, rename_all = "lowercase")]
pub(crate) enum OnConflictJson {
    #[default]
    Refuse,
    Return,
}

impl From<QueueJson> for JobQueue {
    fn from(QueueJson { key: Parsed(key), concurrency, rate }: QueueJson) -> Self {
        let millis = |per: Duration| u64::try_from(per.as_millis()).unwrap_or(u64::MAX);
        let rate =
            rate.map(|RateJson { limit, per: DurationText(per) }| StartRate { starts: limit, per_ms: millis(per) });
        Self { key, concurrency, rate }
    }
}

impl From<&JobQueue> for QueueJson {
    fn from(JobQueue { key, concurrency, rate }: &JobQueue) -> Self {
        let rate = rate.map(|StartRate { starts, per_ms }| RateJson {
            limit: starts,
            per: DurationText(Duration::from_millis(per_ms)),
        });
        Self { key: Parsed(key.clone()), concurrency: *concurrency, rate }
    }
}

impl From<UniqueJson> for UniqueJob {
    fn from(UniqueJson { key: Parsed(key), on_conflict }: UniqueJson) -> Self {
        let on_conflict = match on_conflict {
            OnConflictJson::Refuse => OnConflict::Refuse,
            OnConflictJson::Return => OnConflict::Return,
        };
        Self { key, on_conflict }
    }
}
