//! A child process whose output is collected while it runs, and which never outlives its test.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::modules::binary;
use super::wait::{PATIENCE, eventually, eventually_within};

/// A running `cofferdam`.
pub(crate) struct Process {
    child: Child,
    stdout: Collected,
    stderr: Collected,
}

/// What came out of one stream so far.
#[derive(Clone, Default)]
struct Collected(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    text: String,
    is_closed: bool,
}

/// The binary, in a folder of its own choice and without the settings of whoever runs the tests.
pub(crate) fn cofferdam(arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
    let mut command = Command::new(binary());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("COFFERDAM_") {
            command.env_remove(name);
        }
    }
    // Compiled code is checked before it is used, so that all hosts of all tests may share it; compiling takes seconds.
    command.env("COFFERDAM_SANDBOX_CACHE_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled"));
    command.args(arguments).stdin(Stdio::null());
    command
}

impl Process {
    pub(crate) fn spawn(command: &mut Command) -> Self {
        // In a group of its own: a signal to the tests' terminal ends the tests, which then end their children.
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let mut child = command.spawn().unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
        let stdout = Collected::reading(child.stdout.take().expect("stdout is a pipe"));
        let stderr = Collected::reading(child.stderr.take().expect("stderr is a pipe"));
        Self { child, stdout, stderr }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw).expect("a child has a positive id");
        kill_process(pid, signal).expect("a child can be sent a signal until it was waited for");
    }

    /// Waits until a line of its standard output fits, and gives it. Fails when the output ends without one.
    #[track_caller]
    pub(crate) fn stdout_line(&self, what: &str, fits: impl Fn(&str) -> bool) -> String {
        self.line(&self.stdout, what, fits)
    }

    /// The same for its standard error.
    #[track_caller]
    pub(crate) fn stderr_line(&self, what: &str, fits: impl Fn(&str) -> bool) -> String {
        self.line(&self.stderr, what, fits)
    }

    /// The same for its standard output, for a process that may end without such a line.
    #[track_caller]
    pub(crate) fn stdout_line_or_end(&self, fits: impl Fn(&str) -> bool) -> Option<String> {
        line_or_end(&self.stdout, "a line or the end", fits)
    }

    #[track_caller]
    fn line(&self, collected: &Collected, what: &str, fits: impl Fn(&str) -> bool) -> String {
        line_or_end(collected, what, fits).unwrap_or_else(|| panic!("{what} never came.\n{}", self.stderr.text()))
    }

    /// Everything on its standard output so far.
    pub(crate) fn stdout(&self) -> String {
        self.stdout.text()
    }

    /// Everything on its standard error so far.
    pub(crate) fn stderr(&self) -> String {
        self.stderr.text()
    }

    /// How it ended, if it has.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child can be waited for")
    }

    /// Waits for its end and for the rest of its output.
    #[track_caller]
    pub(crate) fn wait(&mut self) -> ExitStatus {
        self.wait_within(PATIENCE)
    }

    /// The same with another patience, for a process that takes long.
    #[track_caller]
    pub(crate) fn wait_within(&mut self, patience: Duration) -> ExitStatus {
        let status = eventually_within(patience, "the end of the process", || self.ended());
        eventually("the end of the process's output", || self.stdout.is_closed().then_some(()));
        eventually("the end of the process's output", || self.stderr.is_closed().then_some(()));
        status
    }
}

/// The first line that fits; nothing when the stream ends without one.
#[track_caller]
fn line_or_end(collected: &Collected, what: &str, fits: impl Fn(&str) -> bool) -> Option<String> {
    eventually(what, || {
        let state = collected.0.lock().expect("nobody panics while holding it");
        // The last piece is no line yet, unless the stream has ended.
        let whole = if state.is_closed { state.text.len() } else { state.text.rfind('\n').map_or(0, |at| at + 1) };
        let found = state.text[..whole].lines().find(|line| fits(line)).map(str::to_owned);
        (found.is_some() || state.is_closed).then_some(found)
    })
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only when it has ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Collected {
    fn reading(stream: impl Read + Send + 'static) -> Self {
        let collected = Self::default();
        let writer = collected.clone();
        thread::spawn(move || {
            let mut stream = BufReader::new(stream);
            let mut line = Vec::new();
            while stream.read_until(b'\n', &mut line).is_ok_and(|count| count > 0) {
                writer.0.lock().expect("nobody panics while holding it").text.push_str(&String::from_utf8_lossy(&line));
                line.clear();
            }
            writer.0.lock().expect("nobody panics while holding it").is_closed = true;
        });
        collected
    }

    fn text(&self) -> String {
        self.0.lock().expect("nobody panics while holding it").text.clone()
    }

    fn is_closed(&self) -> bool {
        self.0.lock().expect("nobody panics while holding it").is_closed
    }
}
