//! How many checkpoints a second are stored, each before its guest goes on.

use anyhow::Result;

use super::throughput::{self, Load, Road};
use crate::bench::report::{Figure, Report};
use crate::bench::stage::Stage;

/// The usual rate of one job is far below what the host can do.
const RATE: &str = "job.checkpoint_rate=1000000";

/// So many jobs that each save so many.
struct Size {
    jobs: u32,
    each: u32,
    job: &'static str,
}

const SIZES: [Size; 2] = [
    Size {
        jobs: 1,
        each: 3_000,
        job: r#"{"module_id": "hostile", "inputs": {"behaviour": "save_many_checkpoints", "count": 3000}}"#,
    },
    Size {
        jobs: 100,
        each: 300,
        job: r#"{"module_id": "hostile", "inputs": {"behaviour": "save_many_checkpoints", "count": 300}}"#,
    },
];

/// From the first request until all jobs have completed.
pub(in crate::bench) fn measure(stage: &Stage<'_>, report: &mut Report) -> Result<()> {
    let server = stage.host(report, &[RATE])?;
    let mut api = stage.connect(&server, &["hostile"])?;
    throughput::warm_up(&mut api, &[&server])?;
    for Size { jobs, each, job } in SIZES {
        let (mut rates, mut waits) = (Vec::new(), Vec::new());
        for _ in stage.runs() {
            let before = api.metrics()?;
            let load = Load { job, jobs, road: Road::Batch };
            rates.push(throughput::rates(&mut api, &[&server], &load)?.ended * f64::from(each));
            waits.push(api.metrics()?.mean_since(&before, "cofferdam_checkpoint_seconds").0 * 1000.0);
        }
        let jobs_word = if jobs == 1 { "one job".to_owned() } else { format!("{jobs} jobs") };
        report.add(Figure::gain(
            format!("checkpoints_per_second_{jobs}_jobs"),
            format!("checkpoints of {jobs_word}"),
            "1/s",
            rates,
        ));
        report.add(Figure::cost(
            format!("checkpoint_ms_{jobs}_jobs"),
            format!("what a guest waits for each, {jobs_word}, mean"),
            "ms",
            waits,
        ));
    }
    server.stop()
}
