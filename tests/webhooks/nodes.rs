//! Several nodes, one delivery: whoever sends it, and whoever dies over it.

use std::collections::BTreeSet;

use cofferdam_test_postgres::Cluster;
use serde_json::json;
use tempfile::TempDir;

use super::receiver::{Answer, Got, Receiver, all_signed_with};
use super::views::{HERE, Hook, short_job};
use crate::harness::{Host, eventually};

/// Some nodes, and the folder with their key.
fn nodes(count: usize) -> (Vec<Host>, TempDir) {
    let database = format!("database={}", Cluster::shared().create_database());
    let folder = tempfile::tempdir().expect("a folder");
    // All nodes need the same key.
    let key = format!("secrets.key_file={}", folder.path().join("secrets.key").display());
    let settings: Vec<_> = HERE.iter().copied().chain([database.as_str(), "node.lease=3s", &key]).collect();
    ((0..count).map(|_| Host::with(&settings)).collect(), folder)
}

#[test]
fn many_nodes_tell_of_each_end_once() {
    let (hosts, _key) = nodes(3);
    let receiver = Receiver::open();
    let hook = Hook::to(&hosts[0], &receiver.url());
    let jobs: Vec<_> = (0..60).map(|at| short_job(&hosts[at % 3])).collect();
    for job in &jobs {
        assert_eq!(hook.knows(job).attempts, 1);
    }
    let got = receiver.got();
    let ids: BTreeSet<_> = got.iter().map(Got::id).collect();
    assert_eq!((got.len(), ids.len()), (60, 60));
    all_signed_with(&hook.secret, &got);
}

#[test]
fn what_a_node_was_sending_when_it_died_is_sent_by_another() {
    let (mut hosts, _key) = nodes(1);
    let receiver = Receiver::open();
    receiver.answers(Answer::Silence);
    let hook = Hook::to(&hosts[0], &receiver.url());
    let job = hosts[0].hostile(json!({ "behaviour": "count", "to": 1 }));
    job.ended();
    receiver.gets(1);
    let database = hosts[0].setting("database=");
    let key = hosts[0].setting("secrets.key_file=");
    let settings: Vec<_> = HERE.iter().copied().chain([database.as_str(), "node.lease=3s", &key]).collect();
    let other = Host::with(&settings);
    hosts[0].kill();
    receiver.answers(Answer::Status(200));
    let path = hook.path("/deliveries");
    let told = eventually("another node has told it", || {
        let page: super::views::Deliveries = other.get(&path).read(200);
        page.deliveries.into_iter().find(|told| told.state == "delivered")
    });
    let got = receiver.got();
    assert!(got.iter().all(|got| got.id() == told.event_id), "{got:?}");
    assert_eq!(u32::try_from(got.len()).ok(), Some(told.attempts));
    all_signed_with(&hook.secret, &got);
}
