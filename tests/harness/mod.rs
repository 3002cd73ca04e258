//! What the tests stand on: the real binary as a child process, and clients of everything that it offers.
//!
//! A test that fails shows what the host wrote to its standard error.

mod client;
mod host;
mod installed;
mod job;
mod modules;
mod process;
mod proxy;
mod raw_request;
mod shared;
mod stream;
mod views;
mod wait;
mod web_server;
mod web_socket;

pub(crate) use client::{Answer, Client, Request};
pub(crate) use host::Host;
pub(crate) use installed::installed;
pub(crate) use job::{Job, assert_dense, lines_and_end};
pub(crate) use modules::{Guest, Language};
pub(crate) use process::{Process, cofferdam};
pub(crate) use proxy::{Cut, Network, Proxy};
pub(crate) use raw_request::RawRequest;
pub(crate) use shared::{Shared, SharedHost};
pub(crate) use stream::EventStream;
pub(crate) use views::{
    Gap, HostEvent, JobError, JobSchedule, JobView, Level, LogLine, LogPage, Message, ModuleView, ResultRow, Source,
    Status, StopAnswer,
};
pub(crate) use wait::{PATIENCE, eventually};
pub(crate) use web_server::WebServer;
