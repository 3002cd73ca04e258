//! A running `cofferdam serve`: started and ended here, and asked over HTTP as any client would.

mod api;
mod event_stream;
mod http;
mod process;

pub(crate) use api::{Api, JobEnd};
pub(crate) use process::{Server, Start};
