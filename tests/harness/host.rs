//! `cofferdam serve` as a child process, on a folder of its own.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::Mutex;
use std::thread;

use rustix::process::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::client::{Answer, Client, Request};
use super::job::Job;
use super::modules::Guest;
use super::process::{Process, cofferdam};
use super::views::StatusView;

/// How the only line on standard output begins.
const LISTENING: &str = "listening on http://";

/// An address at which nobody listens.
const NOBODY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 1);

/// In the temporary folder; the host makes it itself.
const DATA_DIR: &str = "data";

/// A host that is ready. It is killed when it is dropped, and its folder removed.
pub(crate) struct Host {
    process: Process,
    client: Client,
    settings: Vec<String>,
    uploaded: Mutex<BTreeSet<Guest>>,
    /// What former processes on this folder wrote to standard error.
    earlier: String,
    folder: TempDir,
}

/// A host is its own client.
impl Deref for Host {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Host {
    /// A host with the default settings.
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    /// A host with these settings, each `key=value`.
    pub(crate) fn with(settings: &[&str]) -> Self {
        Self::prepared(|_| {}, settings)
    }

    /// A host on a data folder that somebody has made, at this path.
    pub(crate) fn prepared(prepare: impl FnOnce(&Path), settings: &[&str]) -> Self {
        Self::launched(settings, prepare, |command| command)
    }

    /// A host that reads its settings from a file.
    pub(crate) fn configured_by(file: &str) -> Self {
        Self::launched(&[], |_| {}, |command| command.args(["--config", file]))
    }

    fn launched(
        settings: &[&str],
        prepare: impl FnOnce(&Path),
        more: impl FnOnce(&mut Command) -> &mut Command,
    ) -> Self {
        let settings: Vec<_> = settings.iter().map(|&setting| setting.to_owned()).collect();
        let folder = tempfile::Builder::new().prefix("cofferdam-test-").tempdir().expect("a temporary folder");
        prepare(&folder.path().join(DATA_DIR));
        let (process, address) = launch(more(&mut serve(&folder.path().join(DATA_DIR), &settings)));
        let uploaded = Mutex::default();
        Self { process, client: Client::new(address), settings, uploaded, earlier: String::new(), folder }
    }

    /// A host on a file system of its own with so much room, in a mount namespace of its own. None where that is
    /// forbidden.
    pub(crate) fn on_small_disk(bytes: u64, settings: &[&str]) -> Option<Self> {
        let may_mount = Command::new("unshare").args(["--mount", "true"]).status();
        if !may_mount.is_ok_and(|status| status.success()) {
            return None;
        }
        let folder = tempfile::Builder::new().prefix("cofferdam-test-").tempdir().expect("a temporary folder");
        let data = folder.path().join(DATA_DIR);
        std::fs::create_dir(&data).expect("a new folder");
        let settings: Vec<_> = settings.iter().map(|&setting| setting.to_owned()).collect();
        let serve = serve(&data, &settings);
        let mut command = Command::new("unshare");
        command.args([
            "--mount",
            "sh",
            "-c",
            r#"mount -t tmpfs -o "size=$1" tmpfs "$2" && shift 2 && exec "$@""#,
            "sh",
        ]);
        command.arg(bytes.to_string()).arg(&data).arg(serve.get_program()).args(serve.get_args());
        for (name, value) in serve.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let (process, address) = launch(&mut command);
        let (client, uploaded) = (Client::new(address), Mutex::default());
        Some(Self { process, client, settings, uploaded, earlier: String::new(), folder })
    }

    /// Its data folder as its own mount namespace has it.
    pub(crate) fn data_dir_inside(&self) -> PathBuf {
        PathBuf::from(format!("/proc/{}/root{}", self.process.id(), self.data_dir().display()))
    }

    /// The folder with everything that the host keeps.
    pub(crate) fn data_dir(&self) -> PathBuf {
        self.folder.path().join(DATA_DIR)
    }

    /// Memory of its process in mebibytes, as `/proc` has it: `VmRSS` now, `VmHWM` at its peak.
    #[track_caller]
    pub(crate) fn memory_mib(&self, field: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
        let kibibytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        kibibytes.unwrap_or_else(|| panic!("no {field} in {status}")) / 1024
    }

    pub(crate) fn process(&mut self) -> &mut Process {
        &mut self.process
    }

    pub(crate) fn signal(&self, signal: Signal) {
        self.process.signal(signal);
    }

    /// Ends it in good order.
    #[track_caller]
    pub(crate) fn terminate(&mut self) -> ExitStatus {
        self.signal(Signal::TERM);
        self.process.wait()
    }

    /// Ends it like a power cut.
    pub(crate) fn kill(&mut self) {
        self.signal(Signal::KILL);
        self.process.wait();
    }

    /// A setting for the processes that are started from now on.
    pub(crate) fn set(&mut self, setting: &str) {
        self.settings.push(setting.to_owned());
    }

