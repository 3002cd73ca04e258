//! How things look on the terminal.

use std::net::SocketAddr;
use std::path::Path;

use serde_json::Value;

use crate::table::Table;

/// A line of the log.
pub(super) fn log_line(line: &Value) -> String {
    let time = line["time"].as_str().and_then(|time| time.split('T').nth(1)).unwrap_or_default();
    let number = line["seq"].to_string();
    let (level, message) = (line["level"].as_str().unwrap_or_default(), line["message"].as_str().unwrap_or_default());
    format!("  {number:>4}  {time}  {level:<5} {message}")
}

/// How far the job is.
pub(super) fn progress_line(progress: &Value) -> String {
    let (Some(done), Some(total)) = (progress["done"].as_u64(), progress["total"].as_u64()) else {
        return "        progress: none yet".to_owned();
    };
    format!("        progress: {done} of {total} ({} %)", done * 100 / total.max(1))
}

/// How the job ended.
pub(super) fn end_line(job: &Value) -> String {
    let (status, usage) = (job["status"].as_str().unwrap_or_default(), &job["usage"]);
    format!(
        "  {status} in {} ms, {} ms of them CPU, {} KiB of memory at most, {} log lines, {} results\n{}",
        usage["run_time_ms"],
        usage["cpu_time_ms"],
        usage["peak_memory_bytes"].as_u64().unwrap_or_default() / 1024,
        job["last_log_seq"],
        job["results"],
        progress_line(&job["progress"]),
    )
}

/// One row a column of the table that was profiled.
pub(super) fn print_profiles(results: &[Value]) {
    let mut table =
        Table::new(&["column", "type", "rows", "gaps", "distinct", "minimum", "mean", "maximum", "deviation"]);
    for profile in results {
        let numbers = &profile["numbers"];
        let distinct = &profile["distinct"]["count"];
        let cells = [&profile["column"], &profile["type"], &profile["rows"], &profile["gaps"], distinct];
        let figures = [&profile["minimum"], &numbers["mean"], &profile["maximum"], &numbers["standard_deviation"]];
        table.row(cells.into_iter().chain(figures).map(cell));
    }
    print!("{table}");
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_f64() => format!("{:.3}", number.as_f64().unwrap_or_default()),
        other => other.to_string(),
    }
}

/// What a person may do while the host stays up.
pub(super) fn print_what_to_try(binary: &Path, address: SocketAddr) {
    let binary = binary.display();
    println!(
        "\nThe host stays up until Ctrl-C. In another terminal:\n
  curl http://{address}/v1/status
  curl http://{address}/v1/jobs --json '{{\"module_id\": \"hello\", \"inputs\": {{\"name\": \"Ada\"}}}}'
  curl --no-buffer http://{address}/v1/jobs/JOB_ID/logs/stream

  export COFFERDAM_SERVER=http://{address}
  {binary} module list
  job=$({binary} job start prime-count --inputs '{{\"limit\": 100000000000}}')
  {binary} job logs --follow $job
  {binary} job stop $job
  {binary} job resume $job"
    );
}
