//! A throw-away PostgreSQL for tests: a cluster of its own, made from installed binaries, on loopback, as an
//! unprivileged user, with fsync on. It ends with the process that started it, however that process ends.

mod binaries;
mod cluster;

pub use binaries::{Binaries, NotInstalled};
pub use cluster::{Cluster, is_guard};
