//! The server as a process: its start, its line on stdout, its orderly end.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

/// From the start to the line on stdout.
const READY_LIMIT: Duration = Duration::from_secs(30);
/// Longer than the grace period that the host gives its jobs.
const STOP_LIMIT: Duration = Duration::from_secs(20);

/// How to start a server.
pub(crate) struct Start<'a> {
    pub(crate) binary: &'a Path,
    /// An address with a port; port 0 picks one.
    pub(crate) listen: &'a str,
    pub(crate) data_dir: &'a Path,
    /// Settings as `KEY=VALUE`.
    pub(crate) settings: &'a [String],
    /// Where its own log goes; here unless given.
    pub(crate) log: Option<&'a Path>,
}

impl<'a> Start<'a> {
    /// With its usual settings.
    pub(crate) const fn usual(binary: &'a Path, listen: &'a str, data_dir: &'a Path) -> Self {
        Self { binary, listen, data_dir, settings: &[], log: None }
    }
}

/// A server that is ready. Dropping it kills it; [`Server::stop`] is the orderly way.
pub(crate) struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    /// Returns once the server says that it is listening.
    pub(crate) fn start(start: &Start<'_>) -> Result<Self> {
        let mut command = Command::new(start.binary);
        command.args(["serve", "--listen", start.listen, "--data-dir"]).arg(start.data_dir);
        for setting in start.settings {
            command.args(["--set", setting]);
        }
        if let Some(log) = start.log {
            let open = std::fs::File::options().create(true).append(true).open(log);
            command.stderr(open.with_context(|| format!("cannot write {}", log.display()))?);
        }
        // In a group of its own: Ctrl-C reaches this program alone, which then ends the server once and in order.
        command.stdin(Stdio::null()).stdout(Stdio::piped()).process_group(0);
        let mut child = command.spawn().with_context(|| format!("cannot start {}", start.binary.display()))?;
        match ready(&mut child) {
            Ok(address) => Ok(Self { child, address }),
            Err(error) => {
                child.kill()?;
                child.wait()?;
                Err(error)
            }
        }
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The process's number, for `/proc`.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it has.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Asks the server to end, and waits; an exit code other than 0 is an error.
    pub(crate) fn stop(mut self) -> Result<()> {
        self.ask_to_end()?;
        let start = Instant::now();
        while start.elapsed() < STOP_LIMIT {
            if let Some(status) = self.ended()? {
                return if status.success() { Ok(()) } else { Err(bad_end(status)) };
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        bail!("the server did not end within {} s of SIGTERM", STOP_LIMIT.as_secs());
    }

    fn ask_to_end(&self) -> Result<()> {
        self.signal(Signal::TERM)
    }

    /// Sends the process a signal.
    pub(crate) fn signal(&self, signal: Signal) -> Result<()> {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw).context("a child has a positive id")?;
        Ok(kill_process(pid, signal)?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only when it has ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn bad_end(status: ExitStatus) -> anyhow::Error {
    match status.signal() {
        Some(signal) => anyhow::anyhow!("the server was ended by signal {signal}"),
        None => anyhow::anyhow!("the server ended with {status}"),
    }
}

/// Waits for `listening on http://ADDRESS:PORT`; a thread goes on reading, so that the pipe never fills.
fn ready(child: &mut Child) -> Result<SocketAddr> {
    let stdout = child.stdout.take().context("stdout is a pipe")?;
    let (lines, received) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            // After the first line nobody listens any more.
            drop(lines.send(line));
        }
    });
    match received.recv_timeout(READY_LIMIT) {
        Ok(line) => {
            let address = line.strip_prefix("listening on http://").and_then(|address| address.parse().ok());
            address
                .with_context(|| format!("the server's first line is `{line}`, not `listening on http://ADDRESS:PORT`"))
        }
        Err(RecvTimeoutError::Timeout) => bail!("the server was not ready within {} s", READY_LIMIT.as_secs()),
        Err(RecvTimeoutError::Disconnected) => Err(bad_end(child.wait()?).context("the server did not start")),
    }
}
