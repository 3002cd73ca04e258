//! The host as a process: its folder, its orderly end, its start after a crash.

use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::{Value, json};
use tungstenite::protocol::frame::coding::CloseCode;

use crate::harness::{Guest, Host, Job, Message, Process, Status, assert_dense, cofferdam};

fn numbers(job: &Job) -> Vec<u64> {
    job.data().iter().map(|data| data["n"].as_u64().expect("a number")).collect()
}

#[test]
fn a_second_host_on_the_same_folder_is_refused_with_a_clear_message() {
    let host = Host::start();
    let mut command = cofferdam(["serve", "--listen", "127.0.0.1:0", "--data-dir"]);
    let mut second = Process::spawn(command.arg(host.data_dir()));
    assert_eq!(second.wait().code(), Some(1));
    let said = second.stderr();
    assert_eq!(second.stdout(), "", "it never listened");
    let folder = host.data_dir().display().to_string();
    assert!(said.contains(&folder) && said.lines().count() <= 3, "{said}");
    assert!(!said.contains("panicked"), "{said}");
    host.get("/readyz").expect(200);
}

#[test]
fn a_host_whose_address_is_taken_says_so_and_leaves_the_folder_alone() {
    let host = Host::start();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let address = host.address().to_string();
    let mut command = cofferdam(["serve", "--listen", &address, "--data-dir"]);
    let mut second = Process::spawn(command.arg(folder.path().join("data")));
    assert_eq!(second.wait().code(), Some(1));
    assert!(second.stderr().contains(&address) && second.stderr().contains("--listen"), "{}", second.stderr());
    assert!(!folder.path().join("data").exists());
}

#[test]
fn only_the_owner_can_reach_the_data_folder() {
    let host = Host::start();
    let mode = std::fs::metadata(host.data_dir()).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o077, 0, "others can reach inputs, results and compiled code: {mode:o}");
}

#[test]
fn after_sigterm_running_jobs_go_back_to_pending_and_go_on_at_the_next_start() {
    let mut host = Host::start();
    let counting = host.hostile(json!({"behaviour": "count", "to": 100_000, "pause_ms": 5}));
    let waiting = host.hostile(json!({"behaviour": "honour_stop_request"}));
    counting.until("some checkpoints are saved", |job| job.results >= 3);
    waiting.says("waiting for a stop request");
    assert!(host.terminate().success(), "{}", host.stderr());
    host.start_again();

    // Both saw the shutdown and returned ok, and neither had come to its end.
    let before = counting.until("it goes on", |job| job.attempt == 2).results;
    counting.until("it saves more", |job| job.results > before + 2);
    let shown = waiting.until("it goes on", |job| job.attempt == 2 && job.status == Status::Running);
    assert_eq!((shown.stop, shown.error), (None, None));
    assert_eq!(counting.stop_and_wait().status, Status::Stopped);
    waiting.stop_and_wait();
    let saved = numbers(&counting);
    assert_eq!(saved, (1..=saved.len() as u64).collect::<Vec<_>>());
    assert_dense(&counting.log());
    assert_dense(&waiting.log());
}

#[test]
fn a_job_that_does_not_see_the_shutdown_is_forced_and_goes_on_later() {
    let mut host = Host::with(&["node.shutdown_grace=500ms"]);
    let job = host.hostile(json!({"behaviour": "spin"}));
    job.reaches(Status::Running);
    let asked = Instant::now();
    assert!(host.terminate().success(), "{}", host.stderr());
    assert!(asked.elapsed() < Duration::from_secs(15), "{:?}", asked.elapsed());
    host.start_again();
    job.until("it runs again", |job| job.attempt == 2 && job.status == Status::Running);
    job.stop();
    job.reaches(Status::Stopped);
}

#[test]
fn a_second_signal_forces_running_jobs_at_once() {
    let mut host = Host::with(&["node.shutdown_grace=10m"]);
    let job = host.hostile(json!({"behaviour": "spin"}));
    job.reaches(Status::Running);
    host.signal(Signal::TERM);
    host.process().stderr_line("it says that it shuts down", |line| line.contains("shutting down"));
    assert!(host.process().ended().is_none());
    assert!(host.terminate().success(), "{}", host.stderr());
}

