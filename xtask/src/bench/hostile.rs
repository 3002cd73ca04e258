//! Every hostile guest at once beside honest jobs, and what that does to the host.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::report::{Figure, Report};
use super::stage::Stage;
use super::usage::{Memory, memory_mib};
use crate::process::say;
use crate::server::{Api, Server};
use crate::table::Table;

/// What guests may have together.
const GUESTS_MIB: f64 = 3072.0;
/// What the host may take besides: its own data, what is under way to the database, and what calls copy.
const HOST_MIB: f64 = 1024.0;
/// More than there are rows: all run at the same time.
const AT_ONCE: &str = "128";
/// Behaviours of the Rust guest that take most of what they can get; each runs again and again beside the table.
const RUST: [&str; 6] =
    ["spin", "flood_log", "fill_memory", "ignore_stop_request", "flood_stdout", "eat_memory_and_return"];
const STAY: Duration = Duration::from_millis(100);
/// How long memory may take to come back after a job's end.
const GIVEN_BACK: Duration = Duration::from_secs(2);

/// Runs the table against a host of its own; adds its figures, and how each guest ended.
pub(super) fn measure(stage: &Stage<'_>, report: &mut Report) -> Result<()> {
    say("bench: every hostile guest at once, beside honest jobs");
    let server = stage.host(report, &[&format!("node.guest_memory={GUESTS_MIB}MiB")])?;
    stage.connect(&server, &["hostile"])?;
    let is_over = AtomicBool::new(false);
    let (visit, others) = thread::scope(|scope| {
        let others = scope.spawn(|| keep_busy(&server, &is_over));
        let visit = visit(stage.binary, &server);
        is_over.store(true, Ordering::Relaxed);
        (visit, others.join())
    });
    let lines = visit?;
    let others = others.map_err(|_| anyhow::anyhow!("the Rust guests were not watched to their end"))??;
    let peak = memory_mib(server.pid(), Memory::Peak)?;
    let left = memory_left(&server)?;
    server.stop().context("after the hostile guests")?;
    let (summary, rows) = lines.split_last().context("the doctor says how it went")?;
    add_figures(report, summary, (peak, left), others);
    report.note(table(rows)?.to_string());
    Ok(())
}

/// What guests hold once all have ended. The doctor cannot tell: when it ends, the Rust guests still run.
fn memory_left(server: &Server) -> Result<f64> {
    let mut api = Api::connect(server.address())?;
    let since = Instant::now();
    loop {
        let left = api.get("/v1/status")?.pointer("/nodes/0/guest_memory_bytes").and_then(Value::as_f64);
        let left = left.context("the status has no memory of guests")?;
        if left <= 0.0 || since.elapsed() > GIVEN_BACK {
            return Ok(left);
        }
        thread::sleep(STAY);
    }
}

/// Starts the Rust guests again and again, and stops them; gives how many there were.
fn keep_busy(server: &Server, is_over: &AtomicBool) -> Result<u32> {
    let mut api = Api::connect(server.address())?;
    let mut count = 0;
    while !is_over.load(Ordering::Relaxed) {
        let start = |behaviour: &&str| {
            let job = serde_json::json!({
                "module_id": "hostile", "inputs": { "behaviour": behaviour },
                "stop_grace": "300ms", "max_duration": "1s",
            });
            api.start_job(job.to_string().as_bytes())
        };
        let jobs = RUST.iter().map(start).collect::<Result<Vec<_>>>()?;
        for job in jobs {
            while matches!(api.job(&job)?["status"].as_str(), Some("pending" | "running")) {
                thread::sleep(STAY);
            }
            count += 1;
        }
    }
    Ok(count)
}

fn visit(binary: &Path, server: &Server) -> Result<Vec<Value>> {
    let mut doctor = Command::new(binary);
    doctor.args(["doctor", "--hostile", "--json", "--at-once", AT_ONCE]);
    doctor.env("COFFERDAM_SERVER", format!("http://{}", server.address())).stderr(Stdio::inherit());
    let output = doctor.output().context("cannot start the doctor")?;
    let text = String::from_utf8(output.stdout).context("the doctor prints JSON")?;
    let lines: Vec<Value> = text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    if !output.status.success() {
        let wrong: Vec<_> = lines.iter().filter(|line| line["ok"] != true).collect();
        bail!("not everything was as it should be: {wrong:#?}");
    }
    Ok(lines)
}

fn add_figures(report: &mut Report, summary: &Value, (peak_mib, left_bytes): (f64, f64), others: u32) {
    let number = |path: &str| summary.pointer(path).and_then(Value::as_f64).unwrap_or(f64::NAN);
    let rows = number("/rows_ok");
    report.add(Figure::gain("hostile_rows", "hostile modules at once, each ended as it should", "modules", vec![rows]));
    let beside = "jobs of the Rust guest beside hostile modules";
    report.add(Figure::gain("hostile_rust", beside, "jobs", vec![f64::from(others)]));
    let honest = number("/honest_jobs/completed");
    report.add(Figure::gain(
        "hostile_honest",
        "honest jobs beside hostile modules, all completed",
        "jobs",
        vec![honest],
    ));
    let figures = [
        ("hostile_honest_slowest", "slowest twenty of the honest jobs", number("/honest_jobs/longest_ms"), "ms", None),
        ("hostile_p50_ms", "GET /v1/status beside hostile modules, p50", number("/status_latency/p50_ms"), "ms", None),
        (
            "hostile_p99_ms",
            "GET /v1/status beside hostile modules, p99",
            number("/status_latency/p99_ms"),
            "ms",
            Some(250.0),
        ),
        (
            "hostile_max_ms",
            "GET /v1/status beside hostile modules, slowest",
            number("/status_latency/max_ms"),
            "ms",
            None,
        ),
        (
            "hostile_memory_peak_mib",
            "resident memory with hostile modules, at its peak",
            peak_mib,
            "MiB",
            Some(GUESTS_MIB + HOST_MIB),
        ),
        ("hostile_memory_left_bytes", "guest memory after hostile modules", left_bytes, "B", Some(0.0)),
        ("hostile_took_s", "until everything had ended and was removed", number("/took_ms") / 1000.0, "s", None),
    ];
    for (key, what, value, unit, goal) in figures {
        report.add(Figure::cost(key, what, unit, vec![value]).goal(goal));
    }
}

/// How long each took to its end.
fn table(rows: &[Value]) -> Result<Table> {
    let mut table = Table::new(&["behaviour", "took", "ended"]);
    for row in rows {
        let text = |key: &str| row[key].as_str().with_context(|| format!("a row without {key}: {row}"));
        table.row([text("behaviour")?.to_owned(), format!("{} ms", row["took_ms"]), text("seen")?.to_owned()]);
    }
    Ok(table)
}
