//! Watching all jobs: `GET /v1/events`.

use serde_json::json;

use crate::harness::{Client, Guest, Host, HostEvent, Job, Request, Status};

/// Reads until the job is told to have this status; gives everything that was told on the way.
#[track_caller]
fn until(events: &mut impl Iterator<Item = HostEvent>, job: &Job, status: Status) -> Vec<HostEvent> {
    let mut told = Vec::new();
    for event in events {
        let found = event.status_of(&job.id) == Some(status);
        told.push(event);
        if found {
            return told;
        }
    }
    panic!("the stream ended before {} was {status:?}: {told:?}", job.id)
}

#[test]
fn a_watcher_is_told_how_each_job_stands_until_it_is_gone() {
    let host = Host::start();
    host.has(Guest::Hello);
    let mut events = host.events("");
    let quick = host.start_job(&json!({ "module_id": "hello" }));
    until(&mut events, &quick, Status::Completed);
    let counting = host.hostile(json!({ "behaviour": "count", "to": 1000, "pause_ms": 10 }));
    let told = until(&mut events, &counting, Status::Running);
    assert!(told.iter().all(|event| event.status_of(&quick.id).is_none()), "only what has changed: {told:?}");
    let reported = events.find_map(|event| match event {
        HostEvent::Job { id, status: Status::Running, attempt, progress: Some(progress), node, .. } => {
            assert_eq!((id, attempt, node), (counting.id.clone(), 1, counting.show().node));
            Some(progress)
        }
        _ => None,
    });
    let reported = reported.expect("the stream goes on");
    assert!(reported.done > 0 && reported.total == Some(1000), "{reported:?}");
    counting.stop_and_wait();
    until(&mut events, &counting, Status::Stopped);
    counting.delete().expect(204);
    let gone = events.next().expect("the stream goes on");
    assert!(matches!(&gone, HostEvent::Deleted { id, .. } if *id == counting.id), "{gone:?}");
}

#[test]
fn a_watcher_that_comes_back_is_told_what_it_has_missed() {
    let host = Host::start();
    host.has(Guest::Hello);
    let mut events = host.events("");
    let seen = host.start_job(&json!({ "module_id": "hello" }));
    until(&mut events, &seen, Status::Completed);
    let place = std::mem::take(&mut events.last_event_id);
    drop(events);
    let missed: Vec<_> = (0..20).map(|_| host.start_job(&json!({ "module_id": "hello" }))).collect();
    for job in &missed {
        assert_eq!(job.ended().status, Status::Completed);
    }
    let by_query = host.events(&format!("?after={place}"));
    let by_header = Request::new("GET", "/v1/events").header("last-event-id", place);
    for mut events in [by_query, crate::harness::EventStream::open(&host, by_header)] {
        let mut left: Vec<_> = missed.iter().map(|job| job.id.as_str()).collect();
        while !left.is_empty() {
            let event = events.next().expect("the stream goes on");
            assert_ne!(event, HostEvent::Reset);
            left.retain(|job| event.status_of(job) != Some(Status::Completed));
        }
    }
}

#[test]
fn a_place_of_another_process_leads_to_a_reset_and_then_to_what_changes() {
    let mut host = Host::start();
    host.has(Guest::Hello);
    let mut events = host.events("");
    let first = host.start_job(&json!({ "module_id": "hello" }));
    until(&mut events, &first, Status::Completed);
    let place = std::mem::take(&mut events.last_event_id);
    assert!(host.terminate().success());
    // A stream ends with its host; what came before the end is whole.
    events.for_each(drop);
    host.start_again();
    let mut events = host.events(&format!("?after={place}"));
    assert_eq!(events.next(), Some(HostEvent::Reset));
    let second = host.start_job(&json!({ "module_id": "hello" }));
    until(&mut events, &second, Status::Completed);
}

#[test]
fn a_place_that_was_never_given_is_refused() {
    let host = Host::start();
    let client: &Client = &host;
    for wrong in ["41", "AAAA", "%00"] {
        let problem = client.get(&format!("/v1/events?after={wrong}")).problem(400, "invalid_query");
        assert!(problem.detail.contains("must be the `id` of an earlier event"), "{}", problem.detail);
        let problem = client.send(Request::new("GET", "/v1/events").header("last-event-id", wrong));
        assert!(problem.problem(400, "invalid_header").detail.contains("`Last-Event-ID` must be the `id`"));
    }
    client.get("/v1/events?job=x").problem(400, "invalid_query");
}