#[test]
fn streams_are_cut_with_1012_at_a_shutdown_and_never_told_an_end() {
    let mut host = Host::start();
    let job = host.hostile(json!({"behaviour": "honour_stop_request"}));
    job.says("waiting for a stop request");
    let socket = job.web_socket("");
    let events = job.events(0);
    host.signal(Signal::TERM);
    let (messages, closed) = socket.read_to_end();
    assert_eq!(closed, Some(CloseCode::Restart));
    let by_events = events.read_to_end();
    for message in messages.iter().chain(&by_events) {
        assert!(!matches!(message, Message::End { .. }), "the job has not ended: {message:?}");
    }
    assert!(host.process().wait().success());
    host.start_again();
    // A client that reconnects after its last line goes on where it was.
    let seen = messages.len() as u64;
    job.until("it runs again", |job| job.attempt == 2 && job.status == Status::Running);
    job.stop_and_wait();
    let (rest, _) = crate::harness::lines_and_end(job.events(seen).read_to_end());
    assert_eq!(rest.first().map(|line| line.seq), Some(seen + 1));
}

#[test]
fn a_killed_host_takes_its_jobs_up_again_from_their_checkpoints() {
    let mut host = Host::start();
    host.has(Guest::PrimeCount);
    let request = json!({"module_id": "prime-count", "inputs": {"limit": 19_999_999},
        "settings": {"segment_size": 20_000, "checkpoint_every": 10}});
    let job = host.start_job(&request);
    job.until("some checkpoints are saved", |job| job.results >= 5);
    host.kill();
    host.start_again();
    let ended = job.reaches(Status::Completed);
    assert_eq!((ended.attempt, ended.results), (2, 100));
    let blocks: Vec<_> = job.data().iter().map(|data| data["block"].as_u64().expect("a number")).collect();
    assert!(blocks.into_iter().eq(1..=100), "each block is there once");
    assert_eq!(job.data().last().expect("a block")["primes_so_far"], 1_270_607);
    assert_dense(&job.log());
}

#[test]
fn a_stop_request_outlives_a_crash() {
    let mut host = Host::start();
    let job = host.hostile_with(json!({"behaviour": "spin"}), json!({"stop_grace": "10m"}));
    job.reaches(Status::Running);
    assert!(job.stop().stopped);
    host.kill();
    host.start_again();
    let shown = job.reaches(Status::Stopped);
    assert_eq!(shown.stop.map(|stop| stop.reason).as_deref(), Some("requested"));
    assert_eq!(shown.attempt, 1, "it never started again");
}

#[test]
fn what_was_answered_is_there_after_a_crash() {
    let mut host = Host::start();
    host.has(Guest::Hello);
    let done = host.start_job(&json!({"module_id": "hello", "inputs": {"name": "Ada"}}));
    let before = done.reaches(Status::Completed);
    let (log, results) = (done.log(), done.results());
    let started: Vec<_> = (0..20).map(|_| host.start_job(&json!({"module_id": "hello"}))).collect();
    host.kill();
    host.start_again();
    assert_eq!((done.show(), done.log(), done.results()), (before, log, results));
    for job in &started {
        assert_eq!(job.reaches(Status::Completed).results, 1);
        assert_eq!(job.results().len(), 1);
    }
    let module: Value = host.get("/v1/modules/hello").read(200);
    assert_eq!(module["name"], "hello");
}

#[test]
fn requests_under_way_at_the_shutdown_are_answered() {
    let mut host = Host::start();
    let job = host.hostile(json!({"behaviour": "honour_stop_request", "dally_ms": 1000}));
    job.says("waiting for a stop request");
    let waits = {
        let job = job.clone();
        std::thread::spawn(move || job.stop_and_wait())
    };
    job.says("asked to stop");
    assert!(host.terminate().success());
    let answer = waits.join().expect("an answer came");
    assert_eq!((answer.stopped, answer.status), (true, Status::Stopped));
    host.start_again();
    assert_eq!(job.show().status, Status::Stopped, "a request wins over a shutdown");
}
