//! What goes into the audit log: every request that changes something, and every one that was not let in.

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use uuid::Uuid;

use crate::access::{Access, Caller};
use crate::api::problem::Problem;
use crate::api::state::{ApiState, Shared};
use crate::domain::{Actor, AuditEntry};

/// The longest path that is noted.
const OBJECT_CHARS: usize = 200;
/// What ordinary clients do all day; they do not wait for the log.
const ORDINARY: [&str; 2] = ["job.", "stream_ticket."];

/// What is noted of a client that went away before its answer; as proxies do.
const CLIENT_GONE: u16 = 499;

/// A request's name, as its answer carries it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestId(pub(crate) Uuid);

/// What a route does, such as `job.start`.
#[derive(Debug, Clone)]
pub(super) struct Action(pub(super) String);

/// Whether requests with this method change something.
pub(super) fn is_change(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// The name of an operation as the log has it: `start_job` is `job.start`.
pub(super) fn action_of(operation: &str) -> Action {
    let (verb, noun) = operation.split_once('_').unwrap_or((operation, "host"));
    Action(format!("{noun}.{verb}"))
}

/// A request, as far as it matters to the log.
pub(super) struct Asked {
    peer: IpAddr,
    path: String,
    request: Uuid,
}

impl Asked {
    pub(super) fn by(request: &Parts, peer: IpAddr) -> Self {
        let id = request.extensions.get::<RequestId>().map_or_else(Uuid::now_v7, |RequestId(id)| *id);
        let path = request.uri.path().chars().take(OBJECT_CHARS).collect();
        Self { peer, path, request: id }
    }

    /// Notes somebody who was not let in. How often is bounded by what one address may try.
    pub(super) fn not_let_in(self, api: &ApiState, problem: &Problem) {
        if let Some(access) = &api.access {
            let (action, object) = ("authenticate".to_owned(), Some(self.path.clone()));
            let entry = self.entry(access, (Actor::Unknown, action, object), problem.kind.status.as_u16());
            access.record(entry);
        }
    }

    /// What was changed: what was made, by its location; else what the path names.
    fn object(&self, location: Option<&HeaderValue>) -> Option<String> {
        let path = location.and_then(|location| location.to_str().ok()).unwrap_or(&self.path);
        // `/v1/jobs/ID/stop`: the part after the list's name.
        let object = path.split('/').nth(3).filter(|part| !part.is_empty());
        object.map(|object| object.chars().take(OBJECT_CHARS).collect())
    }

    fn entry(
        &self,
        access: &Access,
        (actor, action, object): (Actor, String, Option<String>),
        status: u16,
    ) -> AuditEntry {
        let time = access.now();
        AuditEntry { time, actor, peer: self.peer.to_string(), action, object, status, request: self.request }
    }
}

/// A change under way. It is noted when it is answered, and also when its client goes away before that: what it asked
/// for may have been done all the same.
pub(super) struct Change {
    api: Shared,
    caller: Caller,
    action: ActionSlot,
    /// Taken when it is noted.
    asked: Option<Asked>,
}

/// Where the route says what it does.
#[derive(Debug, Clone, Default)]
pub(super) struct ActionSlot(Arc<OnceLock<Action>>);

impl ActionSlot {
    pub(super) fn set(&self, action: Action) {
        // Only one route takes a request.
        let _ = self.0.set(action);
    }
}

impl Change {
    pub(super) fn begin(api: Shared, caller: Caller, asked: Asked) -> Self {
        Self { api, caller, action: ActionSlot::default(), asked: Some(asked) }
    }

    pub(super) fn action(&self) -> ActionSlot {
        self.action.clone()
    }

    /// Notes what was done, if the request came to a route. Who administers has it written before the answer.
    pub(super) fn done(mut self, response: &Response) -> impl Future<Output = ()> + Send + use<> {
        let entry = self.entry(response.status(), response.headers().get(header::LOCATION));
        async move {
            let (Some(access), Some(entry)) = (&self.api.access, entry) else { return };
            if ORDINARY.iter().any(|noun| entry.action.starts_with(noun)) {
                return access.record(entry);
            }
            if let Err(error) = access.record_now(entry).await {
                // It waits in memory and is tried again.
                tracing::warn!(%error, "an entry of the audit log was not written yet");
            }
        }
    }

    fn entry(&mut self, status: StatusCode, location: Option<&HeaderValue>) -> Option<AuditEntry> {
        let (access, asked) = (self.api.access.as_ref()?, self.asked.take()?);
        let Action(action) = self.action.0.get()?.clone();
        let actor = match self.caller.token() {
            Some(token) => Actor::Token(token.id, token.name.to_string()),
            None => Actor::Local,
        };
        let object = asked.object(location);
        Some(asked.entry(access, (actor, action, object), status.as_u16()))
    }
}

impl Drop for Change {
    fn drop(&mut self) {
        let gone =
            if std::thread::panicking() { Ok(StatusCode::INTERNAL_SERVER_ERROR) } else { CLIENT_GONE.try_into() };
        let entry = gone.ok().and_then(|status: StatusCode| self.entry(status, None));
        if let (Some(access), Some(entry)) = (&self.api.access, entry) {
            access.record(entry);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_and_objects_have_the_names_that_people_look_for() {
        for (operation, action) in
            [("start_job", "job.start"), ("create_stream_ticket", "stream_ticket.create"), ("drain", "host.drain")]
        {
            assert_eq!(action_of(operation).0, action);
        }
        let asked = |path: &str| Asked { peer: [127, 0, 0, 1].into(), path: path.to_owned(), request: Uuid::nil() };
        assert_eq!(asked("/v1/jobs/x/stop").object(None).as_deref(), Some("x"));
        assert_eq!(asked("/v1/jobs").object(None), None);
        let location = HeaderValue::from_static("/v1/modules/hello@1.0.0");
        assert_eq!(asked("/v1/modules").object(Some(&location)).as_deref(), Some("hello@1.0.0"));
    }
}
