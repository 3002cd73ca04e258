//! One call of the program, from its arguments to its exit code.

use std::time::Duration;

use serde_json::Value;

use crate::harness::{Client, PATIENCE, Process, cofferdam};

/// What came of a call.
pub(crate) struct Program {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Program {
    /// Runs it to its end.
    #[track_caller]
    pub(crate) fn run(arguments: &[&str]) -> Self {
        Self::of(Process::spawn(&mut cofferdam(arguments)))
    }

    /// The same against a server.
    #[track_caller]
    pub(crate) fn ask(server: &Client, arguments: &[&str]) -> Self {
        let mut command = cofferdam(arguments);
        Self::of(Process::spawn(command.env("COFFERDAM_SERVER", format!("http://{}", server.address()))))
    }

    /// The same for a command that takes long.
    #[track_caller]
    pub(crate) fn ask_patiently(server: &Client, patience: Duration, arguments: &[&str]) -> Self {
        let mut command = cofferdam(arguments);
        let server = format!("http://{}", server.address());
        Self::within(patience, Process::spawn(command.env("COFFERDAM_SERVER", server)))
    }

    /// The rest of one that runs.
    #[track_caller]
    pub(crate) fn of(process: Process) -> Self {
        Self::within(PATIENCE, process)
    }

    #[track_caller]
    fn within(patience: Duration, mut process: Process) -> Self {
        let status = process.wait_within(patience);
        let code = status.code().unwrap_or_else(|| panic!("it ended with {status}: {}", process.stderr()));
        Self { code, stdout: process.stdout(), stderr: process.stderr() }
    }

    /// The same, having made sure of the exit code.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        assert!(!self.stderr.contains("panicked at host/"), "{}", self.stderr);
        for text in [&self.stdout, &self.stderr] {
            assert!(!text.contains('\u{1b}'), "no colours and no bars into a pipe: {text:?}");
        }
        self
    }

    /// Each line of its standard output as JSON.
    #[track_caller]
    pub(crate) fn lines(&self) -> Vec<Value> {
        let read = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line}"));
        self.stdout.lines().map(read).collect()
    }

    /// A failure that says this, in one sentence and perhaps what to do next, and nothing on standard output.
    #[track_caller]
    pub(crate) fn refused(self, code: i32, words: &str) {
        let this = self.expect(code);
        assert_eq!(this.stdout, "");
        assert!(this.stderr.starts_with("error: ") && this.stderr.contains(words), "not `{words}`: {}", this.stderr);
    }
}
