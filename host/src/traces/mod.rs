//! Floor 4: sends what [`traced`](crate::traced) notes to a collector, as OpenTelemetry's protocol has it.
//!
//! Owns a queue with an end: what finds no room in it, and what a collector does not take, is dropped and counted. Nobody
//! ever waits for a collector.

mod client;
mod queue;
mod spans;

pub(crate) use queue::Traces;
