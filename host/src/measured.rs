//! What the host measures of itself: name, unit and meaning of each figure, in one place.
//!
//! Floors below HTTP note what happens through the functions here, and know nothing of who reads it. Whoever embeds the
//! host installs a recorder of the crate `metrics`, or none, and then nothing is kept. `serve` installs one for `/metrics`.

use std::time::Duration;

use metrics::Unit;

/// What a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Only grows, until the process ends.
    Counter,
    /// Goes up and down.
    Gauge,
    /// How often which values came.
    Histogram,
}

/// A figure.
#[derive(Debug, Clone, Copy)]
pub struct Figure {
    /// Under which name.
    pub name: &'static str,
    /// Of which kind.
    pub kind: Kind,
    unit: Unit,
    meaning: &'static str,
}

macro_rules! figures {
    ($($constant:ident: $kind:ident $unit:ident $name:literal $meaning:literal;)*) => {
        $(
            #[doc = $meaning]
            pub const $constant: Figure =
                Figure { name: $name, kind: Kind::$kind, unit: Unit::$unit, meaning: $meaning };
        )*
        /// All there are.
        pub const ALL: &[Figure] = &[$($constant),*];
    };
}

figures! {
    BUILD_INFO: Gauge Count "cofferdam_build_info" "Always 1; the label `version` is the program's version";
    JOBS: Gauge Count "cofferdam_jobs" "Jobs in the database that have not ended, by `status`; the same on every node";
    QUEUE_AGE: Gauge Seconds "cofferdam_queue_age_seconds" "For how long the oldest job that could run has waited; 0 when none waits";
    SLOTS: Gauge Count "cofferdam_slots" "Jobs that this node runs at once at most";
    SLOTS_USED: Gauge Count "cofferdam_slots_used" "Jobs that run on this node";
    GUEST_MEMORY: Gauge Bytes "cofferdam_guest_memory_bytes" "Memory that the guests of this node hold";
    GUEST_MEMORY_BUDGET: Gauge Bytes "cofferdam_guest_memory_budget_bytes" "Memory that the guests of this node may hold together";
    NODES: Gauge Count "cofferdam_nodes" "Nodes that are up";
    FENCED: Gauge Count "cofferdam_node_fenced" "1 while this node has lost its lease and runs nothing, else 0";
    STREAMS: Gauge Count "cofferdam_streams" "Streams of logs and events that this node serves";
    DATABASE_SIZE: Gauge Bytes "cofferdam_database_size_bytes" "Size of the database, its write-ahead log included";
    DISK_FREE: Gauge Bytes "cofferdam_disk_free_bytes" "Room on the disk with the database, where it is this machine's";
    DISK_SHORT: Gauge Count "cofferdam_disk_short" "1 while the disk is so full that no new work is taken, else 0";
    DATABASE_USED: Gauge Bytes "cofferdam_database_used_bytes" "What the database holds, without what is free in its files";
    DATABASE_LIMIT: Gauge Bytes "cofferdam_database_limit_bytes" "What it may hold before ended jobs go";
    MODULES: Gauge Count "cofferdam_modules" "Versions of modules";
    JOBS_CREATED: Counter Count "cofferdam_jobs_created_total" "Jobs that were started over this node, by `module`";
    SCHEDULE_RUNS: Counter Count "cofferdam_schedule_runs_total" "Occurrences of schedules that were decided on this node, by `module` and `outcome`: started, skipped, missed or refused";
    ATTEMPTS_STARTED: Counter Count "cofferdam_attempts_started_total" "Attempts that began on this node, by `module`";
    ATTEMPTS_ENDED: Counter Count "cofferdam_attempts_ended_total" "Attempts that ended on this node, by `module` and `outcome`: completed, failed, stopped, retried or released";
    JOBS_FAILED: Counter Count "cofferdam_jobs_failed_total" "Jobs that failed on this node, by `module` and `code`";
    NODES_DIED: Counter Count "cofferdam_nodes_died_total" "Nodes that this one found dead";
    JOBS_RECOVERED: Counter Count "cofferdam_jobs_recovered_total" "Jobs that this node took back from nodes that were gone";
    COMMITS_FAILED: Counter Count "cofferdam_commits_failed_total" "Transactions that the database did not take";
    RETENTION_JOBS: Counter Count "cofferdam_retention_jobs_removed_total" "Ended jobs that retention removed, by `reason`: age, count or bytes";
    RETENTION_LOGS: Counter Count "cofferdam_retention_logs_removed_total" "How often retention removed lines of an ended job that stayed, by `reason`";
    RETENTION_CHECKPOINTS: Counter Count "cofferdam_retention_checkpoints_removed_total" "How often retention removed the checkpoints of an ended job that stayed, by `reason`";
    CLAIM: Histogram Seconds "cofferdam_claim_seconds" "How long taking ready jobs takes, the commit included";
    START: Histogram Seconds "cofferdam_start_seconds" "How long it takes from a claim until the module runs";
    ATTEMPT: Histogram Seconds "cofferdam_attempt_seconds" "How long attempts ran, by `outcome`";
    CHECKPOINT: Histogram Seconds "cofferdam_checkpoint_seconds" "How long a module waits until its checkpoint is stored";
    COMMIT: Histogram Seconds "cofferdam_commit_seconds" "How long transactions take";
    COMMIT_WRITES: Histogram Count "cofferdam_commit_writes" "How many writes are committed together";
    WEBHOOKS_FAILING: Gauge Count "cofferdam_webhooks_failing" "Webhooks whose last attempt failed, or that the host has switched off; the same on every node";
    DELIVERIES_WAITING: Gauge Count "cofferdam_webhook_deliveries_waiting" "Deliveries to webhooks that wait or are under way; the same on every node";
    WEBHOOK_ATTEMPTS: Counter Count "cofferdam_webhook_attempts_total" "Attempts of this node to tell a webhook, by `outcome`: delivered, retried or failed";
    WEBHOOK_ATTEMPT: Histogram Seconds "cofferdam_webhook_attempt_seconds" "How long attempts to tell a webhook take";
    SPANS_SENT: Counter Count "cofferdam_spans_sent_total" "Steps of jobs that a collector of traces took";
    SPANS_DROPPED: Counter Count "cofferdam_spans_dropped_total" "Steps of jobs that found no room in the queue of traces, or that no collector took";
    REQUEST: Histogram Seconds "cofferdam_http_request_seconds" "How long requests take until their answer begins, by `method`, `path` and `status`";
}

