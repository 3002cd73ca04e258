//! `GET /v1/status`: what the host says about itself.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::extract::Who;
use super::json::json;
use super::problem::Problem;
use super::state::Shared;
use crate::domain::{JobCounts, JobId, Timestamp};
use crate::scheduler::{HostStatus, NodeStatus};

/// The host as a whole.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HostStatus)]
pub(crate) struct StatusJson<'s> {
    /// The program's version.
    version: &'s str,
    /// For how long it has been up, in its two largest units.
    #[schema(example = "2h 15m")]
    uptime: String,
    /// The same in whole seconds.
    uptime_seconds: u64,
    /// How many modules there are.
    modules: u64,
    /// How many jobs stand where; at a million of them, up to two seconds old.
    jobs: JobCountsJson,
    /// Since when the oldest could have run of the jobs that wait for nothing but a free slot; null when none waits.
    #[schema(value_type = Option<String>, format = DateTime)]
    oldest_pending_at: Option<Timestamp>,
    /// The jobs that run now, newest first; at most 1,000.
    #[schema(value_type = Vec<uuid::Uuid>)]
    running: &'s [JobId],
    /// The nodes that share the database.
    nodes: Vec<NodeJson<'s>>,
}

/// How many jobs stand where.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobCounts)]
pub(crate) struct JobCountsJson {
    pending: u64,
    running: u64,
    completed: u64,
    failed: u64,
    stopped: u64,
}

/// One node.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Node)]
pub(crate) struct NodeJson<'s> {
    /// Its boot id: another one after each start.
    id: String,
    /// The program's version there.
    version: &'s str,
    /// When it started.
    #[schema(value_type = String, format = DateTime)]
    started_at: Timestamp,
    /// When it last said that it is alive.
    #[schema(value_type = String, format = DateTime)]
    heartbeat_at: Timestamp,
    /// How many jobs it runs at once.
    slots: u32,
    /// How many it runs now.
    running: u32,
    /// What its guests hold in memory.
    guest_memory_bytes: u64,
    /// What they may hold together.
    guest_memory_budget_bytes: u64,
}

/// What the host says about itself
#[utoipa::path(get, path = "/v1/status", operation_id = "get_status", tag = "host", responses((status = 200, body = StatusJson)))]
pub(crate) async fn status(State(api): State<Shared>, Who(caller): Who) -> Result<Response, Problem> {
    let status = api.scheduler.get_reached_status(&caller.reach()).await?;
    Ok(json(StatusCode::OK, &StatusJson::from(&status)))
}

impl<'s> From<&'s HostStatus> for StatusJson<'s> {
    fn from(status: &'s HostStatus) -> Self {
        Self {
            version: status.version,
            uptime: status.uptime_text(),
            uptime_seconds: status.uptime.as_secs(),
            modules: status.modules,
            jobs: status.jobs.into(),
            oldest_pending_at: status.oldest_pending_at,
            running: &status.running,
            nodes: status.nodes.iter().map(NodeJson::from).collect(),
        }
    }
}

impl From<JobCounts> for JobCountsJson {
    fn from(counts: JobCounts) -> Self {
        let JobCounts { pending, running, completed, failed, stopped } = counts;
        Self { pending, running, completed, failed, stopped }
    }
}

impl<'s> From<&'s NodeStatus> for NodeJson<'s> {
    fn from(node: &'s NodeStatus) -> Self {
        Self {
            id: node.id.to_string(),
            version: &node.version,
            started_at: node.started_at,
            heartbeat_at: node.heartbeat_at,
            slots: node.slots,
            running: node.running,
            guest_memory_bytes: node.guest_memory_bytes,
            guest_memory_budget_bytes: node.guest_memory_budget_bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::api::document::assert_documented;
    use crate::domain::NodeId;

    #[test]
    fn the_status_is_what_the_document_says() {
        let status = HostStatus {
            version: "0.1.0",
            uptime: Duration::from_secs(2 * 3600 + 15 * 60 + 3),
            modules: 3,
            jobs: JobCounts { running: 1, ..JobCounts::default() },
            oldest_pending_at: None,
            running: vec![JobId::new()],
            nodes: vec![NodeStatus {
                id: NodeId::new(),
                version: "0.1.0".to_owned(),
                started_at: Timestamp::from_millis(0),
                heartbeat_at: Timestamp::from_millis(1_500),
                slots: 512,
                running: 1,
                guest_memory_bytes: 1,
                guest_memory_budget_bytes: 2,
            }],
        };
        let shown = serde_json::to_value(StatusJson::from(&status)).expect("JSON");
        assert_documented("HostStatus", &shown);
        assert_documented("JobCounts", &shown["jobs"]);
        assert_documented("Node", &shown["nodes"][0]);
        assert_eq!(shown["uptime"], "2h 15m");
        assert_eq!(shown["nodes"][0]["heartbeat_at"], "1970-01-01T00:00:01.500Z");
    }
}
