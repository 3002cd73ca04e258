//! A backup that is taken while the host works makes another host that goes on.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use cofferdam_test_postgres::Cluster;
use serde_json::{Value, json};

use crate::harness::{Guest, Host, Job, Status, assert_dense, cofferdam, eventually};

/// Runs the program against a host.
fn run(host: &Host, arguments: &[&str]) -> Output {
    let url = format!("http://{}", host.address());
    cofferdam(arguments.iter().copied()).args(["--server", &url]).output().expect("it runs")
}

fn alone(arguments: &[&str]) -> Output {
    cofferdam(arguments.iter().copied()).output().expect("it runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// A host on what is restored from a backup.
fn restored(file: &Path) -> Host {
    let restore = |folder: &Path| {
        let done = alone(&["restore", text(file), "--data-dir", text(folder)]);
        assert!(done.status.success() && said(&done).contains("jobs"), "{}", said(&done));
    };
    Host::prepared(restore, &[])
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

/// What clients have done while a backup was taken.
struct Load {
    /// Jobs that were answered 201 before it began.
    before: Vec<String>,
    /// One that ran all the time.
    long: String,
    /// The slowest start of a job meanwhile.
    slowest: Duration,
}

/// Takes a backup while clients start jobs without a pause.
fn under_load(host: &Host, back_up: impl FnOnce()) -> Load {
    host.has(Guest::Hello);
    let long = host.hostile(json!({"behaviour": "count", "to": 400, "pause_ms": 20}));
    long.until("it has saved something", |job| job.results >= 5 && job.checkpoint_saved_at.is_some());
    let (started, slowest, stop) = (Mutex::new(Vec::new()), Mutex::new(Duration::ZERO), AtomicBool::new(false));
    let before = thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let begin = Instant::now();
                    let job = host.start_job(&json!({"module_id": "hello", "inputs": {"name": "Ada"}}));
                    started.lock().expect("nobody panics").push(job.id);
                    let mut slowest = slowest.lock().expect("nobody panics");
                    *slowest = slowest.max(begin.elapsed());
                }
            });
        }
        eventually("there is something to lose", || (started.lock().expect("nobody panics").len() > 200).then_some(()));
        let before = started.lock().expect("nobody panics").clone();
        back_up();
        stop.store(true, Ordering::Relaxed);
        before
    });
    let slowest = *slowest.lock().expect("nobody panics");
    Load { before, long: long.id, slowest }
}