    /// The setting that begins like this.
    #[track_caller]
    pub(crate) fn setting(&self, beginning: &str) -> String {
        let found = self.settings.iter().find(|setting| setting.starts_with(beginning));
        found.unwrap_or_else(|| panic!("no setting {beginning}")).clone()
    }

    /// Starts another process on the same folder. The old one must have ended.
    pub(crate) fn start_again(&mut self) {
        assert!(self.process.ended().is_some(), "the first process still owns the folder");
        self.earlier.push_str(&self.process.stderr());
        let (process, address) = launch(&mut serve(&self.data_dir(), &self.settings));
        self.process = process;
        self.client.moved_to(address);
    }

    /// The same, with places where the process dies or fails, as the crate `fail` reads them. It may have ended when this
    /// returns.
    pub(crate) fn start_again_failing(&mut self, failpoints: &str) {
        assert!(self.process.ended().is_some(), "the first process still owns the folder");
        self.earlier.push_str(&self.process.stderr());
        self.process = Process::spawn(serve(&self.data_dir(), &self.settings).env("FAILPOINTS", failpoints));
        let line = self.process.stdout_line_or_end(|_| true);
        self.client.moved_to(line.map_or(NOBODY, |line| address_in(&line)));
    }

    /// Everything that the host wrote to standard error.
    pub(crate) fn stderr(&self) -> String {
        format!("{}{}", self.earlier, self.process.stderr())
    }

    /// Adds a module, whose answer the caller judges.
    #[track_caller]
    pub(crate) fn upload(&self, component: &[u8]) -> Answer {
        self.send(Request::new("POST", "/v1/modules").body("application/wasm", component))
    }

    /// Makes sure that a guest is there.
    #[track_caller]
    pub(crate) fn has(&self, guest: Guest) {
        // A test that fails here fails alone: the set is right in any case.
        let mut uploaded = self.uploaded.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if !uploaded.contains(&guest) {
            let answer = self.upload(&guest.bytes());
            assert!(matches!(answer.status, 200 | 201), "{guest:?}: {}", answer.text());
            uploaded.insert(guest);
        }
    }

    /// Starts a job from the whole body of the request.
    #[track_caller]
    pub(crate) fn start_job(&self, body: &Value) -> Job {
        let started: Value = self.post("/v1/jobs", body).read(201);
        Job::new(&self.client, started["id"].as_str().expect("a job has an id"))
    }

    /// Starts the hostile guest with these inputs, one of which is `behaviour`.
    #[track_caller]
    pub(crate) fn hostile(&self, inputs: Value) -> Job {
        self.hostile_with(inputs, json!({}))
    }

    /// The same with further fields of the request, such as `max_duration`.
    #[track_caller]
    pub(crate) fn hostile_with(&self, inputs: Value, mut request: Value) -> Job {
        self.has(Guest::Hostile);
        request["module_id"] = json!("hostile");
        request["inputs"] = inputs;
        self.start_job(&request)
    }

    /// Makes the first token, an administrator's: this host's own client shows it from now on. Gives it.
    #[track_caller]
    pub(crate) fn lock(&mut self) -> String {
        let secret = self.make_token(&json!({"name": "admin", "scopes": ["admin"]})).0;
        self.client = self.client.with_token(&secret);
        secret
    }

    /// Makes a token: its text and its id.
    #[track_caller]
    pub(crate) fn make_token(&self, body: &Value) -> (String, String) {
        let created: Value = self.post("/v1/tokens", body).read(201);
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        (text(&created["secret"]), text(&created["token"]["id"]))
    }

    /// Grants the newest version of a guest exactly this.
    #[track_caller]
    pub(crate) fn grant(&self, guest: Guest, grants: &Value) -> Value {
        self.has(guest);
        self.put(&format!("/v1/modules/{}/grants", guest.name()), grants).read(200)
    }

    /// A job that was started earlier.
    pub(crate) fn job(&self, id: &str) -> Job {
        Job::new(&self.client, id)
    }

    #[track_caller]
    pub(crate) fn status(&self) -> StatusView {
        self.get("/v1/status").read(200)
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        if thread::panicking() {
            self.show_stderr();
        }
    }
}

impl Host {
    /// For a test that fails.
    pub(super) fn show_stderr(&self) {
        println!("--- the host's standard error ---\n{}--- end ---", self.stderr());
    }
}

fn serve(data_dir: &Path, settings: &[String]) -> Command {
    let mut command = cofferdam(["serve", "--listen", "127.0.0.1:0", "--data-dir"]);
    command.arg(data_dir);
    for setting in settings {
        command.args(["--set", setting]);
    }
    command
}

fn launch(command: &mut Command) -> (Process, SocketAddr) {
    let process = Process::spawn(command);
    let line = process.stdout_line("the host listens", |_| true);
    (process, address_in(&line))
}

fn address_in(line: &str) -> SocketAddr {
    let address = line.strip_prefix(LISTENING).and_then(|address| address.parse().ok());
    address.unwrap_or_else(|| panic!("`{line}` is not `{LISTENING}ADDRESS:PORT`"))
}
