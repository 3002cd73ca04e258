//! The process that compiles: confined before it reads anything, gone when nobody waits for it, and no harm when it dies.

use std::fs;
use std::io::Write as _;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::thread;

use cofferdam_text_guest::binary::{core_module, locals};
use cofferdam_text_guest::{TextGuest, with_core_module_bytes};

use serde_json::json;

use super::workers::Worker;
use crate::harness::{Host, Status};

/// Compiles until somebody ends it.
fn endless() -> Vec<u8> {
    with_core_module_bytes(TextGuest::named("endless").component(), &core_module(&vec![locals(50_000); 200_000 - 16]))
}

/// The upload of it, of which nobody reads the answer.
fn begin_upload(host: &Host) -> TcpStream {
    let component = endless();
    let mut stream = TcpStream::connect(host.address()).expect("the host listens");
    let head = format!(
        "POST /v1/modules HTTP/1.1\r\nhost: {}\r\ncontent-type: application/wasm\r\ncontent-length: {}\r\n\r\n",
        host.address(),
        component.len()
    );
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&component)).expect("it reads");
    stream
}

#[test]
fn the_compiler_is_confined_and_has_nothing_of_its_host() {
    let mut host = Host::start();
    let upload = begin_upload(&host);
    let worker = Worker::of(host.process().id());
    let limits = [
        ("Max cpu time", "60", "61"),
        ("Max address space", "2147483648", "2147483648"),
        ("Max file size", "536870912", "536870912"),
        ("Max open files", "32", "32"),
        ("Max core file size", "0", "0"),
    ];
    // It is confined before it reads; its start is a moment before.
    crate::harness::eventually("it is confined", || (worker.limit("Max cpu time").0 == "60").then_some(()));
    for (name, soft, hard) in limits {
        assert_eq!(worker.limit(name), (soft.to_owned(), hard.to_owned()), "{name}");
    }
    // For its allocator, whatever the host's own environment says.
    assert_eq!(String::from_utf8_lossy(worker.environment().as_ref()), "MIMALLOC_ARENA_RESERVE=32M\0");
    let files = worker.open_files();
    assert!(!files.iter().any(|file| file.contains("socket:") || file.contains("cofferdam.db")), "{files:?}");
    drop(upload);
    worker.is_gone();
}

#[test]
fn an_uploader_that_goes_away_takes_the_compiler_along() {
    let mut host = Host::with(&["sandbox.compile_at_once=1"]);
    let upload = begin_upload(&host);
    let worker = Worker::of(host.process().id());
    drop(upload);
    worker.is_gone();
    host.upload(&TextGuest::new("next", "1.0.0").component()).expect(201);
}

#[test]
fn a_compiler_that_somebody_kills_harms_nothing() {
    let mut host = Host::start();
    let id = host.process().id();
    thread::scope(|scope| {
        let upload = scope.spawn(|| host.upload(&endless()));
        Worker::of(id).kill();
        let answer = upload.join().expect("an answer");
        assert_eq!(answer.header("retry-after"), "5");
        answer.problem(503, "admission_failed");
    });
    host.upload(&TextGuest::new("next", "1.0.0").component()).expect(201);
    assert!(host.stderr().contains("the compiler was killed from outside, with signal 9"), "{}", host.stderr());
}

#[test]
fn a_compiler_does_not_outlive_its_host() {
    let mut host = Host::start();
    let _upload = begin_upload(&host);
    let worker = Worker::of(host.process().id());
    host.kill();
    worker.is_gone();
}

#[test]
fn a_component_that_takes_too_long_on_a_busy_machine_is_told_so() {
    let host = Host::with(&["sandbox.compile_time=1s"]);
    let problem = host.upload(&endless()).problem(422, "compile_limit");
    assert!(problem.detail.contains("took longer than 1s; on a busy host another try may help"), "{}", problem.detail);
}

/// Every file with compiled code.
fn codes(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("an entry").path());
    entries.filter(|path| path.extension().is_some_and(|ending| ending == "cwasm")).collect()
}

#[test]
fn a_stop_request_does_not_wait_until_a_module_is_compiled_anew() {
    // It takes some seconds to compile.
    let slow = core_module(&vec![locals(50_000); 600]);
    let component = with_core_module_bytes(TextGuest::named("slow").component(), &slow);
    let mut host = Host::with(&["sandbox.cache_dir=auto"]);
    let folder = host.data_dir().join("compiled");
    host.upload(&component).expect(201);
    host.terminate();
    for code in codes(&folder) {
        fs::remove_file(code).expect("removed");
    }
    host.start_again();
    let job = host.start_job(&json!({ "module_id": "slow", "stop_grace": "0s" }));
    job.reaches(Status::Running);
    let worker = Worker::of(host.process().id());
    job.stop_and_wait();
    let view = job.show();
    let stop = view.stop.expect("it was stopped");
    assert_eq!((view.status, stop.reason.as_str(), stop.forced), (Status::Stopped, "requested", false));
    assert!(codes(&folder).is_empty(), "it was not awaited");
    worker.is_gone();
    job.go_on();
    assert_eq!(job.ended().status, Status::Completed);
}
