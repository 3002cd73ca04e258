//! The API's calls about schedules, one function each.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::Client;
use super::api::{Page, body, read};
use super::http::{Request, Verb};
use super::requests::{StartBody, as_span};
use crate::cli::Failure;
use crate::domain::{ScheduleName, ScheduleRef};

/// A schedule to put.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct ScheduleBody {
    pub(in crate::cli) name: String,
    pub(in crate::cli) cron: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) time_zone: Option<String>,
    pub(in crate::cli) job: StartBody,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_span")]
    pub(in crate::cli) jitter: Option<Duration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) overlap: Option<&'static str>,
    pub(in crate::cli) catch_up: CatchUpBody,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_span")]
    pub(in crate::cli) late_after: Option<Duration>,
    pub(in crate::cli) paused: bool,
}

/// What becomes of missed occurrences.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct CatchUpBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) policy: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) limit: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_span")]
    pub(in crate::cli) max_age: Option<Duration>,
}

/// A schedule.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::cli) struct ScheduleView {
    pub(in crate::cli) id: String,
    pub(in crate::cli) name: String,
    pub(in crate::cli) cron: String,
    pub(in crate::cli) time_zone: String,
    pub(in crate::cli) job: ScheduledJobView,
    pub(in crate::cli) jitter: String,
    pub(in crate::cli) overlap: String,
    pub(in crate::cli) catch_up: CatchUpView,
    pub(in crate::cli) late_after: String,
    pub(in crate::cli) paused: bool,
    pub(in crate::cli) next_run_at: Option<String>,
    pub(in crate::cli) last_run: Option<RunView>,
    pub(in crate::cli) created_by: Option<String>,
    pub(in crate::cli) created_at: String,
    pub(in crate::cli) updated_at: String,
}

/// What a schedule starts.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::cli) struct ScheduledJobView {
    pub(in crate::cli) module_id: String,
    pub(in crate::cli) inputs: Box<RawValue>,
    pub(in crate::cli) settings: Box<RawValue>,
}

/// What becomes of missed occurrences.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::cli) struct CatchUpView {
    pub(in crate::cli) policy: String,
    pub(in crate::cli) limit: u32,
    pub(in crate::cli) max_age: String,
}

/// What an occurrence came to.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::cli) struct RunView {
    pub(in crate::cli) scheduled_for: String,
    pub(in crate::cli) by_hand: bool,
    pub(in crate::cli) outcome: String,
    pub(in crate::cli) job_id: Option<String>,
    pub(in crate::cli) missed_until: Option<String>,
    pub(in crate::cli) problem: Option<String>,
}

fn path(schedule: &ScheduleRef, rest: &str) -> String {
    format!("/v1/schedules/{schedule}{rest}")
}

impl Client {
    /// `POST /v1/schedules`.
    pub(in crate::cli) fn create_schedule(&self, schedule: &ScheduleBody) -> Result<String, Failure> {
        Ok(self.ask(&Request::new(Verb::PostJson(&body(schedule)), "/v1/schedules"))?.body)
    }

    /// `PUT /v1/schedules/{schedule_id}`.
    pub(in crate::cli) fn replace_schedule(
        &self,
        name: &ScheduleName,
        schedule: &ScheduleBody,
    ) -> Result<String, Failure> {
        let which = ScheduleRef::Name(name.clone());
        Ok(self.ask(&Request::new(Verb::PutJson(&body(schedule)), path(&which, "")))?.body)
    }

    /// `GET /v1/schedules`.
    pub(in crate::cli) fn schedules(&self, cursor: Option<String>) -> Result<Page<Option<String>>, Failure> {
        #[derive(Deserialize)]
        struct Schedules {
            schedules: Vec<Box<RawValue>>,
            next_cursor: Option<String>,
        }
        let mut request = Request::new(Verb::Get, "/v1/schedules");
        request.query = vec![("limit", Some("1000".to_owned())), ("cursor", cursor)];
        let Schedules { schedules, next_cursor } = read(&self.ask(&request)?.body)?;
        Ok(Page { entries: schedules, next: next_cursor })
    }

    /// `GET /v1/schedules/{schedule_id}`.
    pub(in crate::cli) fn schedule(&self, schedule: &ScheduleRef) -> Result<String, Failure> {
        Ok(self.ask(&Request::new(Verb::Get, path(schedule, "")))?.body)
    }

    /// `GET /v1/schedules/{schedule_id}/runs`: the newest occurrences.
    pub(in crate::cli) fn schedule_runs(&self, schedule: &ScheduleRef, limit: u32) -> Result<Vec<RunView>, Failure> {
        #[derive(Deserialize)]
        struct Runs {
            runs: Vec<RunView>,
        }
        let mut request = Request::new(Verb::Get, path(schedule, "/runs"));
        request.query = vec![("limit", Some(limit.to_string()))];
        let Runs { runs } = read(&self.ask(&request)?.body)?;
        Ok(runs)
    }

    /// `GET /v1/schedules/{schedule_id}/next`.
    pub(in crate::cli) fn next_runs(&self, schedule: &ScheduleRef, limit: u32) -> Result<String, Failure> {
        let mut request = Request::new(Verb::Get, path(schedule, "/next"));
        request.query = vec![("limit", Some(limit.to_string()))];
        Ok(self.ask(&request)?.body)
    }

    /// `GET /v1/schedule-preview`.
    pub(in crate::cli) fn preview(
        &self,
        cron: String,
        time_zone: Option<String>,
        limit: u32,
    ) -> Result<String, Failure> {
        let mut request = Request::new(Verb::Get, "/v1/schedule-preview");
        request.query = vec![("cron", Some(cron)), ("time_zone", time_zone), ("limit", Some(limit.to_string()))];
        Ok(self.ask(&request)?.body)
    }

    /// `POST /v1/schedules/{schedule_id}/VERB`.
    pub(in crate::cli) fn tell_schedule(&self, schedule: &ScheduleRef, verb: &str) -> Result<String, Failure> {
        Ok(self.ask(&Request::new(Verb::PostJson("{}"), path(schedule, &format!("/{verb}"))))?.body)
    }

    /// `DELETE /v1/schedules/{schedule_id}`.
    pub(in crate::cli) fn remove_schedule(&self, schedule: &ScheduleRef) -> Result<(), Failure> {
        self.ask(&Request::new(Verb::Delete, path(schedule, ""))).map(|_| ())
    }
}
