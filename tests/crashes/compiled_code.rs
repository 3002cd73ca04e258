//! Compiled code on disk is believed only as it was written; whatever happens to it, jobs run.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::harness::{Guest, Host, Status};

/// What may happen to the file with the code, in words and in deed.
type Accident = (&'static str, fn(&Path));

const ACCIDENTS: [Accident; 4] = [
    ("one bit is another", |code| {
        let mut bytes = fs::read(code).expect("the code");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(code, bytes).expect("written");
    }),
    ("it was cut off", |code| {
        OpenOptions::new().write(true).open(code).and_then(|file| file.set_len(1_000)).expect("cut");
    }),
    ("it is empty", |code| fs::write(code, b"").expect("written")),
    ("it is gone", |code| fs::remove_file(code).expect("removed")),
];

/// The one file with compiled code.
fn code(folder: &Path) -> PathBuf {
    let entries = fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("an entry").path());
    let mut codes: Vec<_> = entries.filter(|path| path.extension().is_some_and(|ending| ending == "cwasm")).collect();
    assert_eq!(codes.len(), 1, "{codes:?}");
    codes.remove(0)
}

#[test]
fn code_that_was_changed_on_disk_is_compiled_anew() {
    let mut host = Host::with(&["sandbox.cache_dir=auto"]);
    let folder = host.data_dir().join("compiled");
    host.has(Guest::Hello);
    for (accident, happen) in ACCIDENTS {
        assert!(host.terminate().success());
        happen(&code(&folder));
        host.start_again();
        let job = host.start_job(&json!({ "module_id": "hello" }));
        let view = job.ended();
        assert_eq!((view.status, view.error), (Status::Completed, None), "{accident}");
        assert!(fs::metadata(code(&folder)).expect("there again").len() > 10_000, "{accident}");
    }
    let told = host.stderr().matches("does not match its seal").count();
    assert_eq!(told, 3, "the operator learns of all but the missing file:\n{}", host.stderr());
}
