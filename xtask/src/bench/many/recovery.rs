//! How soon interrupted jobs run again after their host was killed.

use std::time::Instant;

use anyhow::Result;

use super::asleep::{SLEEPING, roomy_host, start_sleepers, wait_for};
use crate::bench::report::{Figure, Report};
use crate::bench::stage::Stage;
use crate::process::say;
use crate::server::Api;

/// How many run when their host is killed, and how many the next one may run.
struct Size {
    jobs: u32,
    slots: u32,
    goal_s: f64,
}

/// From the start of the next process until it runs as many as it may and the others are to be claimed.
pub(in crate::bench) fn measure(stage: &Stage<'_>, report: &mut Report) -> Result<()> {
    let many = stage.bench.sleeping_jobs;
    for Size { jobs, slots, goal_s } in
        [Size { jobs: 1_000, slots: 1_024, goal_s: 2.0 }, Size { jobs: many, slots: 512, goal_s: 10.0 }]
    {
        say(format_args!("bench: {jobs} interrupted jobs"));
        let (mut runs, mut possible) = (Vec::new(), jobs);
        for _ in stage.runs() {
            let took;
            (took, possible) = recovery(stage, report, possible, slots)?;
            runs.push(took);
        }
        let running = possible.min(slots);
        let what =
            format!("{possible} interrupted jobs, from the start of the host until {running} run and others wait");
        report.add(Figure::cost(format!("recovery_of_{jobs}_jobs_seconds"), what, "s", runs).goal(goal_s));
    }
    Ok(())
}

/// Seconds, and how many jobs there were: as many as asked for, if the machine allows it.
fn recovery(stage: &Stage<'_>, report: &mut Report, jobs: u32, slots: u32) -> Result<(f64, u32)> {
    let folder = stage.folder("host")?;
    let (killed, jobs) = roomy_host(stage, &folder, report, jobs)?;
    let mut api = stage.connect(&killed, &["hostile"])?;
    start_sleepers(&mut api, &killed, SLEEPING, jobs)?;
    drop(killed);

    let running = jobs.min(slots);
    let start = Instant::now();
    let server = stage.host_in(&folder, report, &[&format!("node.slots={slots}")])?;
    let mut api = Api::connect(server.address())?;
    wait_for(&mut api, |now, pending| now == running && pending == jobs - running)?;
    // Dropped, it is killed: so many jobs need not be stopped one by one.
    Ok((start.elapsed().as_secs_f64(), jobs))
}
