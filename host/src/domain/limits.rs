//! The bounds of everything that a module or a client could otherwise grow without end.
//!
//! Each has a default and a reason. The operator's configuration is the ceiling; what a job asks for stays within it.

use std::time::Duration;

/// 1,024 bytes.
pub const KIB: u64 = 1024;
/// 1,024 KiB.
pub const MIB: u64 = 1024 * KIB;
/// 1,024 MiB.
pub const GIB: u64 = 1024 * MIB;

/// What one job may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobLimits {
    /// All linear memories of a job together. A wasm `memory.fill` cannot be interrupted, so this also bounds how late
    /// a forced stop can be: 256 MiB are filled in a few tenths of a second.
    pub memory_bytes: u64,
    /// The most time on a processor, over all attempts since a start or resume by hand; `None` is no limit. Jobs may be
    /// long, so there is none unless somebody pays for the machine by the second.
    pub cpu_time: Option<Duration>,
    /// Calls to the host in a second, and at once; beyond it the guest waits. One costs a tenth of a microsecond to a few
    /// microseconds, so honest guests never come near, and a guest that does nothing else still leaves room for others.
    pub host_calls_per_s: u64,
    /// The longest log line; longer ones go on in further lines. Viewers stay quick with lines of this size.
    pub log_line_bytes: u64,
    /// How fast a job may log; beyond it the guest waits, so that one job cannot fill the write path.
    pub log_rate_bytes_per_s: u64,
    /// How much a job may log at once before the rate holds it back.
    pub log_burst_bytes: u64,
    /// How much log is kept for a job; later lines are counted and dropped, and the job goes on.
    pub log_bytes: u64,
    /// The largest single result.
    pub result_bytes: u64,
    /// All results of a job together.
    pub results_bytes: u64,
    /// Results in a second, and at once; beyond it the guest waits. A database takes some ten thousand rows a second from
    /// all jobs together.
    pub results_per_s: u64,
    /// The largest checkpoint. It travels to the guest in one call, which copies 17 MiB at most.
    pub checkpoint_bytes: u64,
    /// Checkpoints in a second, and at once; beyond it the guest waits. Each is a commit of its own that others wait for.
    pub checkpoints_per_s: u64,
    /// HTTP requests of a job. A module that was granted a host must not become a weapon against it.
    pub http_requests: u64,
    /// Bytes of bodies that a job sends and receives over HTTP, both together.
    pub http_bytes: u64,
    /// HTTP requests that a job has under way at once; further ones wait. Each holds a socket and its buffers.
    pub http_concurrent: u64,
    /// How long one HTTP request may take until the last byte of its answer.
    pub http_time: Duration,
    /// The least time between two stored progress values.
    pub progress_interval: Duration,
    /// The most run time a job may ask for, and the run time of one that asks for none; `None` is no ceiling.
    pub max_duration: Option<Duration>,
    /// How long a job may go on after it was told to stop, unless it asks for less or more.
    pub stop_grace: Duration,
    /// The longest grace a job may ask for.
    pub stop_grace_max: Duration,
}

impl Default for JobLimits {
    fn default() -> Self {
        Self {
            memory_bytes: 256 * MIB,
            cpu_time: None,
            host_calls_per_s: 5_000_000,
            log_line_bytes: 16 * KIB,
            log_rate_bytes_per_s: 32 * MIB,
            log_burst_bytes: 8 * MIB,
            log_bytes: 64 * MIB,
            result_bytes: 4 * MIB,
            results_bytes: 256 * MIB,
            results_per_s: 10_000,
            checkpoint_bytes: 16 * MIB,
            checkpoints_per_s: 100,
            http_requests: 10_000,
            http_bytes: GIB,
            http_concurrent: 16,
            http_time: Duration::from_mins(5),
            progress_interval: Duration::from_millis(250),
            max_duration: None,
            stop_grace: Duration::from_secs(5),
            stop_grace_max: Duration::from_mins(10),
        }
    }
}

/// What one node may use, and what it takes from its clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeLimits {
    /// Jobs that run at once. Sleeping Rust guests cost about 25 KB each, Python ones 6 MB.
    pub slots: u32,
    /// How long other nodes wait for a sign of life of this one before they take its jobs over.
    pub lease: Duration,
    /// How often a node looks for what no hint told it of; half of it more or less.
    pub poll: Duration,
    /// Memory of all guests together; `None` takes 60 % of the machine's or the control group's.
    pub guest_memory_bytes: Option<u64>,
    /// How long jobs may go on after the host was told to go down.
    pub shutdown_grace: Duration,
    /// The largest component.
    pub module_bytes: u64,
    /// How long `describe` may take.
    pub describe_time: Duration,
    /// How much memory `describe` may have beyond what the component starts with.
    pub describe_memory_bytes: u64,
    /// The largest `inputs` and the largest `settings`.
    pub inputs_bytes: u64,
    /// Log streams that the node serves at once.
    pub log_streams: u32,
    /// How long a log stream's client may take for one page before it is cut off.
    pub stream_send_time: Duration,
}

