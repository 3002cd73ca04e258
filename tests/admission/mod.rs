//! What may become a module: files made to hurt the compiler, and the process that compiles.

mod bombs;
mod receiving;
mod registry;
mod registry_distrusted;
mod report;
mod signatures;
mod worker;
mod workers;
