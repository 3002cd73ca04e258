//! Ctrl-C and SIGTERM: no host, no PostgreSQL and no data outlives the bench.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::Result;
use cofferdam_test_postgres::is_guard;
use rustix::process::{Pid, Signal, kill_process};

use crate::interrupt::Interrupts;

/// From one look whether a signal has come to the next; seldom enough to cost nothing.
const LOOK: Duration = Duration::from_millis(200);
/// As a shell says of what SIGINT has ended.
const EXIT_CODE: i32 = 130;

/// Whether the bench goes on.
pub(super) struct Aborts {
    interrupts: Arc<Interrupts>,
}

impl Aborts {
    /// From now on a signal ends what this program has started, removes this folder and ends this program.
    pub(super) fn watch(data: PathBuf) -> Result<Self> {
        let interrupts = Arc::new(Interrupts::watch()?);
        let watched = Arc::clone(&interrupts);
        thread::spawn(move || {
            while !watched.any() {
                thread::sleep(LOOK);
            }
            end_children();
            // A scenario that was about to start another one gets to see the signal.
            thread::sleep(LOOK);
            end_children();
            drop(fs::remove_dir_all(&data));
            std::process::exit(EXIT_CODE);
        });
        Ok(Self { interrupts })
    }

    /// Does not come back once there was a signal.
    pub(super) fn wait_if_any(&self) {
        while self.interrupts.any() {
            thread::park();
        }
    }
}

fn end_children() {
    for child in children().into_iter().filter(|child| !is_guard(child.as_raw_nonzero().get().unsigned_abs())) {
        // It fails only when the child has ended already.
        let _ = kill_process(child, Signal::KILL);
    }
}

/// Of all threads, as `/proc` names them.
fn children() -> Vec<Pid> {
    let threads = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let lists = threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    let pids = lists.flat_map(|list| list.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
    pids.filter_map(|pid| Pid::from_raw(pid.parse().ok()?)).collect()
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn what_was_started_is_found() {
        // It waits for input, which never comes.
        let mut child = Command::new("cat").stdin(Stdio::piped()).spawn().expect("it is everywhere");
        let started = Pid::from_child(&child);
        let found = children().contains(&started);
        drop(child.stdin.take());
        child.wait().expect("it ends without input");
        assert!(found);
    }
}
