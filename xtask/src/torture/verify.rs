//! Holds what clients were told against what is stored in the end.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::Value;

use super::ledger::{Ledger, Told};
use super::load::number;
use super::nodes::Nodes;
use crate::server::Api;

/// How long the jobs may take to end once nothing breaks any more.
const PATIENCE: Duration = Duration::from_mins(2);

/// What there was, and what should not have been.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) jobs: usize,
    pub(super) attempts: usize,
    pub(super) results: usize,
    pub(super) lines: usize,
    pub(super) stops: usize,
    /// Checkpoints, lines and ends that clients saw on the way.
    pub(super) observations: usize,
    pub(super) violations: Vec<String>,
}

/// Waits for every job's end, then checks them all.
pub(super) fn check(nodes: &Nodes, ledger: Ledger) -> Result<Findings> {
    nodes.client(|api| {
        let mut findings = Findings::default();
        wait_for_the_ends(api, &mut findings)?;
        let told = ledger.close();
        findings.check_tags(api, &told)?;
        for (id, told) in &told {
            findings.check_job(api, id, told)?;
        }
        Ok(findings)
    })
}

fn wait_for_the_ends(api: &mut Api, findings: &mut Findings) -> Result<()> {
    let start = Instant::now();
    loop {
        let jobs = api.status()?["jobs"].clone();
        let left = number(&jobs, "pending")? + number(&jobs, "running")?;
        if left == 0 {
            return Ok(());
        }
        if start.elapsed() > PATIENCE {
            findings.violations.push(format!("{left} jobs have not ended"));
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}

impl Findings {
    fn violated(&mut self, id: &str, what: impl std::fmt::Display) {
        self.violations.push(format!("job {id}: {what}"));
    }

    /// No job is there twice, and each that was answered is there.
    fn check_tags(&mut self, api: &mut Api, told: &HashMap<String, Told>) -> Result<()> {
        let (mut found, mut query) = (HashMap::<u64, Vec<String>>::new(), String::new());
        loop {
            let page = api.get(&format!("/v1/jobs?limit=500{query}"))?;
            for job in page["jobs"].as_array().into_iter().flatten() {
                let id = job["id"].as_str().unwrap_or_default().to_owned();
                found.entry(number(&job["inputs"], "padding_bytes")?).or_default().push(id);
            }
            match page["next_cursor"].as_str() {
                Some(cursor) => query = format!("&cursor={cursor}"),
                None => break,
            }
        }
        for (tag, ids) in found.iter().filter(|(_, ids)| ids.len() > 1) {
            self.violations.push(format!("the job with tag {tag} is there {} times: {ids:?}", ids.len()));
        }
        for (id, told) in told {
            if found.get(&told.tag).is_none_or(|ids| !ids.contains(id)) {
                self.violated(id, "was answered 201 and is lost");
            }
        }
        self.jobs = told.len();
        Ok(())
    }

    fn check_job(&mut self, api: &mut Api, id: &str, told: &Told) -> Result<()> {
        // A lost job was counted already.
        let Ok(view) = api.job(id) else { return Ok(()) };
        let attempts = number(&view, "attempt")?;
        self.attempts += usize::try_from(attempts)?;
        let status = view["status"].as_str().unwrap_or_default();
        self.check_end(id, told, &view, status);
        let results = all(api, &format!("/v1/jobs/{id}/results"), "results")?;
        self.check_results(id, told, status, &results);
        let log = all(api, &format!("/v1/jobs/{id}/logs"), "lines")?;
        self.check_log(id, told, &log);
        if number(&view, "last_log_seq")? != log.len() as u64 {
            self.violated(id, format_args!("has {} log lines and says {}", log.len(), view["last_log_seq"]));
        }
        Ok(())
    }

    /// An end that was told is the end, unless somebody resumed the job.
    fn check_end(&mut self, id: &str, told: &Told, view: &Value, status: &str) {
        if !matches!(status, "completed" | "stopped") {
            self.violated(id, format_args!("is {status}: {}", view["error"]));
        }
        if let Some(end) = &told.end {
            self.observations += 1;
            if end != status && !told.resumed {
                self.violated(id, format_args!("was told to be {end} and is {status}"));
            }
        }
        if let Some(stopped) = told.stop {
            self.stops += 1;
            if stopped && !told.resumed && status != "stopped" {
                self.violated(id, format_args!("was answered as stopped and is {status}"));
            }
        }
        if told.goes_on && status != "completed" {
            self.violated(id, format_args!("was resumed and is {status}"));
        }
    }

    /// They are 1 … n, each once, and attempts only grow: nothing of a former attempt came after it.
    fn check_results(&mut self, id: &str, told: &Told, status: &str, results: &[Value]) {
        self.results += results.len();
        let numbers: Vec<u64> = results.iter().filter_map(|row| row["data"]["n"].as_u64()).collect();
        let is_each_once = numbers.iter().copied().eq(1..=results.len() as u64);
        if !is_each_once || status == "completed" && numbers.len() as u64 != told.to {
            self.violated(id, format_args!("counts to {} and has the results {numbers:?}", told.to));
        }
        if results.windows(2).any(|two| two[0]["attempt"].as_u64() > two[1]["attempt"].as_u64()) {
            self.violated(id, "has a result of a former attempt after one of a later attempt");
        }
    }

    /// Its numbers are 1, 2, 3 …, what was shown is in it, and no attempt went on from before a checkpoint that was
    /// shown.
    fn check_log(&mut self, id: &str, told: &Told, log: &[Value]) {
        self.lines += log.len();
        if !log.iter().filter_map(|line| line["seq"].as_u64()).eq(1..=log.len() as u64) {
            self.violated(id, "has a hole or a repeat in its log");
        }
        if log.windows(2).any(|two| two[0]["attempt"].as_u64() > two[1]["attempt"].as_u64()) {
            self.violated(id, "has a line of a former attempt after one of a later attempt");
        }
        if let Some((seq, message)) = &told.line {
            self.observations += 1;
            let stored = log.iter().find(|line| line["seq"].as_u64() == Some(*seq));
            if stored.is_none_or(|line| line["message"] != message.as_str()) {
                self.violated(id, format_args!("showed line {seq} `{message}`, and has {stored:?}"));
            }
        }
        if let Some((n, attempt)) = told.checkpoint {
            self.observations += 1;
            for line in log.iter().filter(|line| line["attempt"].as_u64() > Some(attempt)) {
                let from = line["message"].as_str().and_then(|message| message.split_once(" goes on after "));
                if from.is_some_and(|(_, from)| from.parse::<u64>().is_ok_and(|from| from < n)) {
                    self.violated(id, format_args!("showed checkpoint {n}, and then: {}", line["message"]));
                }
            }
        }
    }
}

/// Every row of a list, page by page.
fn all(api: &mut Api, path: &str, rows: &str) -> Result<Vec<Value>> {
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let mut page = api.get(&format!("{path}?after={after}&limit=1000"))?;
        let Some(Value::Array(found)) = page.get_mut(rows).map(Value::take) else { return Ok(all) };
        if found.is_empty() {
            return Ok(all);
        }
        all.extend(found);
        after = number(&page, "next_after")?;
    }
}
