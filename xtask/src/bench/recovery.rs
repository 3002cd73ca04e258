//! How soon interrupted jobs run again after their host was killed.

use std::path::Path;
use std::time::Instant;

use anyhow::Result;

use super::report::{Figure, Goal, Report};
use super::sleepers;
use crate::server::{Api, Server, Start};

/// Jobs that were interrupted.
pub(super) const JOBS: u64 = 1000;

/// On the `SQLite` of an empty folder, with a module's bytes. Measured from the start of the process until all jobs run.
pub(super) fn measure(binary: &Path, folder: &Path, module: &[u8], report: &mut Report) -> Result<()> {
    let settings = [sleepers::SLOTS.to_owned()];
    let start = Start { settings: &settings, ..Start::usual(binary, "127.0.0.1:0", folder) };
    let killed = Server::start(&start)?;
    let mut api = Api::connect(killed.address())?;
    api.add_module(module)?;
    sleepers::start(&mut api, JOBS)?;
    drop(killed);

    let begin = Instant::now();
    let server = Server::start(&start)?;
    sleepers::wait_until_all_run(&mut Api::connect(server.address())?, JOBS)?;
    report.add(Figure {
        key: format!("recovery_of_{JOBS}_jobs_seconds"),
        what: format!("{JOBS} interrupted jobs, from the start of the host until all run again"),
        value: begin.elapsed().as_secs_f64(),
        unit: "s",
        goal: Some(Goal::AtMost(2.0)),
    });
    // Dropped, it is killed: so many jobs need not be stopped one by one.
    Ok(())
}
