//! The table `[node]`: what one host process may use, and what it takes from its clients.

use serde::{Deserialize, Serialize};

use crate::config::problems::Problems;
use crate::config::value::{Size, Span, auto_or};
use crate::domain::NodeLimits;
use crate::domain::limits::{GIB, KIB, MIB};

/// What one node may use; see [`NodeLimits`] for the reasons behind the defaults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodeSection {
    /// Jobs that run at once.
    pub slots: u32,
    /// How long other nodes wait for a sign of life of this one before they take its jobs over.
    pub lease: Span,
    /// How often this node looks for what no hint of another told it of; half of it more or less.
    pub poll: Span,
    /// Memory of all guests together; `auto` takes 60 % of the machine's or the control group's.
    #[serde(with = "auto_or")]
    pub guest_memory: Option<Size>,
    /// How long jobs may go on after the host was told to go down.
    pub shutdown_grace: Span,
    /// The largest component.
    pub module: Size,
    /// How long a module's `describe` may take.
    pub describe_time: Span,
    /// How much memory `describe` may have beyond what the component starts with.
    pub describe_memory: Size,
    /// The largest `inputs` and the largest `settings` of a job.
    pub inputs: Size,
    /// Log streams that are served at once.
    pub log_streams: u32,
    /// How long a log stream's client may take for one page before it is cut off.
    pub stream_send_time: Span,
}

impl Default for NodeSection {
    fn default() -> Self {
        let limits = NodeLimits::default();
        Self {
            slots: limits.slots,
            lease: Span(limits.lease),
            poll: Span(limits.poll),
            guest_memory: limits.guest_memory_bytes.map(Size),
            shutdown_grace: Span(limits.shutdown_grace),
            module: Size(limits.module_bytes),
            describe_time: Span(limits.describe_time),
            describe_memory: Size(limits.describe_memory_bytes),
            inputs: Size(limits.inputs_bytes),
            log_streams: limits.log_streams,
            stream_send_time: Span(limits.stream_send_time),
        }
    }
}

impl NodeSection {
    /// The same as the program's own type.
    pub fn limits(&self) -> NodeLimits {
        NodeLimits {
            slots: self.slots,
            lease: self.lease.0,
            poll: self.poll.0,
            guest_memory_bytes: self.guest_memory.map(|size| size.0),
            shutdown_grace: self.shutdown_grace.0,
            module_bytes: self.module.0,
            describe_time: self.describe_time.0,
            describe_memory_bytes: self.describe_memory.0,
            inputs_bytes: self.inputs.0,
            log_streams: self.log_streams,
            stream_send_time: self.stream_send_time.0,
        }
    }

    pub(in crate::config) fn check(&self, problems: &mut Problems) {
        problems.range(
            "node.slots",
            &self.slots,
            &(1..=100_000),
            "each slot reserves address space for a guest's memory",
        );
        problems.range(
            "node.log_streams",
            &self.log_streams,
            &(1..=65_536),
            "each one holds a connection and a page of lines",
        );
        for (key, value, low, high, reason) in [
            ("node.module", self.module, KIB, GIB, "compiling takes many times the memory of the component"),
            (
                "node.describe_memory",
                self.describe_memory,
                MIB,
                4 * GIB,
                "a guest that only describes itself needs little",
            ),
            ("node.inputs", self.inputs, KIB, 8 * MIB, "a request's body with inputs and settings has 20 MiB at most"),
        ] {
            problems.range(key, &value, &(Size(low)..=Size(high)), reason);
        }
        if let Some(memory) = self.guest_memory {
            let all = &(Size(16 * MIB)..=Size(64 * 1024 * GIB));
            problems.range("node.guest_memory", &memory, all, "less runs no guest");
        }
        let span = |text| Span(humantime::parse_duration(text).expect("written here"));
        for (key, value, low, high, reason) in [
            (
                "node.shutdown_grace",
                self.shutdown_grace,
                "0s",
                "10m",
                "whoever stops the host kills it after some time",
            ),
            ("node.lease", self.lease, "3s", "10m", "a pause of the machine or the network must not cost the jobs"),
            ("node.poll", self.poll, "50ms", "1m", "each look is a question to the database"),
            ("node.describe_time", self.describe_time, "100ms", "5m", "an upload waits for it"),
            ("node.stream_send_time", self.stream_send_time, "100ms", "10m", "a slow reader holds a stream's place"),
        ] {
            problems.range(key, &value, &(span(low)..=span(high)), reason);
        }
    }
}
