//! Clients that start, watch, stop and resume counting jobs, and write down what they are told.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::ledger::{Ledger, Told};
use super::nodes::Nodes;
use crate::server::Api;

/// Looks at one job before the client goes on to the next.
const LOOKS: usize = 6;

/// What the clients share.
#[derive(Default)]
pub(super) struct Load {
    pub(super) is_over: AtomicBool,
    tags: AtomicU64,
}

impl Load {
    /// One client, until the load is over. A request that fails says nothing: it may have been heard or not.
    pub(super) fn run(&self, nodes: &Nodes, ledger: &Ledger, seed: u64) {
        let mut random = fastrand::Rng::with_seed(seed);
        while !self.is_over.load(Ordering::SeqCst) {
            if self.one_job(nodes, ledger, &mut random).is_err() {
                sleep(Duration::from_millis(20));
            }
        }
    }

    fn one_job(&self, nodes: &Nodes, ledger: &Ledger, random: &mut fastrand::Rng) -> Result<()> {
        let tag = self.tags.fetch_add(1, Ordering::SeqCst);
        let to = random.u64(1..40);
        let inputs = json!({ "behaviour": "count", "to": to, "pause_ms": random.u64(..60), "padding_bytes": tag });
        let body = json!({ "module_id": "hostile", "inputs": inputs });
        let id = any(nodes, random)?.start_job(body.to_string().as_bytes())?;
        ledger.open(id.clone(), Told { tag, to, ..Told::default() });
        let stops = random.u32(..100) < 15;
        for look in 0..LOOKS {
            sleep(Duration::from_millis(random.u64(..120)));
            if stops && look == LOOKS / 2 {
                // The client that was to hear the answer may be cut off; then it knows nothing.
                drop(stop(nodes, ledger, random, &id));
            }
            if observe(nodes, ledger, random, &id).unwrap_or(false) {
                break;
            }
        }
        Ok(())
    }
}

fn any(nodes: &Nodes, random: &mut fastrand::Rng) -> Result<Api> {
    Api::connect(nodes.address(random.usize(..nodes.len())).context("that node is down")?)
}

/// Looks at a job and what it has saved; answers whether it has ended.
fn observe(nodes: &Nodes, ledger: &Ledger, random: &mut fastrand::Rng, id: &str) -> Result<bool> {
    let mut api = any(nodes, random)?;
    if let Ok(stored) = api.get(&format!("/v1/jobs/{id}/checkpoint"))
        && let Some(n) = stored["checkpoint"]["n"].as_u64()
    {
        // The attempt is asked for afterwards: whichever follows it started from this checkpoint or a later one.
        let attempt = number(&api.job(id)?, "attempt")?;
        ledger.change(id, |told| told.checkpoint = Some((n, attempt)));
    }
    let view = api.job(id)?;
    let after = number(&view, "last_log_seq")?.saturating_sub(1);
    let page = api.get(&format!("/v1/jobs/{id}/logs?after={after}&limit=1"))?;
    if let Some(line) = page["lines"].as_array().and_then(|lines| lines.first()) {
        let seen = (number(line, "seq")?, line["message"].as_str().unwrap_or_default().to_owned());
        ledger.change(id, |told| told.line = Some(seen));
    }
    let status = view["status"].as_str().unwrap_or_default();
    let has_ended = !matches!(status, "pending" | "running");
    if has_ended {
        ledger.change(id, |told| told.end = Some(status.to_owned()));
    }
    Ok(has_ended)
}

fn stop(nodes: &Nodes, ledger: &Ledger, random: &mut fastrand::Rng, id: &str) -> Result<()> {
    let answer = any(nodes, random)?.stop_and_wait(id)?;
    let stopped = answer["stopped"] == true && answer["status"] == "stopped";
    ledger.change(id, |told| told.stop = Some(stopped));
    if stopped && random.bool() {
        ledger.change(id, |told| told.resumed = true);
        any(nodes, random)?.resume(id)?;
        ledger.change(id, |told| told.goes_on = true);
    }
    Ok(())
}

pub(super) fn number(value: &Value, field: &str) -> Result<u64> {
    value[field].as_u64().with_context(|| format!("`{field}` is no number in {value}"))
}
