//! Hosts that share a database.

use std::time::Duration;

use cofferdam_test_postgres::Cluster;
use serde_json::json;

use crate::harness::{Host, Job};

/// A lease short enough to wait for; its nodes stop by themselves after 13 fifteenths of it.
pub(super) const LEASE: Duration = Duration::from_secs(3);

/// Hosts on a database of their own.
pub(super) struct Nodes {
    pub(super) hosts: Vec<Host>,
    url: String,
}

impl Nodes {
    #[track_caller]
    pub(super) fn start(count: usize) -> Self {
        let url = Cluster::shared().create_database();
        let hosts = (0..count).map(|_| node(&url)).collect();
        Self { hosts, url }
    }

    /// One that joins those on this database.
    #[track_caller]
    pub(super) fn joining(url: &str) -> Self {
        Self { hosts: vec![node(url)], url: url.to_owned() }
    }

    /// Another one joins.
    pub(super) fn join(&mut self) {
        self.hosts.push(node(&self.url));
    }

    /// A job as another node shows it.
    pub(super) fn seen_from(&self, host: usize, job: &Job) -> Job {
        self.hosts[host].job(&job.show().id)
    }

    pub(super) fn sql(&self, sql: &str) -> String {
        Cluster::shared().query(&self.url, sql)
    }

    /// Where a job runs, as the index of the host.
    #[track_caller]
    pub(super) fn runs_on(&self, job: &Job) -> usize {
        let node = job.show().node.expect("it runs somewhere");
        let own = |host: &Host| host.stderr().contains(&node);
        self.hosts.iter().position(own).expect("each host says which node it is")
    }
}

pub(super) fn node(url: &str) -> Host {
    Host::with(&[&format!("database={url}"), &format!("node.lease={}s", LEASE.as_secs())])
}

/// A job that counts, and takes about so long.
pub(super) fn counting(host: &Host, to: u64, pause_ms: u64) -> Job {
    host.hostile(json!({ "behaviour": "count", "to": to, "pause_ms": pause_ms }))
}
