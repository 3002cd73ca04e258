//! `/v1/jobs/{job_id}/logs`: pages, and one stream in two forms.

pub(crate) mod message;
pub(crate) mod page;
mod sse;
pub(crate) mod stream;
mod websocket;
