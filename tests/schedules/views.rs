//! A schedule, asked over HTTP.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::harness::{Client, Guest, Host, JobSchedule, Request, eventually};

/// A schedule that was made.
pub(crate) struct Scheduled {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// What an occurrence came to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Run {
    pub(crate) seq: u64,
    pub(crate) scheduled_for: String,
    pub(crate) at: String,
    pub(crate) by_hand: bool,
    pub(crate) outcome: String,
    pub(crate) job_id: Option<String>,
    pub(crate) missed_until: Option<String>,
    pub(crate) problem: Option<String>,
}

impl Scheduled {
    /// A schedule of the module `hello`, with these fields beside.
    #[track_caller]
    pub(crate) fn hello(host: &Host, name: &str, cron: &str, fields: Value) -> Self {
        host.has(Guest::Hello);
        Self::of(host, name, cron, &json!({ "module_id": "hello" }), fields)
    }

    /// A schedule of a job, with these fields beside.
    #[track_caller]
    pub(crate) fn of(client: &Client, name: &str, cron: &str, job: &Value, mut fields: Value) -> Self {
        fields["name"] = json!(name);
        fields["cron"] = json!(cron);
        fields["job"] = job.clone();
        let made: Value = client.post("/v1/schedules", &fields).read(201);
        Self { id: made["id"].as_str().expect("an id").to_owned(), name: name.to_owned() }
    }

    pub(crate) fn path(&self, part: &str) -> String {
        format!("/v1/schedules/{}{part}", self.name)
    }

    #[track_caller]
    pub(crate) fn show(&self, client: &Client) -> Value {
        client.get(&self.path("")).read(200)
    }

    #[track_caller]
    pub(crate) fn tell(&self, client: &Client, verb: &str) -> Value {
        client.send(Request::new("POST", &self.path(&format!("/{verb}")))).read(200)
    }

    /// What its occurrences came to, oldest first.
    #[track_caller]
    pub(crate) fn runs(&self, client: &Client) -> Vec<Run> {
        #[derive(Deserialize)]
        struct Page {
            runs: Vec<Run>,
        }
        let Page { mut runs } = client.get(&self.path("/runs?limit=1000")).read(200);
        runs.reverse();
        runs
    }

    /// Waits until its occurrences are like this.
    #[track_caller]
    pub(crate) fn until(&self, client: &Client, what: &str, is_true: impl Fn(&[Run]) -> bool) -> Vec<Run> {
        eventually(what, || Some(self.runs(client)).filter(|runs| is_true(runs)))
    }

    /// What started its jobs, as these say, oldest first.
    #[track_caller]
    pub(crate) fn started(&self, client: &Client) -> Vec<JobSchedule> {
        #[derive(Deserialize)]
        struct Page {
            jobs: Vec<Started>,
        }
        #[derive(Deserialize)]
        struct Started {
            schedule: JobSchedule,
        }
        let Page { mut jobs } = client.get(&format!("/v1/jobs?limit=1000&schedule={}", self.id)).read(200);
        jobs.reverse();
        jobs.into_iter().map(|job| job.schedule).collect()
    }
}

/// A time as the API writes it, in seconds since 1970.
#[track_caller]
pub(crate) fn seconds(time: &str) -> u64 {
    let time = humantime::parse_rfc3339(time).expect("a time");
    time.duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs()
}

/// Fails unless these are seconds one after the other, without hole or repeat.
#[track_caller]
pub(crate) fn assert_each_second(times: &[String]) {
    let seconds: Vec<u64> = times.iter().map(|time| seconds(time)).collect();
    let expected: Vec<u64> = (seconds[0]..).take(seconds.len()).collect();
    assert_eq!(seconds, expected, "a hole or a repeat");
}
