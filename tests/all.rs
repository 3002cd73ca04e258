//! Every test of the running host: the built `cofferdam` as a process, real guests, real HTTP.
//!
//! Nothing here links the library, so that a change of a test does not wait for wasmtime's linking; `embedding.rs` does.

mod harness;

mod access;
mod admission;
mod backup;
mod cli;
mod cluster;
mod conformance;
mod crashes;
mod dashboard;
mod events;
mod examples;
mod examples_by_language;
mod foreign;
mod grants;
mod host_log;
mod hostile;
mod jobs;
mod keys;
mod lifecycle;
mod limits;
mod logs;
mod many;
mod metrics;
mod modules;
mod openapi;
mod overview;
mod results;
mod resuming;
mod retention;
mod retrying;
mod schedules;
mod secrets;
mod serving;
mod starting;
mod steering;
mod stopping;
mod streams;
mod traces;
mod uploads;
mod web_sockets;
mod webhooks;
