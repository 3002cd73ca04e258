//! Uploads while they come: on disk and not in memory, refused as soon as they are too large, and gone when they break off.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;

use cofferdam_text_guest::TextGuest;

use super::workers::resident_bytes;
use crate::harness::{Host, Request, eventually};

const MIB: usize = 1 << 20;

/// An upload whose body is still to be sent.
fn begin(host: &Host, body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(host.address()).expect("the host listens");
    let head = format!(
        "POST /v1/modules HTTP/1.1\r\nhost: {}\r\ncontent-type: application/wasm\r\n{body}\r\n\r\n",
        host.address()
    );
    stream.write_all(head.as_bytes()).expect("it reads");
    stream
}

/// Bytes of the files without a name that a process has open.
fn unnamed_bytes(process_id: u32) -> u64 {
    let files = fs::read_dir(format!("/proc/{process_id}/fd")).expect("it runs");
    let paths = files.filter_map(|entry| Some(entry.ok()?.path()));
    let unnamed =
        paths.filter(|path| fs::read_link(path).is_ok_and(|name| name.to_string_lossy().ends_with("(deleted)")));
    unnamed.filter_map(|path| Some(fs::metadata(path).ok()?.len())).sum()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the data folder");
    let mut names: Vec<_> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn uploads_that_come_wait_on_disk_and_leave_nothing_when_they_break_off() {
    let mut host = Host::start();
    let id = host.process().id();
    host.status();
    let (before, _) = resident_bytes(id);
    let had = names(&host.data_dir());
    let part = vec![0; MIB];
    let uploads: Vec<_> = (0..3)
        .map(|_| {
            let mut upload = begin(&host, &format!("content-length: {}", 33 * MIB));
            (0..32).for_each(|_| upload.write_all(&part).expect("it reads"));
            upload
        })
        .collect();
    eventually("all of it is on disk", || (unnamed_bytes(id) >= 90 * MIB as u64).then_some(()));
    let (during, _) = resident_bytes(id);
    assert!(during < before + 48 * MIB as u64, "96 MiB made {before} bytes {during}");
    drop(uploads);
    eventually("nothing of it is left", || (unnamed_bytes(id) == 0).then_some(()));
    assert_eq!(names(&host.data_dir()), had);
    host.upload(&TextGuest::new("next", "1.0.0").component()).expect(201);
}

#[test]
fn an_upload_without_a_length_is_refused_as_soon_as_it_is_too_large() {
    let host = Host::with(&["node.module=64 KiB"]);
    let mut upload = begin(&host, "transfer-encoding: chunked");
    upload.write_all(b"10001\r\n").and_then(|()| upload.write_all(&vec![0; 0x1_0001])).expect("it reads");
    // Its end has not come, and never will.
    let mut answer = vec![0; 1024];
    let length = upload.read(&mut answer).expect("an answer");
    let answer = String::from_utf8_lossy(&answer[..length]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("65536 bytes"), "{answer}");
}

#[test]
fn a_packed_body_is_415_and_a_plain_one_may_say_so() {
    let host = Host::start();
    let component = TextGuest::new("packed", "1.0.0").component();
    let request = |encoding: &str| {
        let request = Request::new("POST", "/v1/modules").header("content-encoding", encoding);
        host.send(request.body("application/wasm", component.clone()))
    };
    for encoding in ["gzip", "br", "gzip, identity"] {
        let problem = request(encoding).problem(415, "wrong_encoding");
        assert!(
            problem.detail.contains(&format!("without `Content-Encoding`, not `{encoding}`")),
            "{}",
            problem.detail
        );
    }
    request("identity").expect(201);
}

#[test]
fn more_uploads_than_a_host_takes_at_once_are_told_to_come_later() {
    let host = Host::with(&["clients.connections_each=1000"]);
    let component = TextGuest::new("patient", "1.0.0").component();
    // Known from here on, so that sending it again takes no time in which the uploads below become too slow ones.
    host.upload(&component).expect(201);
    let mut uploads: Vec<_> = (0..63).map(|_| begin(&host, "content-length: 1000")).collect();
    let answer = eventually("all of them are under way", || {
        uploads.push(begin(&host, "content-length: 1000"));
        let answer = host.upload(&component);
        (answer.status != 200).then_some(answer)
    });
    assert_eq!(answer.header("retry-after"), "5");
    answer.problem(429, "too_many_uploads");
    drop(uploads);
    eventually("they are gone", || (host.upload(&component).status == 200).then_some(()));
}
