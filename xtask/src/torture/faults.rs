//! What goes wrong, and when: a seed decides.

use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::Result;
use cofferdam_test_postgres::Cluster;
use rustix::process::Signal;

use super::nodes::{LEASE_S, Nodes};

/// How many faults of each kind there were.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) kills: usize,
    pub(super) freezes: usize,
    pub(super) ends: usize,
    pub(super) databases: usize,
}

impl Counts {
    pub(super) const fn all(&self) -> usize {
        self.kills + self.freezes + self.ends + self.databases
    }
}

/// Causes faults until the time is over; everything runs again when this returns.
pub(super) fn cause(nodes: &Nodes, cluster: Option<&Cluster>, time: Duration, seed: u64) -> Result<Counts> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut counts = Counts::default();
    let start = Instant::now();
    while start.elapsed() < time {
        sleep(Duration::from_millis(random.u64(150..1000)));
        let node = random.usize(..nodes.len());
        match (random.u32(..100), cluster) {
            (0..2, Some(cluster)) => {
                cluster.kill();
                sleep(Duration::from_millis(random.u64(..2000)));
                cluster.start_again();
                counts.databases += 1;
            }
            (2..4, Some(_)) => {
                if let Some(server) = nodes.take(node) {
                    server.signal(Signal::STOP)?;
                    sleep(Duration::from_secs(LEASE_S + random.u64(1..3)));
                    server.signal(Signal::CONT)?;
                    nodes.give_back(node, server);
                    counts.freezes += 1;
                }
            }
            (4..12, _) => {
                if let Some(server) = nodes.take(node) {
                    server.stop()?;
                    counts.ends += 1;
                }
                nodes.start_again(node)?;
            }
            _ => {
                // Dropping kills, and waits for the death.
                drop(nodes.take(node));
                counts.kills += 1;
                nodes.start_again(node)?;
            }
        }
    }
    Ok(counts)
}
