//! One job whose log a thousand readers follow: how soon the last of them has a line, and how many lines go out.

use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result};
use memchr::memmem;
use serde_json::{Value, json};

use crate::bench::report::{Figure, Report, Times};
use crate::bench::stage::Stage;
use crate::bench::stamps::{self, CUT_OFF_MS, Moment};
use crate::bench::usage::{Memory, memory_mib};
use crate::process::say;
use crate::server::{Api, Crowd, Got, Server};

const READERS: u32 = 1_000;
/// More connections and streams than usual: the readers, and some to spare.
const SETTINGS: [&str; 2] = ["clients.connections=2048", "node.log_streams=2048"];
/// From the job's request until it runs: meanwhile the readers connect.
const HEAD_START: Duration = Duration::from_secs(3);
/// Lines that come one by one, and the pause between them. Each is stored by a checkpoint at once.
const PACED_LINES: u32 = 200;
const PACED_PAUSE_MS: u32 = 25;
/// Lines that come all at once.
const BURST_LINES: u32 = 1_000;

/// A quiet log and a burst, each with all readers.
pub(in crate::bench) fn measure(stage: &Stage<'_>, report: &mut Report) -> Result<()> {
    let server = stage.host(report, &SETTINGS)?;
    let mut api = stage.connect(&server, &["hostile"])?;
    let (mut last, mut rates) = (Vec::new(), Vec::new());
    let before = memory_mib(server.pid(), Memory::Resident)?;
    let mut with_readers = Vec::new();
    for run in stage.runs() {
        say(format_args!("bench: run {}, {READERS} readers of one log", run + 1));
        let paced = json!({"behaviour": "count", "to": PACED_LINES, "pause_ms": PACED_PAUSE_MS});
        last.push(followed(&mut api, &server, &paced)?.times_of_the_last());
        with_readers.push(memory_mib(server.pid(), Memory::Resident)? - before);
        let burst = json!({"behaviour": "flood_log", "lines": BURST_LINES});
        rates.push(followed(&mut api, &server, &burst)?.lines_per_second());
    }
    let what = format!("from a line until the last of {READERS} readers has it");
    report.add_times("fan_out_last_reader", &what, &last, [None; 2]);
    let what = format!("lines sent to {READERS} readers, a burst of {BURST_LINES} to each");
    report.add(Figure::gain("fan_out_lines_per_second", what, "lines/s", rates));
    let what = format!("resident memory that {READERS} readers add");
    report.add(Figure::cost("fan_out_memory_mib", what, "MiB", with_readers));
    let what = format!("resident memory with {READERS} readers, at its peak");
    report.add(Figure::cost("fan_out_memory_peak_mib", what, "MiB", vec![memory_mib(server.pid(), Memory::Peak)?]));
    server.stop()
}

/// When a log's lines were logged and had reached everybody.
struct Followed {
    /// Of each line, in order: its stamp, and when the last reader had it.
    lines: Vec<(SystemTime, Instant)>,
    /// Some moment before.
    moment: Moment,
}

/// Starts a job whose log all readers follow from its first line, and reads all of it.
fn followed(api: &mut Api, server: &Server, inputs: &Value) -> Result<Followed> {
    let run_after = humantime::format_rfc3339_millis(Moment::now().after(HEAD_START).wall()).to_string();
    let job = json!({"module_id": "hostile", "inputs": inputs, "run_after": run_after});
    let id = api.start_job(job.to_string().as_bytes())?;
    let crowd = Crowd::follow(server.address(), (0..READERS).map(|_| id.as_str()))?;
    let moment = Moment::now();
    let mut lines: Vec<Result<(SystemTime, Instant)>> = Vec::new();
    crowd.read_to_end(|Got { at, number, line }| {
        let place = usize::try_from(*number).expect("some hundred lines") - 1;
        match lines.get_mut(place) {
            Some(Ok((_, last))) => *last = *at,
            Some(Err(_)) => {}
            // Nobody has a line before the one in front of it.
            None => lines.push(stamp(line).map(|stamp| (stamp, *at))),
        }
    })?;
    Ok(Followed { lines: lines.into_iter().collect::<Result<_>>()?, moment })
}

/// When the guest logged the line.
fn stamp(line: &[u8]) -> Result<SystemTime> {
    const BEFORE: &[u8] = br#""time":""#;
    let start = memmem::find(line, BEFORE).map(|at| at + BEFORE.len());
    let text = start.and_then(|start| line[start..].split(|&byte| byte == b'"').next());
    let text = text.and_then(|text| str::from_utf8(text).ok()).context("a line without its time")?;
    stamps::parse(text)
}

impl Followed {
    /// From each line until the last reader had it.
    fn times_of_the_last(&self) -> Times {
        let late = |&(stamp, last): &(SystemTime, Instant)| self.moment.ms_after(stamp, last) - CUT_OFF_MS;
        Times::of(self.lines.iter().map(late).collect())
    }

    /// To all readers, from the first stamp until the last had everything.
    fn lines_per_second(&self) -> f64 {
        let first = self.lines.iter().map(|&(stamp, _)| stamp).min();
        let last = self.lines.iter().map(|&(_, last)| last).max();
        let ms = first.zip(last).map_or(f64::NAN, |(first, last)| self.moment.ms_after(first, last));
        let count = u32::try_from(self.lines.len()).expect("some hundred lines") * READERS;
        f64::from(count) * 1000.0 / ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_count_from_a_lines_stamp_to_its_last_reader() {
        let moment = Moment::now();
        let text = humantime::format_rfc3339_millis(moment.wall() + Duration::from_millis(1_500)).to_string();
        let line = format!(r#"data: {{"type":"log","seq":1,"time":"{text}","attempt":1}}"#);
        let stamp = stamp(line.as_bytes()).expect("it has one");
        let followed = Followed { lines: vec![(stamp, moment.instant() + Duration::from_secs(2))], moment };
        // The stamp is cut off to a whole millisecond.
        let late = followed.times_of_the_last().slowest();
        assert!((499.5..=500.5).contains(&late), "{late}");
        let rate = followed.lines_per_second();
        assert!((1_996.0..=2_000.0).contains(&rate), "{rate}");
    }
}
