//! How many log lines a second are stored, and read while they are, when guests log as fast as they can.

use anyhow::Result;

use super::flood::{Flood, LINE_BYTES, Readers};
use crate::bench::jobs::throughput;
use crate::bench::report::{Figure, Report};
use crate::bench::stage::Stage;
use crate::bench::usage::Usage;
use crate::process::say;

/// One job is bounded by its own loop, many by what they share.
const FLOODS: [(Flood, f64); 2] =
    [(Flood { jobs: 1, lines: 500_000 }, 200_000.0), (Flood { jobs: 100, lines: 10_000 }, 300_000.0)];

/// Lines a second of one job and of many, with readers and without, in turn.
pub(in crate::bench) fn measure(stage: &Stage<'_>, report: &mut Report) -> Result<()> {
    let server = stage.host(report, &[])?;
    let mut api = stage.connect(&server, &["hostile"])?;
    throughput::warm_up(&mut api, &[&server])?;
    for (flood, goal) in &FLOODS {
        let (mut stored, mut read, mut client) = (Vec::new(), Vec::new(), Vec::new());
        for run in stage.runs() {
            say(format_args!("bench: run {}, {} × {} log lines", run + 1, flood.jobs, flood.lines));
            stored.push(flood.run(&mut api, server.address(), Readers::Nobody)?.per_second);
            let (hosts, all) = ([&server], f64::from(flood.jobs * flood.lines));
            let usage = Usage::of(&hosts)?;
            read.push(flood.run(&mut api, server.address(), Readers::OneEach)?.per_second);
            client.push(usage.so_far()?.1.as_secs_f64() * 1e6 / all);
        }
        let jobs = flood.jobs;
        let what = if jobs == 1 { "one job".to_owned() } else { format!("{jobs} jobs") };
        let read_what = format!("log lines of {LINE_BYTES} bytes, {what}, each followed by a reader");
        report.add(
            Figure::gain(format!("log_lines_read_per_second_{jobs}_jobs"), read_what, "lines/s", read).goal(*goal),
        );
        let stored_what = format!("log lines of {LINE_BYTES} bytes, {what}, nobody reads");
        report.add(Figure::gain(format!("log_lines_per_second_{jobs}_jobs"), stored_what, "lines/s", stored));
        let client_what = format!("log lines of {what}: processor time of the readers");
        report.add(Figure::cost(format!("log_lines_client_cpu_us_{jobs}_jobs"), client_what, "µs/line", client));
    }
    server.stop()
}
