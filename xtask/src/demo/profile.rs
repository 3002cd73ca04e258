//! The main part: `csv-profile` on the penguins, with its log as it is written, its progress, its results, and the
//! comparison with figures that somebody else computed.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::figures::{Comparison, compare};
use super::words;
use crate::server::{Api, JobEnd};
use crate::workspace::Workspace;

/// Between two looks at the job.
const POLL: Duration = Duration::from_millis(10);

/// Runs the job and shows all of it.
pub(super) fn run(workspace: &Workspace, api: &mut Api, address: SocketAddr) -> Result<()> {
    let data = data_folder(workspace);
    let csv = fs::read_to_string(data.join("penguins.csv")).context("the demonstration's table")?;
    let job = json!({"module_id": "csv-profile", "inputs": {"csv": csv}, "settings": {"checkpoint_every": 50}});
    let id = api.start_job(job.to_string().as_bytes())?;
    println!("POST /v1/jobs  csv-profile on penguins.csv, {} rows: job {id}\n", csv.lines().count() - 1);

    println!("GET /v1/jobs/{id}/logs/stream");
    let end = follow(api, address, &id)?;
    let job = api.job(&id)?;
    println!("{}\n", words::end_line(&job));
    if end.status != "completed" {
        bail!("the job is {}, not completed: {}", end.status, job["error"]["message"]);
    }

    println!("GET /v1/jobs/{id}/results");
    let results = api.results(&id)?;
    words::print_profiles(&results);
    check(&data, results)
}

/// Shows log lines as they come on a connection of their own, and the progress between them.
fn follow(api: &mut Api, address: SocketAddr, id: &str) -> Result<JobEnd> {
    let (send, shown) = mpsc::channel();
    std::thread::scope(|scope| {
        let stream = scope.spawn(move || stream_log(address, id, &send));
        show_until_closed(api, id, &shown)?;
        stream.join().map_err(|_| anyhow::anyhow!("the thread that follows the log panicked"))?
    })
}

fn stream_log(address: SocketAddr, id: &str, lines: &Sender<String>) -> Result<JobEnd> {
    // The receiver is there until the stream has ended.
    Api::connect(address)?.follow_to_end(id, |line| drop(lines.send(words::log_line(line))))
}

fn show_until_closed(api: &mut Api, id: &str, lines: &Receiver<String>) -> Result<()> {
    let (mut last_look, mut last_progress) = (Instant::now(), Value::Null);
    loop {
        match lines.recv_timeout(POLL) {
            Ok(line) => println!("{line}"),
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if last_look.elapsed() >= POLL {
            let progress = api.job(id)?["progress"].take();
            if progress != last_progress {
                println!("{}", words::progress_line(&progress));
                last_progress = progress;
            }
            last_look = Instant::now();
        }
    }
}

fn check(data: &std::path::Path, results: Vec<Value>) -> Result<()> {
    let file = data.join("expected.json");
    let expected: Value = serde_json::from_str(&fs::read_to_string(&file)?)?;
    let Comparison { compared, differences } = compare(&Value::Array(results), &expected);
    if !differences.is_empty() {
        bail!("the results differ from what Python's statistics computed:\n{}", differences.join("\n"));
    }
    println!("\nAll {compared} values agree with what Python's statistics computed of the same table");
    println!("(example-modules/csv-profile/data/expected.json, made by expected.py beside it).");
    Ok(())
}

fn data_folder(workspace: &Workspace) -> PathBuf {
    workspace.root.join("example-modules/csv-profile/data")
}
