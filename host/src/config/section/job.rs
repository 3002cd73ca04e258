//! The table `[job]`: the most that one job may use. What a job asks for stays within it.

use serde::{Deserialize, Serialize};

use crate::config::problems::Problems;
use crate::config::value::{Size, Span, none_or};
use crate::domain::JobLimits;
use crate::domain::limits::{GIB, KIB, MIB};

/// What one job may use; see [`JobLimits`] for the reasons behind the defaults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobSection {
    /// All linear memories of a job together.
    pub memory: Size,
    /// The most time of a job on a processor, over all attempts since a start or resume by hand, or `none`.
    #[serde(with = "none_or")]
    pub cpu_time: Option<Span>,
    /// How many calls to its host a job may make in a second; beyond it the guest waits.
    pub host_call_rate: u64,
    /// The longest log line; longer ones go on in further lines.
    pub log_line: Size,
    /// How many bytes a job may log in a second; beyond it the guest waits.
    pub log_rate: Size,
    /// How much a job may log at once before the rate holds it back.
    pub log_burst: Size,
    /// How much log is kept for a job.
    pub log: Size,
    /// The largest single result.
    pub result: Size,
    /// All results of a job together.
    pub results: Size,
    /// How many results a job may save in a second; beyond it the guest waits.
    pub result_rate: u64,
    /// The largest checkpoint.
    pub checkpoint: Size,
    /// How many checkpoints a job may save in a second; beyond it the guest waits.
    pub checkpoint_rate: u64,
    /// How many HTTP requests a job may send to the hosts that its module was granted.
    pub http_requests: u64,
    /// How much a job may send and receive over HTTP.
    pub http: Size,
    /// How many HTTP requests a job may have under way at once; further ones wait.
    pub http_concurrent: u64,
    /// How long one HTTP request may take until the last byte of its answer.
    pub http_time: Span,
    /// The least time between two stored progress values.
    pub progress_interval: Span,
    /// The most run time of a job, or `none`.
    #[serde(with = "none_or")]
    pub max_duration: Option<Span>,
    /// How long a job may go on after it was told to stop, unless it asks for another time.
    pub stop_grace: Span,
    /// The longest grace that a job may ask for.
    pub stop_grace_max: Span,
}

impl Default for JobSection {
    fn default() -> Self {
        let limits = JobLimits::default();
        Self {
            memory: Size(limits.memory_bytes),
            cpu_time: limits.cpu_time.map(Span),
            host_call_rate: limits.host_calls_per_s,
            log_line: Size(limits.log_line_bytes),
            log_rate: Size(limits.log_rate_bytes_per_s),
            log_burst: Size(limits.log_burst_bytes),
            log: Size(limits.log_bytes),
            result: Size(limits.result_bytes),
            results: Size(limits.results_bytes),
            result_rate: limits.results_per_s,
            checkpoint: Size(limits.checkpoint_bytes),
            checkpoint_rate: limits.checkpoints_per_s,
            http_requests: limits.http_requests,
            http: Size(limits.http_bytes),
            http_concurrent: limits.http_concurrent,
            http_time: Span(limits.http_time),
            progress_interval: Span(limits.progress_interval),
            max_duration: limits.max_duration.map(Span),
            stop_grace: Span(limits.stop_grace),
            stop_grace_max: Span(limits.stop_grace_max),
        }
    }
}

impl JobSection {
    /// The same as the program's own type.
    pub fn limits(&self) -> JobLimits {
        JobLimits {
            memory_bytes: self.memory.0,
            cpu_time: self.cpu_time.map(|span| span.0),
            host_calls_per_s: self.host_call_rate,
            log_line_bytes: self.log_line.0,
            log_rate_bytes_per_s: self.log_rate.0,
            log_burst_bytes: self.log_burst.0,
            log_bytes: self.log.0,
            result_bytes: self.result.0,
            results_bytes: self.results.0,
            results_per_s: self.result_rate,
            checkpoint_bytes: self.checkpoint.0,
            checkpoints_per_s: self.checkpoint_rate,
            http_requests: self.http_requests,
            http_bytes: self.http.0,
            http_concurrent: self.http_concurrent,
            http_time: self.http_time.0,
            progress_interval: self.progress_interval.0,
            max_duration: self.max_duration.map(|span| span.0),
            stop_grace: self.stop_grace.0,
            stop_grace_max: self.stop_grace_max.0,
        }
    }

