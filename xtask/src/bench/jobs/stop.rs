//! How soon a job has stopped that is asked to: one that sleeps until it is asked, and one that never looks.

use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::bench::report::{Report, Times, milliseconds};
use crate::bench::stage::Stage;
use crate::server::Api;

/// Jobs of each kind and run.
const JOBS: u32 = 40;
/// From one look whether the job runs to the next.
const LOOK: Duration = Duration::from_millis(2);
/// What a job that runs gets to reach its sleep or its loop.
const SETTLE: Duration = Duration::from_millis(20);

/// A kind of job.
struct Kind {
    key: &'static str,
    what: &'static str,
    job: &'static str,
}

const KINDS: [Kind; 2] = [
    Kind {
        key: "stop_cooperative",
        what: "a job that sleeps and returns when it is asked to stop",
        job: r#"{"module_id": "hostile", "inputs": {"behaviour": "sleep_for_ever"}}"#,
    },
    Kind {
        key: "stop_spinning",
        what: "a job that computes and never looks, without grace",
        job: r#"{"module_id": "hostile", "inputs": {"behaviour": "spin"}, "stop_grace": "0s"}"#,
    },
];

/// From the request until the answer that says `stopped`.
pub(in crate::bench) fn measure(stage: &Stage<'_>, report: &mut Report) -> Result<()> {
    let server = stage.host(report, &[])?;
    let mut api = stage.connect(&server, &["hostile"])?;
    for Kind { key, what, job } in KINDS {
        let runs = stage.runs().map(|_| stops(&mut api, job)).collect::<Result<Vec<_>>>()?;
        report.add_times(key, &format!("{what}: from the request until it has stopped"), &runs, [None; 2]);
    }
    server.stop()
}

fn stops(api: &mut Api, job: &str) -> Result<Times> {
    let mut times = Vec::new();
    for _ in 0..JOBS {
        let id = api.start_job(job.as_bytes())?;
        while api.job(&id)?["status"] == "pending" {
            sleep(LOOK);
        }
        sleep(SETTLE);
        let start = Instant::now();
        let answer = api.stop_and_wait(&id)?;
        times.push(milliseconds(start.elapsed()));
        ensure!(answer["status"] == "stopped", "the job is not stopped: {answer}");
    }
    Ok(Times::of(times))
}
