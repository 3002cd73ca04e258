//! `GET /v1/events`: the newest state of jobs, whenever some of them change, as server-sent events.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::cursor::{AfterChange, after_change};
use super::extract::Params;
use super::jobs::job_json::{ProgressJson, StatusJson};
use super::json::Parsed;
use super::problem::Problem;
use super::state::{ApiState, Shared};
use super::stream::sse::Source;
use super::stream::{Follower, Reader, last_event_id, sse};
use crate::domain::{ChangeCursor, JobId, JobSummary, NodeId, Reach, Status, Timestamp};
use crate::scheduler::{JobNews, JobWatch, StreamCut};

/// Where to start.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventsQuery {
    /// A ticket of `POST /v1/stream-tickets`, instead of `Authorization`. The entrance has looked at it.
    #[expect(dead_code, reason = "documents the parameter")]
    ticket: Option<String>,
    /// The `id` of the last event that the reader has; every job that has changed since then is told. From now on unless
    /// given. The header `Last-Event-ID` goes before it.
    #[param(value_type = Option<String>)]
    after: Option<Parsed<AfterChange>>,
}

/// One event.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
#[schema(as = HostEvent)]
pub(crate) enum EventJson {
    /// A job has changed, and stands so now. It may have stood otherwise in between.
    Job {
        /// Which.
        #[schema(value_type = uuid::Uuid)]
        id: JobId,
        /// Where it stands.
        #[schema(value_type = StatusJson)]
        status: Status,
        /// The number of its newest attempt; 0 before the first.
        attempt: u32,
        /// The newest progress.
        progress: Option<ProgressJson>,
        /// Where it runs or last ran.
        #[schema(value_type = Option<uuid::Uuid>)]
        node: Option<NodeId>,
        /// When that was looked at.
        #[schema(value_type = String, format = DateTime)]
        time: Timestamp,
    },
    /// A job was deleted.
    Deleted {
        /// Which.
        #[schema(value_type = uuid::Uuid)]
        id: JobId,
        /// When that was looked at.
        #[schema(value_type = String, format = DateTime)]
        time: Timestamp,
    },
    /// What has changed since the reader's place is not known any more: load the lists again. Events go on from here.
    Reset,
}

/// Watch all jobs
///
/// Server-sent events. Their `id` is opaque: after a reconnect with the last one, every job that has changed since then
/// comes at least once, or `reset` does.
#[utoipa::path(get, path = "/v1/events", operation_id = "stream_events", tag = "host",
    params(EventsQuery, ("Last-Event-ID" = Option<String>, Header)),
    responses((status = 200, description = "Server-sent events", body = EventJson, content_type = "text/event-stream")))]
pub(crate) async fn events(
    State(api): State<Shared>,
    Params(query): Params<EventsQuery>,
    reader: Reader,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let seen: Option<AfterChange> = last_event_id(&headers)?;
    let after = seen.or(query.after.map(|Parsed(after)| after)).map(|AfterChange(place)| place);
    let reach = reader.caller.reach();
    let watch = async |api: &ApiState| Ok(ReachedJobs { watch: api.scheduler.watch_jobs(after)?, reach });
    let follower = Follower::seated(api, reader, watch).await?;
    Ok(sse::answer(follower))
}

/// The jobs that a reader sees.
struct ReachedJobs {
    watch: JobWatch,
    reach: Reach,
}

impl Source for ReachedJobs {
    type Event = JobNews;

    async fn next(&mut self) -> Result<Option<JobNews>, StreamCut> {
        loop {
            let news = self.watch.next().await?;
            if let Some(seen) = reached(news, &self.reach) {
                return Ok(Some(seen));
            }
        }
    }

    /// All but the last of what was looked at together carry the place before it: who has only some of them is told all
    /// of them again.
    fn messages(news: &JobNews) -> impl Iterator<Item = (String, Vec<u8>)> + Send {
        let (events, from, to) = each(news);
        let last = events.len().saturating_sub(1);
        let (from, to) = (after_change(from), after_change(to));
        events.into_iter().enumerate().map(move |(at, event)| {
            let place = if at == last { &to } else { &from };
            (place.clone(), serde_json::to_vec(&event).expect("events have text keys and go to memory"))
        })
    }
}

/// What a reader sees of the news. Of a job that is gone nobody knows any more what it ran: who does not see all jobs is
/// told to load the lists again.
fn reached(news: JobNews, reach: &Reach) -> Option<JobNews> {
    match news {
        JobNews::Changed { to, ref deleted, .. } if *reach != Reach::All && !deleted.is_empty() => {
            Some(JobNews::Reset { to })
        }
        JobNews::Changed { mut jobs, deleted, at, from, to } => {
            jobs.retain(|job| reach.includes(&job.module_name));
            let empty = jobs.is_empty() && deleted.is_empty();
            (!empty).then_some(JobNews::Changed { jobs, deleted, at, from, to })
        }
        JobNews::Reset { to } => Some(JobNews::Reset { to }),
    }
}

/// The events, the place before them and the place after them.
fn each(news: &JobNews) -> (Vec<EventJson>, ChangeCursor, ChangeCursor) {
    match news {
        JobNews::Reset { to } => (vec![EventJson::Reset], *to, *to),
        JobNews::Changed { jobs, deleted, at, from, to } => {
            let changed = jobs.iter().map(|job| shown(job, *at));
            let deleted = deleted.iter().map(|id| EventJson::Deleted { id: *id, time: *at });
            (changed.chain(deleted).collect(), *from, *to)
        }
    }
}

fn shown(job: &JobSummary, time: Timestamp) -> EventJson {
    let JobSummary { id, module_name: _, status, attempt, progress, node } = *job;
    EventJson::Job { id, status, attempt, progress: progress.map(Into::into), node, time }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::Progress;

    #[test]
    fn what_was_looked_at_together_is_told_again_until_all_of_it_was_told() {
        let place = |position| ChangeCursor { log: uuid::Uuid::nil(), position };
        let job = JobSummary {
            id: JobId::new(),
            module_name: "hello".to_owned(),
            status: Status::Running,
            attempt: 2,
            progress: Some(Progress { done: 3, total: None }),
            node: Some(NodeId::new()),
        };
        let (deleted, at) = (JobId::new(), Timestamp::from_millis(1_700_000_000_042));
        let news =
            JobNews::Changed { jobs: vec![job.clone()], deleted: vec![deleted], at, from: place(7), to: place(9) };
        let told: Vec<(String, Value)> =
            ReachedJobs::messages(&news).map(|(id, text)| (id, serde_json::from_slice(&text).expect("JSON"))).collect();
        let time = "2023-11-14T22:13:20.042Z";
        let changed = json!({"type": "job", "id": job.id, "status": "running", "attempt": 2, "node": job.node,
            "progress": {"done": 3, "total": null}, "time": time});
        let gone = json!({"type": "deleted", "id": deleted, "time": time});
        assert_eq!(told, [(after_change(place(7)), changed), (after_change(place(9)), gone)]);
        let others = Reach::of(["other".to_owned()]);
        assert_eq!(reached(news, &others), Some(JobNews::Reset { to: place(9) }), "nobody knows whose the deleted was");
        let reset: Vec<_> = ReachedJobs::messages(&JobNews::Reset { to: place(4) }).collect();
        assert_eq!(reset, [(after_change(place(4)), br#"{"type":"reset"}"#.to_vec())]);
    }
}
