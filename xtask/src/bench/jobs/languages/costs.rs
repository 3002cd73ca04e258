//! What one module costs on a running host.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::table::COLUMNS;
use crate::bench::report::{mean, median, milliseconds};
use crate::bench::stamps;
use crate::server::Api;

/// How often what is quick is measured.
const ROUNDS: usize = 101;
/// The same for adding, which sends and stores up to 22 MB, and for starts of the host.
pub(super) const ADDS: usize = 5;
const LINES: u64 = 10_000;
/// How often the mean of many starts is taken.
const STARTS: usize = 3;

/// The figures of one language.
#[derive(Default)]
pub(super) struct Costs {
    pub(super) build_s: f64,
    pub(super) component_mb: f64,
    pub(super) add_ms: f64,
    pub(super) add_again_ms: Vec<f64>,
    pub(super) first_job_ms: f64,
    pub(super) restart_job_ms: Vec<f64>,
    pub(super) start_ms: Vec<f64>,
    pub(super) job_ms: Vec<f64>,
    pub(super) job_memory_mib: f64,
    pub(super) lines_cpu_ms: Vec<f64>,
}

impl Costs {
    /// In the order of [`COLUMNS`], each time that it was measured.
    pub(super) fn runs(&self) -> [Vec<f64>; COLUMNS.len()] {
        [
            vec![self.build_s],
            vec![self.component_mb],
            vec![self.add_ms],
            self.add_again_ms.clone(),
            vec![self.first_job_ms],
            self.restart_job_ms.clone(),
            self.start_ms.clone(),
            vec![median(&self.job_ms)],
            vec![self.job_memory_mib],
            self.lines_cpu_ms.clone(),
        ]
    }
}

/// A job that does nothing.
pub(super) fn nothing(module: &str) -> Value {
    json!({"module_id": module, "inputs": {"behaviour": "log-many"}})
}

/// All figures but those of the build and of the host's starts.
#[expect(clippy::cast_precision_loss, reason = "a component is smaller than 2^53 bytes")]
pub(super) fn of(api: &mut Api, module: &str, component: &[u8]) -> Result<Costs> {
    let add_ms = add(api, component)?;
    let nothing = nothing(module);
    let first_job_ms = complete(api, &nothing)?.0;
    let mut costs = Costs { component_mb: component.len() as f64 / 1e6, add_ms, first_job_ms, ..Costs::default() };
    for _ in 0..ADDS {
        api.remove_module(&format!("{module}@0.1.0"))?;
        costs.add_again_ms.push(add(api, component)?);
    }
    for _ in 0..ROUNDS {
        let (time, id) = complete(api, &nothing)?;
        costs.job_ms.push(time);
        costs.job_memory_mib = costs.job_memory_mib.max(usage(api, &id, "peak_memory_bytes")? / f64::from(1 << 20));
    }
    for _ in 0..STARTS {
        costs.start_ms.push(start_ms(api, module)?);
    }
    let lines = json!({"module_id": module, "inputs": {"behaviour": "log-many", "count": LINES}});
    for _ in 0..ADDS {
        let id = complete(api, &lines)?.1;
        costs.lines_cpu_ms.push(usage(api, &id, "cpu_time_ms")?);
    }
    Ok(costs)
}

/// How many milliseconds it takes.
fn add(api: &mut Api, component: &[u8]) -> Result<f64> {
    let start = Instant::now();
    api.add_module(component)?;
    Ok(milliseconds(start.elapsed()))
}

/// Milliseconds from the start to the end at the client, and the job's id.
pub(super) fn complete(api: &mut Api, job: &Value) -> Result<(f64, String)> {
    let start = Instant::now();
    let id = api.start_job(job.to_string().as_bytes())?;
    let end = api.follow_to_end(&id, |_| {})?;
    let time = milliseconds(start.elapsed());
    end.ensure_completed(&id)?;
    Ok((time, id))
}

/// Mean milliseconds from the moment in which a job was claimed to its first line.
///
/// A job's stamp and its line's are whole milliseconds of the same clock, cut off alike, so that the mean of many
/// differences is right to a few hundredths. The stamp is from before the claim was stored; how long storing it took, the
/// host tells.
fn start_ms(api: &mut Api, module: &str) -> Result<f64> {
    let job = json!({"module_id": module, "inputs": {"behaviour": "log-many", "count": 1}});
    let before = api.metrics()?;
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let id = api.start_job(job.to_string().as_bytes())?;
        let mut line = Value::Null;
        let end = api.follow_to_end(&id, |next| line = next["time"].clone())?;
        end.ensure_completed(&id)?;
        let stamp = |stamp: &Value| stamps::parse(stamp.as_str().with_context(|| format!("job {id} has no stamp"))?);
        let claimed = stamp(&api.job(&id)?["started_at"])?;
        times.push(milliseconds(stamp(&line)?.duration_since(claimed).unwrap_or(Duration::ZERO)));
    }
    let claim_s = api.metrics()?.mean_since(&before, "cofferdam_claim_seconds").0;
    Ok(mean(&times) - claim_s * 1000.0)
}

fn usage(api: &mut Api, id: &str, what: &str) -> Result<f64> {
    let job = api.job(id)?;
    job["usage"][what].as_f64().with_context(|| format!("a job without usage.{what}: {job}"))
}
