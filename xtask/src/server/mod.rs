//! A running `cofferdam serve`: started and ended here, and asked over HTTP as any client would.

mod api;
mod crowd;
mod event_stream;
mod http;
mod metrics;
mod numbers;
mod process;

pub(crate) use api::{Api, JobEnd};
pub(crate) use crowd::{Crowd, Got, ask_for_stream};
pub(crate) use process::{Server, Start};