    pub(in crate::config) fn check(&self, problems: &mut Problems) {
        self.check_sizes(problems);
        self.check_times(problems);
        self.check_counts(problems);
    }

    fn check_sizes(&self, problems: &mut Problems) {
        let copied = "it crosses between guest and host in one call, which copies 17 MiB at most";
        let stored = "more than this makes one job's data too much for one database";
        for (key, value, low, high, reason) in [
            ("job.memory", self.memory, MIB, 4 * GIB, "a 32-bit guest cannot use more, and hardly runs with less"),
            ("job.log_line", self.log_line, 256, MIB, "viewers and pages of 4 MiB hold several lines"),
            ("job.log_rate", self.log_rate, KIB, GIB, "less stops a job, more is no limit on any disk"),
            (
                "job.log_burst",
                self.log_burst,
                self.log_line.0.min(GIB),
                GIB,
                "at least one line must go through at once",
            ),
            ("job.log", self.log, 0, 16 * GIB, stored),
            ("job.result", self.result, KIB, 16 * MIB, copied),
            (
                "job.results",
                self.results,
                self.result.0.min(64 * GIB),
                64 * GIB,
                "at least one result must fit, and more than this is too much for one database",
            ),
            ("job.checkpoint", self.checkpoint, KIB, 16 * MIB, copied),
            ("job.http", self.http, 0, 1024 * GIB, "more is no limit on any line"),
        ] {
            problems.range(key, &value, &(Size(low)..=Size(high)), reason);
        }
    }

    fn check_counts(&self, problems: &mut Problems) {
        let rate = "less than one stops a job, and more is no limit on any machine";
        for (key, value, low, high, reason) in [
            (
                "job.host_call_rate",
                self.host_call_rate,
                100,
                1_000_000_000,
                "every module makes some calls, and more is no limit",
            ),
            ("job.result_rate", self.result_rate, 1, 1_000_000, rate),
            ("job.checkpoint_rate", self.checkpoint_rate, 1, 1_000_000, rate),
            ("job.http_requests", self.http_requests, 0, 1_000_000_000, "more is no limit"),
            ("job.http_concurrent", self.http_concurrent, 1, 1_024, "each request holds a socket of this process"),
        ] {
            problems.range(key, &value, &(low..=high), reason);
        }
    }

    fn check_times(&self, problems: &mut Problems) {
        let span = |text| Span(humantime::parse_duration(text).expect("written here"));
        let interval = &(span("10ms")..=span("1m"));
        problems.range(
            "job.progress_interval",
            &self.progress_interval,
            interval,
            "less floods the database, more looks stuck",
        );
        let grace_max = &(span("0s")..=span("1h"));
        problems.range("job.stop_grace_max", &self.stop_grace_max, grace_max, "a stop that takes longer is none");
        let grace = &(span("0s")..=self.stop_grace_max);
        problems.range("job.stop_grace", &self.stop_grace, grace, "the upper end is job.stop_grace_max");
        let http_time = &(span("1s")..=span("1day"));
        problems.range("job.http_time", &self.http_time, http_time, "less reaches no server, more waits for none");
        for (key, limit) in [("job.max_duration", self.max_duration), ("job.cpu_time", self.cpu_time)] {
            if limit.is_some_and(|limit| limit.0.is_zero()) {
                problems.add(key, "is 0s, which leaves a job no time at all; write none for no limit".to_owned());
            }
        }
    }
}
