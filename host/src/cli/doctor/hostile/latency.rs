//! How long the API takes to answer, and how much memory guests have, while all this goes on.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::visit::Visit;
use crate::cli::client::StatusView;
use crate::cli::client::api::read;

/// The pause between two questions.
const PAUSE: Duration = Duration::from_millis(20);

/// The times of many answers to `GET /v1/status`.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(super) struct Latency {
    pub(super) answers: usize,
    /// Questions without an answer.
    pub(super) failed: usize,
    pub(super) p50_ms: f64,
    pub(super) p99_ms: f64,
    pub(super) max_ms: f64,
    /// The most memory that guests had at any of these moments.
    pub(super) guest_memory_peak_bytes: u64,
}

/// Asks until told that it is enough.
pub(super) fn sample(visit: &Visit, is_over: &AtomicBool) -> Latency {
    let (mut times, mut failed, mut peak) = (Vec::new(), 0, 0);
    while !is_over.load(Ordering::Relaxed) {
        let asked = Instant::now();
        match visit.client.status() {
            Ok(status) => {
                times.push(asked.elapsed());
                peak = peak.max(read(&status).map_or(0, |status| guest_memory(&status)));
            }
            Err(_) => failed += 1,
        }
        thread::sleep(PAUSE);
    }
    Latency { failed, guest_memory_peak_bytes: peak, ..of(times) }
}

/// Memory of all guests of all nodes.
pub(super) fn guest_memory(status: &StatusView) -> u64 {
    status.nodes.iter().map(|node| node.guest_memory_bytes).sum()
}

fn of(mut times: Vec<Duration>) -> Latency {
    times.sort_unstable();
    let at = |hundredths: usize| {
        let index = (times.len() * hundredths).div_ceil(100).saturating_sub(1);
        times.get(index).map_or(0.0, |time| (time.as_secs_f64() * 100_000.0).round() / 100.0)
    };
    Latency { answers: times.len(), p50_ms: at(50), p99_ms: at(99), max_ms: at(100), ..Latency::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_times_that_were_measured() {
        let latency = of((1..=200).rev().map(Duration::from_millis).collect());
        let right = Latency { answers: 200, p50_ms: 100.0, p99_ms: 198.0, max_ms: 200.0, ..Latency::default() };
        assert_eq!(latency, right);
        assert_eq!(of(Vec::new()), Latency::default());
    }
}
