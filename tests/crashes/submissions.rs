//! A job that was answered 201 is there after any crash, and no job is there twice.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Client, Guest, Host, Request, Status};

/// What the clients know.
#[derive(Default)]
struct Clients {
    asked: AtomicU64,
    answered: Mutex<Vec<String>>,
    are_done: AtomicBool,
}

impl Clients {
    fn answered(&self) -> MutexGuard<'_, Vec<String>> {
        self.answered.lock().expect("no client panics while it holds it")
    }

    /// Starts jobs one after another, each with a name of its own, and keeps the ids that were answered.
    fn submit(&self, client: &Client) {
        while !self.are_done.load(Ordering::SeqCst) {
            let name = self.asked.fetch_add(1, Ordering::SeqCst).to_string();
            let body = json!({ "module_id": "hello", "inputs": { "name": name } });
            match client.try_send(Request::new("POST", "/v1/jobs").json(&body)) {
                Ok(answer) => {
                    let job: Value = answer.read(201);
                    self.answered().push(job["id"].as_str().expect("a job has an id").to_owned());
                }
                // The host is dead or dying: whether the job was stored is unknown, as for every client.
                Err(_) => thread::sleep(Duration::from_millis(20)),
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
}

#[test]
fn what_was_answered_is_there_after_ten_kills() {
    let mut host = Host::start();
    host.has(Guest::Hello);
    let clients = Clients::default();
    let client = Client::clone(&host);
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| clients.submit(&client));
        }
        for kill in 1..=10_usize {
            let enough = clients.answered().len() + 10;
            crate::harness::eventually("clients are answered", || (clients.answered().len() >= enough).then_some(()));
            thread::sleep(Duration::from_millis(kill as u64 * 13 % 37));
            host.kill();
            host.start_again();
        }
        clients.are_done.store(true, Ordering::SeqCst);
    });

    let answered = clients.answered();
    assert!(answered.len() >= 100);
    assert_eq!(answered.iter().collect::<BTreeSet<_>>().len(), answered.len(), "an id was given out twice");
    for id in &*answered {
        let view = host.job(id).ended();
        assert_eq!((view.status, view.error), (Status::Completed, None), "{id}");
        assert_eq!(view.results, 1);
    }
    let names = all_names(&host);
    assert!(names.len() >= answered.len());
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "a job is there twice");
}

/// The name in the inputs of every job.
fn all_names(host: &Host) -> Vec<String> {
    let (mut names, mut query) = (Vec::new(), String::new());
    loop {
        let page: Value = host.get(&format!("/v1/jobs?limit=500{query}")).read(200);
        let jobs = page["jobs"].as_array().expect("a page has jobs");
        names.extend(jobs.iter().map(|job| job["inputs"]["name"].to_string()));
        match page["next_cursor"].as_str() {
            Some(cursor) => query = format!("&cursor={cursor}"),
            None => return names,
        }
    }
}
