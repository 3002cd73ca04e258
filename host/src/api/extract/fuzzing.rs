//! Doors for `fuzz/`: what the API makes of bytes that anybody may send. Each panics where a property does not hold.

use axum::extract::FromRequestParts as _;
use axum::http::{HeaderMap, HeaderValue, Request};
use futures_util::FutureExt as _;

use super::{Params, Position, parse_json};
use crate::api::cursor::{self, AfterChange};
use crate::api::jobs::list::ListQuery;
use crate::api::jobs::logs::message::MessageJson;
use crate::api::jobs::logs::page::PageQuery;
use crate::api::jobs::resume::ResumeBody;
use crate::api::jobs::start::StartBody;
use crate::api::problem::Problem;
use crate::api::stream::{last_event_id, sse};
use crate::domain::LogLine;
use crate::scheduler::LogEvent;

/// A cursor that is taken is exactly the one that was given out for its place.
pub fn cursor(text: &str) {
    if let Ok(job) = cursor::job(text) {
        assert_eq!(cursor::after_job(job), text);
    }
    if let Ok(module) = cursor::module(text) {
        assert_eq!(cursor::after_module(&module), text);
    }
    if let Ok(AfterChange(place)) = text.parse() {
        assert_eq!(cursor::after_change(place), text);
    }
}

/// A body is read, or refused in words.
pub fn json_body(bytes: &[u8]) {
    refused_in_words(parse_json::<StartBody>(bytes));
    refused_in_words(parse_json::<ResumeBody>(bytes));
}

/// A query and a `Last-Event-ID` are read, or refused in words.
pub fn query(text: &str) {
    if let Ok(request) = Request::builder().uri(format!("/v1/jobs?{text}")).body(()) {
        let (mut parts, ()) = request.into_parts();
        let page = Params::<PageQuery>::from_request_parts(&mut parts, &()).now_or_never();
        refused_in_words(page.expect("nothing is waited for"));
        let list = Params::<ListQuery>::from_request_parts(&mut parts, &()).now_or_never();
        refused_in_words(list.expect("nothing is waited for"));
    }
    if let Ok(value) = HeaderValue::from_bytes(text.as_bytes()) {
        let headers = HeaderMap::from_iter([("last-event-id".parse().expect("a name"), value)]);
        refused_in_words(last_event_id::<Position>(&headers));
        refused_in_words(last_event_id::<AfterChange>(&headers));
    }
}

/// Log lines as server-sent events.
pub fn events(lines: Vec<LogLine>) -> Vec<u8> {
    let event = LogEvent::Lines(lines);
    let messages: Vec<_> = MessageJson::each(&event)
        .map(|message| {
            let mut text = Vec::new();
            message.write_to(&mut text);
            (message.position().to_string(), text)
        })
        .collect();
    sse::encode(messages.into_iter()).flat_map(Vec::from).collect()
}

fn refused_in_words<T>(read: Result<T, Problem>) {
    if let Err(problem) = read {
        assert!(problem.kind.status.is_client_error() && !problem.detail.is_empty());
    }
}
