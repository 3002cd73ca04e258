//! A blocking client of the HTTP API.
//!
//! Owns requests, what refusals mean in one sentence, and following a log over cuts. It knows `http-api` and nothing of
//! the host's own types but the words for a status.

pub(super) mod api;
mod follow;
mod http;
mod problem;
mod requests;
mod schedules;
mod sse;
#[cfg(test)]
mod tests;
mod trust;
mod unreachable;
mod views;
mod webhooks;

pub(super) use follow::{Followed, LogFollower};
pub(super) use http::{Client, is_loopback};
pub(super) use requests::{
    AddQuery, JobQuery, Origin, QueueBody, RateBody, ResumeBody, RetryBody, SecretBody, SelectBody, StartBody,
    TokenBody, UniqueBody,
};
pub(super) use schedules::{CatchUpBody as ScheduleCatchUpBody, RunView, ScheduleBody, ScheduleView};
pub(super) use sse::EventReader;
pub(super) use views::{
    Added, AuditView, JobEnd, JobView, ManyView, ModuleView, NodeView, ProgressView, ResultView, SecretView,
    StatusView, StopView, TokenView, Upload,
};
pub(super) use webhooks::{DeliveryView, NewWebhookBody, RotateBody, WebhookBody, WebhookView, WithSecretView};
