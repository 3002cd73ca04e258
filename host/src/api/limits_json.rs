//! How the limits of a job look to clients.

use serde::Serialize;
use utoipa::ToSchema;

use super::json::DurationText;
use crate::domain::JobLimits;

/// What a job may use: the host's limits, lowered by those of its module.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Limits)]
pub(crate) struct LimitsJson {
    /// All memories of a job together, in bytes.
    memory: u64,
    /// The most run time; null when there is no limit.
    #[schema(value_type = Option<String>, example = "1h")]
    max_duration: Option<DurationText>,
    /// The most time on a processor, over all attempts since a start or resume by hand; null when there is no limit.
    #[schema(value_type = Option<String>, example = "10m")]
    cpu_time: Option<DurationText>,
    /// How long a job may go on after it was told to stop, unless it asks for another time.
    #[schema(value_type = String, example = "5s")]
    stop_grace: DurationText,
    /// The longest log line; longer ones go on in further lines.
    log_line_bytes: u64,
    /// How many bytes a job may log in a second.
    log_rate: u64,
    /// How much log is kept for a job.
    log_bytes: u64,
    /// The largest single result.
    result_bytes: u64,
    /// All results of a job together.
    results_bytes: u64,
    /// How many results a job may save in a second.
    result_rate: u64,
    /// The largest checkpoint.
    checkpoint_bytes: u64,
    /// How many checkpoints a job may save in a second.
    checkpoint_rate: u64,
    /// How many calls to its host a job may make in a second.
    host_call_rate: u64,
    /// How many HTTP requests a job may send, where its module was granted a host.
    http_requests: u64,
    /// How many bytes a job may send and receive over HTTP.
    http_bytes: u64,
    /// How many HTTP requests a job may have under way at once.
    http_concurrent: u64,
}

impl From<&JobLimits> for LimitsJson {
    fn from(limits: &JobLimits) -> Self {
        Self {
            memory: limits.memory_bytes,
            max_duration: limits.max_duration.map(DurationText),
            cpu_time: limits.cpu_time.map(DurationText),
            stop_grace: DurationText(limits.stop_grace),
            log_line_bytes: limits.log_line_bytes,
            log_rate: limits.log_rate_bytes_per_s,
            log_bytes: limits.log_bytes,
            result_bytes: limits.result_bytes,
            results_bytes: limits.results_bytes,
            result_rate: limits.results_per_s,
            checkpoint_bytes: limits.checkpoint_bytes,
            checkpoint_rate: limits.checkpoints_per_s,
            host_call_rate: limits.host_calls_per_s,
            http_requests: limits.http_requests,
            http_bytes: limits.http_bytes,
            http_concurrent: limits.http_concurrent,
        }
    }
}
