//! Stop requests raced against completions, on hosts where nothing else breaks: whoever comes first decides, once, and
//! the answer says who it was.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::nodes::Nodes;
use crate::server::Api;

/// Jobs that are raced.
pub(super) const RACES: usize = 10_000;
const RACERS: u64 = 16;
/// With so many racers at once, the job takes about half of this: the stop comes before, at, or after its end.
const HEAD_START_US: u64 = 40_000;
/// Counts to two, with a breath between.
const JOB: &str = r#"{"module_id": "hostile", "inputs": {"behaviour": "count", "to": 2, "pause_ms": 1}}"#;

/// What the races came to.
#[derive(Default)]
pub(super) struct Races {
    pub(super) stopped: usize,
    pub(super) completed: usize,
    pub(super) violations: Vec<String>,
}

/// One race as its racer saw it.
struct Race {
    id: String,
    answer: Value,
    stored: Value,
}

/// Races them all, then looks at each job once more.
pub(super) fn run(nodes: &Nodes, seed: u64) -> Result<Races> {
    let started = AtomicUsize::new(0);
    let all = thread::scope(|scope| {
        let started = &started;
        let racers: Vec<_> =
            (0..RACERS).map(|number| scope.spawn(move || race(nodes, started, seed, number))).collect();
        let mut all = Vec::new();
        for racer in racers {
            let Ok(raced) = racer.join() else { bail!("a thread that races panicked") };
            all.extend(raced?);
        }
        Ok(all)
    })?;
    let mut races = Races::default();
    nodes.client(|api| all.iter().try_for_each(|race| races.check(race, &api.job(&race.id)?)))?;
    Ok(races)
}

fn race(nodes: &Nodes, started: &AtomicUsize, seed: u64, number: u64) -> Result<Vec<Race>> {
    let mut random = fastrand::Rng::with_seed(seed.wrapping_add(number));
    let node = usize::try_from(number)? % nodes.len();
    let mut api = Api::connect(nodes.address(node).context("the node is down")?)?;
    let mut races = Vec::new();
    while started.fetch_add(1, Ordering::Relaxed) < RACES {
        let id = api.start_job(JOB.as_bytes())?;
        thread::sleep(Duration::from_micros(random.u64(..HEAD_START_US)));
        let answer = api.stop_and_wait(&id)?;
        let stored = api.job(&id)?;
        races.push(Race { id, answer, stored });
    }
    Ok(races)
}

impl Races {
    fn check(&mut self, race: &Race, later: &Value) -> Result<()> {
        let Race { id, answer, stored } = race;
        let status = stored["status"].as_str().context("a job has a status")?;
        match status {
            "stopped" => self.stopped += 1,
            "completed" => self.completed += 1,
            other => self.violations.push(format!("job {id} is {other} after a race")),
        }
        if answer["status"] != status || answer["stopped"] != Value::Bool(status == "stopped") {
            self.violations.push(format!("job {id}: the answer {answer} is not what is stored: {stored}"));
        }
        if later != stored {
            self.violations.push(format!("job {id} changed after its end: {stored}, then {later}"));
        }
        if later["attempt"].as_u64() > Some(1) {
            self.violations.push(format!("job {id} ran more than once: {later}"));
        }
        Ok(())
    }
}