impl Default for NodeLimits {
    fn default() -> Self {
        Self {
            slots: 512,
            lease: Duration::from_secs(15),
            poll: Duration::from_secs(1),
            guest_memory_bytes: None,
            shutdown_grace: Duration::from_secs(10),
            module_bytes: 64 * MIB,
            describe_time: Duration::from_secs(5),
            describe_memory_bytes: 64 * MIB,
            inputs_bytes: MIB,
            log_streams: 1024,
            stream_send_time: Duration::from_secs(10),
        }
    }
}

impl NodeLimits {
    /// How often a node says that it is alive, where several share a database: two beats may get lost.
    pub fn heartbeat(&self) -> Duration {
        self.lease / 3
    }

    /// For how long after a beat a node runs jobs: 13 s of a lease of 15 s, so that it has stopped before others begin.
    pub fn good_for(&self) -> Duration {
        self.lease * 13 / 15
    }
}

/// What compiling one component may use. Each component is compiled in a process of its own, so these hold for it alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompileLimits {
    /// Time on a processor. The largest known modules, whole Python interpreters, take some 12 s.
    pub cpu_time: Duration,
    /// Address space of the process. Python takes 0.5 GiB.
    pub memory_bytes: u64,
    /// Time altogether: on a node whose processors are all busy with guests, compiling gets about a quarter of one.
    pub time: Duration,
    /// Components that are compiled at once; `None` takes one for each core. The others wait, first come, first served.
    pub at_once: Option<u32>,
    /// The largest machine code: eight times the largest component. Three times is what compilers make of most.
    pub code_bytes: u64,
}

impl Default for CompileLimits {
    fn default() -> Self {
        Self {
            cpu_time: Duration::from_mins(1),
            memory_bytes: 2 * GIB,
            time: Duration::from_mins(10),
            at_once: None,
            code_bytes: 512 * MIB,
        }
    }
}

/// What the host takes from the clients of its API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientLimits {
    /// Connections at once. Each takes a file descriptor and some 20 KiB.
    pub connections: usize,
    /// Connections of one address: half of all, since a proxy in front is one address, too.
    pub connections_each: usize,
    /// How long a new connection may take until its first header block is whole.
    pub header_time: Duration,
    /// How long a connection may rest between two requests.
    pub idle_time: Duration,
    /// Requests a second of one token, or of one address where no token is shown: far more than a busy client makes, so
    /// that only one that has gone wild meets it.
    pub requests_per_second: u32,
    /// Requests a minute from one address that show no token that holds.
    pub failures_per_minute: u32,
}

impl Default for ClientLimits {
    fn default() -> Self {
        Self {
            connections: 1_024,
            connections_each: 512,
            header_time: Duration::from_secs(10),
            idle_time: Duration::from_mins(1),
            requests_per_second: 20_000,
            failures_per_minute: 60,
        }
    }
}

/// The most bytes that one call between guest and host may copy: the largest checkpoint and some room.
pub const HOST_CALL_BYTES: usize = 17 << 20;
/// Resource handles that a guest may hold.
pub const HANDLES: usize = 8_192;
/// Entries of the host's resource table for one guest.
pub const TABLE_ENTRIES: usize = 4_096;
/// Random bytes that a guest gets in one call.
pub const RANDOM_BYTES: u64 = MIB;
/// A guest's stack.
pub const WASM_STACK_BYTES: usize = 1 << 20;
/// Core instances of one component: Python needs 14.
pub const CORE_INSTANCES: u32 = 64;
/// Linear memories of one component: QuickJS needs 2.
pub const MEMORIES: u32 = 4;
/// Tables of one component.
pub const TABLES: u32 = 8;
/// Elements of one table: the largest JavaScript engine needs 7,695.
pub const TABLE_ELEMENTS: usize = 50_000;
/// Core modules and components inside of a component: Python's has 17.
pub const MODULES_INSIDE: u64 = 64;
/// Functions of a component: Python has 13,364. A compiler takes time for each, however small it is.
pub const FUNCTIONS: u64 = 200_000;
/// The body of one function. Python's largest, its interpreter's loop, has 427 kB; what a compiler takes grows faster
/// than the body does.
pub const FUNCTION_BYTES: u64 = MIB;
/// Whatever else a component is made of, of each kind: types, imports, exports, data, instances. Go's have 45,560 pieces
/// of data.
pub const PARTS: u64 = 200_000;
/// How often running guests are interrupted to look for a stop or to let others run.
pub const EPOCH_TICK: Duration = Duration::from_millis(10);
