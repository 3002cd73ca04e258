//! What is handed out: an archive and a Debian package, made from one binary, each tried once after it was made.

mod archive;
mod attempt;
mod debian;
mod extras;
mod files;
mod run;

pub(crate) use run::{make, run};
