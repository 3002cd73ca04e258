//! A log line that a follower saw is stored, and a follower that reconnects sees neither hole nor repeat.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use rustix::process::Signal;
use serde_json::json;

use super::ledger::dense_log;
use crate::harness::{Host, Job, LogLine, Message};

/// The lines that a follower was shown, by their numbers.
type Shown = BTreeMap<u64, LogLine>;

/// Follows the log after `after` until the connection breaks.
fn follow(job: &Job, after: u64) -> Shown {
    let (messages, _) = job.web_socket(&format!("batch=true&after={after}")).read_to_end();
    let mut shown = Shown::new();
    for (message, seq) in messages.into_iter().zip(after + 1..) {
        let Message::Log(line) = message else { panic!("{message:?} before the end of the job") };
        assert_eq!(line.seq, seq, "a hole or a repeat while following");
        shown.insert(seq, line);
    }
    shown
}

#[test]
fn what_a_follower_saw_before_a_kill_is_stored_after_it() {
    let mut host = Host::start();
    // It saves checkpoints: a job that was there at so many crashes without one would be taken for their cause.
    let job = host.hostile(json!({ "behaviour": "count", "to": 10_000_000 }));
    let mut shown = Shown::new();
    for kill in 1..=5_u64 {
        let last = shown.last_key_value().map_or(0, |(seq, _)| *seq);
        job.until("it logs on", |job| job.last_log_seq > last + 100);
        let follower = thread::spawn({
            let job = job.clone();
            move || follow(&job, last)
        });
        thread::sleep(Duration::from_millis(100 + kill * 31));
        host.signal(Signal::KILL);
        let more = follower.join().expect("the follower saw no hole");
        assert!(!more.is_empty(), "the follower saw nothing between two kills");
        shown.extend(more);
        host.kill();
        host.start_again();
    }
    job.until("it runs again", |job| job.attempt == 6);
    job.stop_and_wait();
    let stored = dense_log(&job);
    for (seq, line) in &shown {
        let at = usize::try_from(seq - 1).expect("a short log");
        assert_eq!(stored.get(at), Some(line), "what was shown is not what is stored");
    }
    assert!(shown.len() > 300, "only {} lines were shown", shown.len());
}
