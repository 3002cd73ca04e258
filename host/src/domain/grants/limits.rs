//! Limits of one module, within those of the host.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::GrantFault;
use crate::domain::JobLimits;

macro_rules! limit_grants {
    ($($(#[$doc:meta])* $name:ident: $kind:ident => $limit:ident,)*) => {
        /// What one module's jobs may use; what is not given is as the host has it.
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct LimitGrants {
            $(
                $(#[$doc])*
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $name: Option<$kind>,
            )*
            /// How many jobs of these very bytes may run at once, on all nodes together; not more than there are slots
            /// anyway.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub jobs_concurrent: Option<Amount>,
        }

        impl LimitGrants {
            /// The host's limits, lowered by these.
            pub fn lower(&self, mut limits: JobLimits) -> JobLimits {
                $(
                    if let Some(own) = self.$name {
                        limits.$limit = own.within(limits.$limit);
                    }
                )*
                limits
            }

            /// Which of them are no limits that a job can run with, or are above the host's.
            pub(super) fn faults(&self, limits: &JobLimits, faults: &mut Vec<GrantFault>) {
                $(
                    if let Some(fault) = self.$name.and_then(|own| own.fault(limits.$limit)) {
                        faults.push(GrantFault::at(concat!("/limits/", stringify!($name)), fault));
                    }
                )*
                if let Some(fault) = self.jobs_concurrent.and_then(|most| most.fault(u64::from(u32::MAX))) {
                    faults.push(GrantFault::at("/limits/jobs_concurrent", fault));
                }
            }

            /// The names of all limits.
            pub const NAMES: &[&str] = &[$(stringify!($name),)* "jobs_concurrent"];

            /// Those that are durations; the others are numbers.
            pub fn is_duration(name: &str) -> bool {
                match name {
                    $(stringify!($name) => $kind::IS_DURATION,)*
                    _ => false,
                }
            }
        }
    };
}

limit_grants! {
    /// All memories of a job together, in bytes.
    memory: Amount => memory_bytes,
    /// The most run time, such as `1h`.
    max_duration: Time => max_duration,
    /// The most time on a processor, over all attempts since a start or resume by hand.
    cpu_time: Time => cpu_time,
    /// How many bytes a job may log in a second.
    log_rate: Amount => log_rate_bytes_per_s,
    /// How many bytes of log are kept for a job.
    log_bytes: Amount => log_bytes,
    /// The largest single result, in bytes.
    result_bytes: Amount => result_bytes,
    /// All results of a job together, in bytes.
    results_bytes: Amount => results_bytes,
    /// How many results a job may save in a second.
    result_rate: Amount => results_per_s,
    /// The largest checkpoint, in bytes.
    checkpoint_bytes: Amount => checkpoint_bytes,
    /// How many checkpoints a job may save in a second.
    checkpoint_rate: Amount => checkpoints_per_s,
    /// How many calls to its host a job may make in a second.
    host_call_rate: Amount => host_calls_per_s,
    /// How many HTTP requests a job may send.
    http_requests: Amount => http_requests,
    /// How many bytes a job may send and receive over HTTP.
    http_bytes: Amount => http_bytes,
    /// How many HTTP requests a job may have under way at once.
    http_concurrent: Amount => http_concurrent,
}

/// A number of bytes or of something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Amount(pub u64);

/// A duration, written as `90s` or `2h 15m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(pub Duration);

impl Amount {
    const IS_DURATION: bool = false;

    fn within(self, limit: u64) -> u64 {
        self.0.min(limit)
    }

    fn fault(self, limit: u64) -> Option<String> {
        match self.0 {
            0 => Some("is 0, with which no job can do anything".to_owned()),
            own => (own > limit).then(|| format!("is {own}; this host allows at most {limit}")),
        }
    }
}

impl Time {
    const IS_DURATION: bool = true;

    #[expect(clippy::unnecessary_wraps, reason = "the limit that it lowers may be none")]
    fn within(self, limit: Option<Duration>) -> Option<Duration> {
        Some(limit.map_or(self.0, |limit| self.0.min(limit)))
    }

    fn fault(self, limit: Option<Duration>) -> Option<String> {
        if self.0.is_zero() {
            return Some("is 0s, which leaves a job no time at all".to_owned());
        }
        let limit = limit.filter(|limit| self.0 > *limit)?;
        let shown = |time| humantime::format_duration(time);
        Some(format!("is {}; this host allows at most {}", shown(self.0), shown(limit)))
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&humantime::format_duration(self.0))
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        /// Longer ones would overflow clocks; nobody waits for them.
        const LONGEST: Duration = Duration::from_hours(100 * 365 * 24);
        let text = String::deserialize(deserializer)?;
        let time = humantime::parse_duration(&text).ok().filter(|time| *time <= LONGEST);
        let time = time.ok_or_else(|| {
            let shown: String = text.chars().take(50).collect();
            serde::de::Error::custom(format!("`{shown}` is not a duration up to 100 years, such as `90s` or `2h 15m`"))
        })?;
        Ok(Self(Duration::from_millis(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_only_lower_those_of_the_host() {
        let text = r#"{"memory": 1000000, "max_duration": "1m", "http_requests": 5}"#;
        let own: LimitGrants = serde_json::from_str(text).expect("limits");
        let host = JobLimits { http_requests: 3, ..JobLimits::default() };
        let lowered = own.lower(host.clone());
        assert_eq!((lowered.memory_bytes, lowered.http_requests), (1_000_000, 3));
        assert_eq!((lowered.max_duration, lowered.cpu_time), (Some(Duration::from_mins(1)), None));
        let mut faults = Vec::new();
        own.faults(&host, &mut faults);
        let faults: Vec<_> = faults.iter().map(|fault| (fault.pointer.as_str(), fault.detail.as_str())).collect();
        assert_eq!(faults, [("/limits/http_requests", "is 5; this host allows at most 3")]);
    }

    #[test]
    fn nothing_and_forever_are_no_limits() {
        let own: LimitGrants = serde_json::from_str(r#"{"memory": 0, "cpu_time": "0s"}"#).expect("limits");
        let mut faults = Vec::new();
        own.faults(&JobLimits::default(), &mut faults);
        assert_eq!(faults.len(), 2);
        for wrong in [r#"{"memory": -1}"#, r#"{"memory": "1 MiB"}"#, r#"{"cpu_time": 5}"#, r#"{"cpu_time": "101y"}"#] {
            assert!(serde_json::from_str::<LimitGrants>(wrong).is_err(), "{wrong}");
        }
    }
}