/// Upper ends of the buckets of times, in seconds: from a fast commit to a job of an hour.
pub const SECONDS: [f64; 18] = [
    0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 600.0, 3_600.0,
];
/// The same for writes of one transaction.
pub const WRITES: [f64; 11] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1_024.0];

/// How attempts end, as `cofferdam_attempts_ended_total` calls it.
pub const OUTCOMES: [&str; 5] = ["completed", "failed", "stopped", "retried", "released"];

/// How attempts to tell a webhook end, as `cofferdam_webhook_attempts_total` calls it.
pub const TOLD: [&str; 3] = ["delivered", "retried", "failed"];
/// Why retention removes, as its figures call it.
pub const REASONS: [&str; 3] = ["age", "count", "bytes"];

/// Tells the recorder what each figure means, and lets the counters without labels begin at 0, so that the first event is
/// a growth that can be seen.
pub fn describe() {
    for figure in ALL {
        let Figure { name, kind, unit, meaning } = *figure;
        match kind {
            Kind::Counter => metrics::describe_counter!(name, unit, meaning),
            Kind::Gauge => metrics::describe_gauge!(name, unit, meaning),
            Kind::Histogram => metrics::describe_histogram!(name, unit, meaning),
        }
    }
    for outcome in TOLD {
        metrics::counter!(WEBHOOK_ATTEMPTS.name, "outcome" => outcome).increment(0);
    }
    for figure in [NODES_DIED, JOBS_RECOVERED, COMMITS_FAILED, SPANS_SENT, SPANS_DROPPED] {
        figure.add(0);
    }
    for figure in [RETENTION_JOBS, RETENTION_LOGS, RETENTION_CHECKPOINTS] {
        for reason in REASONS {
            figure.add_by("reason", reason, 0);
        }
    }
}

impl Figure {
    /// So many more.
    pub fn add(&self, count: u64) {
        metrics::counter!(self.name).increment(count);
    }

    /// So many more, of this module.
    pub fn add_of(&self, module: &str, count: u64) {
        metrics::counter!(self.name, "module" => module.to_owned()).increment(count);
    }

    /// So many more, of this module and another label.
    pub fn add_with(&self, module: &str, label: &'static str, value: &'static str, count: u64) {
        metrics::counter!(self.name, "module" => module.to_owned(), label => value).increment(count);
    }

    /// One more, with this label.
    pub fn add_as(&self, label: &'static str, value: &'static str) {
        metrics::counter!(self.name, label => value).increment(1);
    }

    /// So many more, with this label.
    pub fn add_by(&self, label: &'static str, value: &'static str, count: u64) {
        metrics::counter!(self.name, label => value).increment(count);
    }

    /// It stands there now.
    #[expect(clippy::cast_precision_loss, reason = "a figure of more than 2^53 is no longer read to the last digit")]
    pub fn set(&self, value: u64) {
        metrics::gauge!(self.name).set(value as f64);
    }

    /// With this label it stands there now.
    #[expect(clippy::cast_precision_loss, reason = "as above")]
    pub fn set_with(&self, label: &'static str, value: &'static str, count: u64) {
        metrics::gauge!(self.name, label => value).set(count as f64);
    }

    /// It took so long.
    pub fn took(&self, time: Duration) {
        metrics::histogram!(self.name).record(time);
    }

    /// With this label it took so long.
    pub fn took_with(&self, label: &'static str, value: &'static str, time: Duration) {
        metrics::histogram!(self.name, label => value).record(time);
    }

    /// There were so many.
    pub fn came(&self, count: u32) {
        metrics::histogram!(self.name).record(count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_kind_and_unit() {
        for figure in ALL {
            let Figure { name, kind, unit, .. } = *figure;
            assert!(name.starts_with("cofferdam_"), "{name}");
            assert_eq!(name.ends_with("_total"), kind == Kind::Counter, "{name}");
            assert_eq!(name.ends_with("_seconds"), unit == Unit::Seconds, "{name}");
            assert_eq!(name.ends_with("_bytes"), unit == Unit::Bytes, "{name}");
        }
    }
}
