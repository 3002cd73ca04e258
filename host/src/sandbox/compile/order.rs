//! What a worker is told when it is started, as the one argument of its command.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::CompileLimits;
use crate::sandbox::engine::Allocation;

/// What to compile for, and within which limits. The component comes on standard input, the code goes to standard
/// output, which must be a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompileOrder {
    /// The process that waits for the code.
    parent: u32,
    /// How the memory of instances is allocated: the code depends on it.
    pub(super) allocation: Allocation,
    /// Bytes of the component.
    pub(super) component_bytes: u64,
    /// Seconds of processor time.
    cpu_s: u64,
    /// Bytes of address space.
    memory_bytes: u64,
    /// Bytes of code.
    code_bytes: u64,
}

impl CompileOrder {
    pub(super) fn new(allocation: Allocation, component_bytes: u64, limits: &CompileLimits) -> Self {
        Self {
            parent: std::process::id(),
            allocation,
            component_bytes,
            cpu_s: whole_seconds(limits.cpu_time),
            memory_bytes: limits.memory_bytes,
            code_bytes: limits.code_bytes,
        }
    }

    /// Reads an order.
    pub fn read(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// As [`read`](Self::read) takes it.
    pub(super) fn write(&self) -> String {
        serde_json::to_string(self).expect("numbers and a word")
    }

    /// Puts this process into its limits. To be called before the first byte of the component is read.
    pub(super) fn confine(&self) -> Result<(), String> {
        use rustix::process::{Resource, Rlimit, Signal, setrlimit};
        // Whoever waits for the code may die of anything; nobody needs the code then.
        rustix::process::set_parent_process_death_signal(Some(Signal::KILL)).map_err(|error| error.to_string())?;
        if rustix::process::getppid().is_none_or(|parent| parent.as_raw_pid().cast_unsigned() != self.parent) {
            return Err("the process that asked for the code is gone".to_owned());
        }
        rustix::thread::set_no_new_privs(true).map_err(|error| error.to_string())?;
        let most = |limit| Rlimit { current: Some(limit), maximum: Some(limit) };
        let limits = [
            ("core files", Resource::Core, most(0)),
            ("open files", Resource::Nofile, most(OPEN_FILES)),
            ("the size of a file", Resource::Fsize, most(self.code_bytes)),
            ("address space", Resource::As, most(self.memory_bytes)),
            // At the first, the kernel sends the signal that says why; the second is for a process that ignores it.
            ("processor time", Resource::Cpu, Rlimit { current: Some(self.cpu_s), maximum: Some(self.cpu_s + 1) }),
        ];
        for (what, resource, limit) in limits {
            setrlimit(resource, limit).map_err(|error| format!("the limit on {what} cannot be set: {error}"))?;
        }
        Ok(())
    }
}

/// Input, output, messages, and some for the system's own libraries.
const OPEN_FILES: u64 = 32;

/// The kernel counts whole seconds; a part of one counts as one.
fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_read_as_it_was_written() {
        let limits = CompileLimits { cpu_time: Duration::from_millis(1_500), ..CompileLimits::default() };
        for allocation in [Allocation::Pool, Allocation::OnDemand] {
            let order = CompileOrder::new(allocation, 7, &limits);
            assert_eq!(CompileOrder::read(&order.write()).expect("its own words"), order);
            assert_eq!(order.cpu_s, 2);
        }
        assert!(CompileOrder::read("{}").is_err());
    }
}
