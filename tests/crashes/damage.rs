//! A damaged database is refused at the start, with what to do.

use std::os::unix::fs::FileExt as _;

use serde_json::json;

use crate::harness::{Host, Process, cofferdam};

#[test]
fn a_damaged_database_is_refused_with_what_to_do() {
    let mut host = Host::start();
    // Enough for most of it to have left the write-ahead log.
    host.hostile(json!({ "behaviour": "count", "to": 40, "padding_bytes": 100_000 })).ended();
    assert!(host.terminate().success());
    let path = host.data_dir().join("cofferdam.db");
    let file = std::fs::File::options().write(true).open(&path).expect("the database is there");
    let length = file.metadata().expect("it has a length").len();
    // The header stays whole; every second page is noise.
    for page in (1..length / 4096).step_by(2) {
        file.write_all_at(&[0xA5; 4096], page * 4096).expect("it can be written");
    }
    let mut serve = cofferdam(["serve", "--listen", "127.0.0.1:0", "--data-dir"]);
    let mut process = Process::spawn(serve.arg(host.data_dir()));
    assert!(!process.wait().success());
    let said = process.stderr();
    assert!(said.contains("is damaged") && said.contains("restore it from a backup"), "{said}");
    assert_eq!(said.trim().lines().count(), 1, "one sentence and no stack: {said}");
}
