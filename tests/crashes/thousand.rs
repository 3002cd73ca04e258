//! Many interrupted jobs start again together. How quickly is measured by `cargo xtask bench`.

use serde_json::json;

use crate::harness::{Host, Job, eventually};

/// Enough that starting them one after another, each with a wait, would be seen.
const JOBS: usize = 1000;

#[test]
fn a_thousand_interrupted_jobs_all_run_again_after_a_restart() {
    let mut host = Host::with(&["node.slots=1024"]);
    let jobs: Vec<Job> = (0..JOBS).map(|_| host.hostile(json!({ "behaviour": "sleep_for_ever" }))).collect();
    all_run(&host);
    host.kill();
    host.start_again();
    all_run(&host);
    for job in jobs.iter().step_by(97) {
        let view = job.show();
        assert_eq!(view.attempt, 2, "{view:?}");
    }
}

#[track_caller]
fn all_run(host: &Host) {
    eventually("all run", || (host.status().jobs.running == JOBS as u64).then_some(()));
}
