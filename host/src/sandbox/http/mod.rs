//! HTTP for guests: whom a run may call, the connection to the very address that was checked, and what it may cost.
//!
//! Nothing here follows redirects or knows of proxies: each hop is a request of the guest's own, and is checked like any.

mod body;
mod client;
mod end;
mod error;
mod meter;
mod reach;
mod secret_headers;

pub(super) use client::{HttpClient, HttpRequest, HttpResponse};
pub(super) use meter::Meter;
pub(super) use reach::Reach;
pub(super) use secret_headers::SecretHeaders;