/// Everything that was acknowledged before is there, and what ran goes on from its checkpoint.
fn goes_on(host: &Host, load: &Load) {
    let long = host.job(&load.long);
    let view = long.ended();
    assert_eq!((view.status, view.error), (Status::Completed, None));
    assert!(view.attempt >= 2, "it was interrupted: {}", view.attempt);
    let counted: Vec<_> = long.data().iter().map(|data| data["n"].as_u64()).collect();
    assert_eq!(counted, (1..=400).map(Some).collect::<Vec<_>>(), "each result counts once");
    assert_dense(&long.log());
    assert!(!long.messages().iter().any(|line| line.contains("started over")), "from its checkpoint");
    for id in &load.before {
        assert_eq!(host.job(id).ended().status, Status::Completed, "{id}");
    }
    let again: Job = host.start_job(&json!({"module_id": "hello", "inputs": {"name": "Grace"}}));
    assert_eq!(again.ended().status, Status::Completed);
    let mut ids = BTreeSet::new();
    let mut cursor = String::new();
    loop {
        let page: Value = host.get(&format!("/v1/jobs?limit=1000{cursor}")).read(200);
        for job in page["jobs"].as_array().expect("a list") {
            assert!(ids.insert(job["id"].to_string()), "an id twice");
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert!(ids.len() > load.before.len());
}

#[test]
fn a_backup_taken_under_load_makes_a_host_that_goes_on() {
    let mut host = Host::start();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("monday.tar");
    let load = under_load(&host, || {
        let taken = run(&host, &["backup", text(&file)]);
        assert!(taken.status.success() && said(&taken).contains("modules"), "{}", said(&taken));
    });
    println!("the slowest start of a job while the backup was taken: {:?}", load.slowest);
    assert!(load.slowest < Duration::from_secs(5), "{:?}", load.slowest);
    // The host itself has noticed nothing.
    let long = host.job(&load.long);
    assert_eq!((long.ended().status, long.show().attempt), (Status::Completed, 1));

    let checked = alone(&["backup", "--verify", text(&file), "--json"]);
    let manifest: Value = serde_json::from_str(&String::from_utf8_lossy(&checked.stdout)).expect("a manifest");
    assert!(manifest["jobs"]["running"].as_u64() >= Some(1) && manifest["modules"] == 2, "{manifest}");
    host.kill();
    let new = restored(&file);
    goes_on(&new, &load);
    let attempts: Value = new.job(&load.long).get("/attempts").read(200);
    assert_eq!(attempts["attempts"][0]["outcome"], "released", "a restore is no crash: {attempts}");
}

#[test]
fn a_backup_that_is_not_whole_or_not_one_is_refused_and_leaves_nothing() {
    let host = Host::start();
    host.has(Guest::Hello);
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let file = at("whole.tar");
    assert!(run(&host, &["backup", text(&file)]).status.success());
    let whole = std::fs::read(&file).expect("it is there");
    let mut flipped = whole.clone();
    let middle = whole.len() / 2;
    flipped[middle] ^= 1;
    let old: Vec<u8> = b"SQLite format 3\0".iter().copied().chain(vec![0; 4_096]).collect();
    for (name, bytes, told) in [
        ("cut.tar", &whole[..middle], "instead of"),
        ("flipped.tar", &flipped[..], "digest"),
        ("empty.tar", &[][..], "no tar archive"),
        ("database.db", &old[..], "no backup"),
    ] {
        std::fs::write(at(name), bytes).expect("it is written");
        let checked = alone(&["backup", "--verify", text(&at(name))]);
        assert!(checked.status.code() == Some(1) && said(&checked).contains(told), "{name}: {}", said(&checked));
        let new = at("new");
        let done = alone(&["restore", text(&at(name)), "--data-dir", text(&new)]);
        assert!(done.status.code() == Some(1) && said(&done).contains(told), "{name}: {}", said(&done));
        assert!(!new.join("cofferdam.db").exists() && !new.join("cofferdam.db.restoring").exists(), "{name}");
    }
    let again = run(&host, &["backup", text(&file)]);
    assert!(again.status.code() == Some(2) && said(&again).contains("is there already"), "{}", said(&again));
    assert_eq!(std::fs::read(&file).expect("it is there"), whole, "an older backup is not written over");
    let used = alone(&["restore", text(&file), "--data-dir", text(&host.data_dir())]);
    assert!(used.status.code() == Some(1) && said(&used).contains("in use"), "{}", said(&used));
    std::fs::create_dir(at("full")).and_then(|()| std::fs::write(at("full").join("mine"), "")).expect("a folder");
    let full = alone(&["restore", text(&file), "--data-dir", text(&at("full"))]);
    assert!(full.status.code() == Some(2) && said(&full).contains("`mine`"), "{}", said(&full));
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).expect("a folder").flatten().map(|entry| entry.file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with('.')), "{left:?}");
    let kept: Vec<_> =
        std::fs::read_dir(host.data_dir()).expect("a folder").flatten().map(|entry| entry.file_name()).collect();
    assert!(kept.iter().all(|name| !name.to_string_lossy().starts_with("backup-")), "{kept:?}");
}

#[test]
fn a_backup_asks_for_an_administrator_and_its_tokens_hold_after_a_restore() {
    let mut host = Host::start();
    let admin = host.lock();
    let (reader, _) = host.make_token(&json!({"name": "reader", "scopes": ["jobs:read", "jobs:write"]}));
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("backup.tar");
    let asked = |token: &str| {
        let url = format!("http://{}", host.address());
        let mut command = cofferdam(["backup", text(&file), "--server", &url]);
        command.env("COFFERDAM_TOKEN", token).output().expect("it runs")
    };
    let refused = asked(&reader);
    assert!(!refused.status.success() && !file.exists(), "{}", said(&refused));
    assert!(asked(&admin).status.success());
    host.kill();
    let new = restored(&file);
    new.get("/v1/jobs").problem(401, "unauthenticated");
    new.with_token(&reader).get("/v1/jobs").expect(200);
}

#[test]
fn a_dump_of_postgres_under_load_makes_a_database_that_a_host_goes_on_from() {
    let cluster = Cluster::shared();
    let url = cluster.create_database();
    let mut host = Host::with(&[&format!("database={url}"), "node.lease=3s"]);
    let folder = tempfile::tempdir().expect("a folder");
    let refused = run(&host, &["backup", text(&folder.path().join("backup.tar"))]);
    assert!(!refused.status.success() && said(&refused).contains("pg_dump"), "{}", said(&refused));
    let dump = folder.path().join("dump");
    let program = |name: &str| Command::new(cluster.program(name));
    let load = under_load(&host, || {
        let mut command = program("pg_dump");
        let done = command.args(["--format=custom", "--file", text(&dump), &url]).output().expect("it runs");
        assert!(done.status.success(), "{}", said(&done));
    });
    println!("the slowest start of a job while the dump was taken: {:?}", load.slowest);
    let new = cluster.create_database();
    let done =
        program("pg_restore").args(["--dbname", &new, "--exit-on-error", text(&dump)]).output().expect("it runs");
    assert!(done.status.success(), "{}", said(&done));
    host.kill();
    // As docs/backup.md says: then it does not count as a crash of the jobs that ran.
    cluster.query(&new, "UPDATE node SET state = 'left' WHERE state = 'up'");
    let host = Host::with(&[&format!("database={new}"), "node.lease=3s"]);
    goes_on(&host, &load);
}
