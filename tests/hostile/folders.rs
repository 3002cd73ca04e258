//! Folders: what was granted is there, and nothing beyond it.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use serde_json::json;

use super::bounds::complete;
use crate::harness::{Guest, Host};

/// A folder `granted` to be granted, with a file, a folder and links to `outside` beside it, and a host that lets the
/// hostile guest have it.
struct Place {
    host: Host,
    base: PathBuf,
    _folder: tempfile::TempDir,
}

impl Place {
    fn new(write: bool) -> Self {
        let folder = tempfile::Builder::new().prefix("cofferdam-test-").tempdir().expect("a folder");
        let base = folder.path().canonicalize().expect("it is there");
        for (name, text) in [("granted/given", "given"), ("granted/inner/file", "inner"), ("outside/secret", "secret")]
        {
            let path = base.join(name);
            fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        for (name, target) in [
            ("absolute", base.join("outside")),
            ("relative", "../outside".into()),
            ("to-secret", base.join("outside/secret")),
        ] {
            symlink(target, base.join("granted").join(name)).expect("a link");
        }
        let host = Host::with(&[&format!("grants.dirs={}:rw", base.join("granted").display())]);
        let dir = json!({ "host": base.join("granted"), "guest": "/data", "write": write });
        host.grant(Guest::Hostile, &json!({ "dirs": [dir] }));
        Self { host, base, _folder: folder }
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.base.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.base.join(folder)).expect("a folder");
        let mut names: Vec<_> =
            entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort_unstable();
        names
    }
}

#[test]
pub(super) fn use_folder() {
    let place = Place::new(true);
    let job = complete(&place.host, json!({ "behaviour": "use_folder" }));
    assert_eq!(job.data(), [json!({ "tried": "use the folder", "answer": "given" })]);
    assert_eq!((place.names("granted/new"), place.text("granted/new/kept")), (vec!["kept".to_owned()], "given".into()));
}

#[test]
pub(super) fn leave_folder() {
    let place = Place::new(true);
    let outside = place.base.join("outside");
    let job = complete(&place.host, json!({ "behaviour": "leave_folder", "outside": outside }));
    assert!(job.data().len() > 40, "each attempt was answered with an error: {:?}", job.data());
    assert_eq!((place.names("outside"), place.text("outside/secret")), (vec!["secret".to_owned()], "secret".into()));
    assert_eq!(place.text("granted/own"), "hostile", "it stayed where it may be");
    assert_eq!(place.names(""), ["granted", "outside"]);
}

#[test]
pub(super) fn change_read_only_folder() {
    let place = Place::new(false);
    let before = place.names("granted");
    let job = complete(&place.host, json!({ "behaviour": "change_read_only_folder" }));
    let data = job.data();
    assert_eq!(data[0], json!({ "tried": "read", "answer": "given" }));
    assert_eq!(data.len(), 17, "each attempt was answered with an error: {data:?}");
    assert_eq!((place.names("granted"), place.text("granted/given")), (before, "given".to_owned()));
}
