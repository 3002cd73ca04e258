//! `/v1/webhooks`: who is told when jobs end.

pub(crate) mod change;
pub(crate) mod create;
mod definition;
pub(crate) mod deliveries;
pub(crate) mod delivery;
mod delivery_json;
mod event;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod remove;
pub(crate) mod resend;
pub(crate) mod resend_failed;
pub(crate) mod rotate;
pub(crate) mod test;
mod webhook_json;

pub(crate) use event::event_bodies;
