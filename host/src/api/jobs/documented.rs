//! What `/v1/jobs` takes and answers is what the document says, field by field.

use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};

use super::attempts::AttemptPageJson;
use super::checkpoint::CheckpointJson;
use super::job_json::JobJson;
use super::list::JobPageJson;
use super::logs::page::LogPageJson;
use super::results::ResultPageJson;
use super::resume::ResumeBody;
use super::start::StartBody;
use super::stop::StopJson;
use crate::api::document::assert_documented;
use crate::api::extract::parse_json;
use crate::domain::{
    AttemptOutcome, AttemptPage, Digest, ErrorCode, Job, JobError, JobId, JobLimits, JobPage, JobQueue, JobSchedule,
    JobState, JsonObject, Labels, LimitGrants, LogGap, LogPage, ModuleLabel, NodeId, Priority, Progress, Removed,
    ResultPage, RetryPolicy, ScheduleId, StartRate, Status, StopReason, Stopped, StoredAttempt, StoredCheckpoint,
    StoredResult, Timestamp, Usage,
};
use crate::scheduler::StopAnswer;

fn shown<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).expect("JSON")
}

fn job(state: JobState) -> Job {
    Job {
        id: JobId::new(),
        module: ModuleLabel {
            name: "csv-profile".to_owned(),
            version: "1.0.0".parse().expect("a version"),
            digest: Digest::from_bytes([1; 32]),
        },
        state,
        inputs: JsonObject::parse(r#"{"b":1,"a":2.50}"#).expect("an object"),
        settings: JsonObject::empty(),
        max_duration: Some(Duration::from_hours(1)),
        limits: LimitGrants::default(),
        stop_grace: Duration::from_secs(5),
        retry: RetryPolicy::NEVER,
        retries: 0,
        priority: Priority::default(),
        labels: Labels::default(),
        queue: Some(JobQueue {
            key: "customer-7".parse().expect("a key"),
            concurrency: Some(2),
            rate: Some(StartRate { starts: 10, per_ms: 60_000 }),
        }),
        unique_key: Some("import-7".parse().expect("a key")),
        schedule: Some(JobSchedule {
            id: ScheduleId::new(),
            name: "nightly".parse().expect("a name"),
            scheduled_for: Timestamp::from_millis(0),
        }),
        run_after: None,
        attempt: 2,
        created_at: Timestamp::from_millis(1_700_000_000_042),
        started_at: Some(Timestamp::from_millis(1_700_000_000_043)),
        progress: Some(Progress { done: 3, total: None }),
        last_log_seq: 9,
        results: 4,
        checkpoint_saved_at: None,
        usage: Usage::default(),
        keep: false,
        removed: Removed::default(),
        node: Some(NodeId::new()),
    }
}

#[test]
fn a_job_in_every_status() {
    let at = Timestamp::from_millis(1_700_000_000_999);
    let error = JobError { code: ErrorCode::MemoryLimit, message: "no memory".to_owned(), backtrace: None };
    let failed = shown(&JobJson::new(&job(JobState::Failed { at, error }), &JobLimits::default()));
    let stop = Stopped { reason: StopReason::DurationLimit, forced: true };
    let stopped = shown(&JobJson::new(&job(JobState::Stopped { at, stop }), &JobLimits::default()));
    let pending = shown(&JobJson::new(&job(JobState::Pending), &JobLimits::default()));
    for shown in [&failed, &stopped, &pending] {
        assert_documented("Job", shown);
        assert_documented("ModuleLabel", &shown["module"]);
        assert_documented("Progress", &shown["progress"]);
        assert_documented("JobUsage", &shown["usage"]);
        assert_documented("JobRemoved", &shown["removed"]);
        assert_documented("Limits", &shown["limits"]);
        assert_documented("JobSchedule", &shown["schedule"]);
        assert_documented("JobQueue", &shown["queue"]);
        assert_documented("StartRate", &shown["queue"]["rate"]);
        assert_eq!(shown["labels"], json!({}));
    }
    assert_documented("JobError", &failed["error"]);
    assert_documented("JobStop", &stopped["stop"]);
    assert_eq!(failed["error"]["code"], "memory-limit");
    assert_eq!(stopped["stop"], json!({"reason": "duration-limit", "forced": true}));
    assert_eq!(stopped["finished_at"], "2023-11-14T22:13:20.999Z");
    assert_eq!(
        (&pending["finished_at"], &pending["error"], &pending["stop"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert_eq!((&pending["max_duration"], &pending["status"]), (&json!("1h"), &json!("pending")));
}

#[test]
fn inputs_come_back_as_they_were_sent() {
    let text = serde_json::to_string(&JobJson::new(&job(JobState::Running), &JobLimits::default())).expect("JSON");
    assert!(text.contains(r#""inputs":{"b":1,"a":2.50}"#), "{text}");
}

#[test]
fn every_page() {
    let (time, data) = (Timestamp::from_millis(0), JsonObject::empty());
    let jobs = JobPage { jobs: vec![job(JobState::Running)], next: Some(JobId::new()) };
    assert_documented("JobPage", &shown(&JobPageJson::new(&jobs, &JobLimits::default())));
    let last = JobPage { jobs: Vec::new(), next: None };
    assert_eq!(shown(&JobPageJson::new(&last, &JobLimits::default())), json!({"jobs": [], "next_cursor": null}));
    let result =
        StoredResult { seq: 1, time, attempt: 1, provisional: true, superseded: false, data: JsonObject::empty() };
    let results = shown(&ResultPageJson::from(&ResultPage { results: vec![result], next_after: 1 }));
    assert_documented("ResultPage", &results);
    assert_documented("JobResult", &results["results"][0]);
    let ended = Some((time, AttemptOutcome::Crashed));
    let attempt = StoredAttempt { seq: 3, attempt: 1, node: NodeId::new(), started_at: time, ended };
    let attempts = shown(&AttemptPageJson::from(&AttemptPage { attempts: vec![attempt], next_after: 3 }));
    assert_documented("AttemptPage", &attempts);
    assert_documented("Attempt", &attempts["attempts"][0]);
    assert_eq!(attempts["attempts"][0]["outcome"], "crashed");
    let log = LogPage {
        lines: Vec::new(),
        gap: Some(LogGap { from: 1, to: 3 }),
        next_after: 3,
        status: Status::Completed,
        last_seq: 3,
    };
    assert_eq!(
        shown(&LogPageJson::from(&log)),
        json!({"lines": [], "gap": {"from": 1, "to": 3, "reason": "retention"}, "next_after": 3, "ended": true})
    );
    assert_documented("LogPage", &shown(&LogPageJson::from(&log)));
    assert_documented("LogGap", &shown(&LogPageJson::from(&log))["gap"]);
    let checkpoint = StoredCheckpoint { checkpoint: data, attempt: 0, saved_at: time };
    assert_documented("Checkpoint", &shown(&CheckpointJson::from(&checkpoint)));
    assert_documented("StopAnswer", &shown(&StopJson::from(StopAnswer { stopped: true, status: Status::Running })));
}

#[test]
fn every_request() {
    let start = json!({"module_id": "a", "inputs": {}, "settings": {}, "checkpoint": null, "max_duration": "1h",
        "stop_grace": "5s", "retry": {"max_attempts": 3, "backoff": "10s"}, "run_after": "2030-01-01T00:00:00Z",
        "priority": 0, "labels": {}, "queue": {"key": "customer-7", "concurrency": 2,
        "rate": {"limit": 10, "per": "1m"}}, "unique": {"key": "import-7", "on_conflict": "return"}});
    assert_documented("StartJob", &start);
    assert_documented("UniqueJob", &start["unique"]);
    assert_documented("Retry", &start["retry"]);
    parse_json::<StartBody>(start.to_string().as_bytes()).expect("every documented field is taken");
    let resume = json!({"module_id": "a@1.0.0", "inputs": {}, "settings": {}, "checkpoint": {}, "max_duration": "1h"});
    assert_documented("ResumeJob", &resume);
    parse_json::<ResumeBody>(resume.to_string().as_bytes()).expect("every documented field is taken");
}
