//! Single jobs and streams of them: how many, how soon, in which language.

pub(super) mod checkpoints;
pub(super) mod languages;
pub(super) mod latency;
mod open_loop;
pub(super) mod stop;
pub(super) mod throughput;
