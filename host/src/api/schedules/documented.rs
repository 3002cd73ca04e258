//! What `/v1/schedules` takes and answers is what the document says, field by field.

use serde::Serialize;
use serde_json::{Value, json};

use super::list::SchedulePageJson;
use super::next::NextRunsJson;
use super::preview::PreviewJson;
use super::put_json::PutSchedule;
use super::runs::RunPageJson;
use super::schedule_json::ScheduleJson;
use crate::api::document::assert_documented;
use crate::api::extract::parse_json;
use crate::api::problem::{INVALID_FIELD, Problem};
use crate::domain::{
    JobId, NextRun, RunCause, Schedule, ScheduleId, SchedulePlan, ScheduleRun, ScheduleRunWhat, Timestamp,
};

fn shown<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).expect("JSON")
}

fn read(body: &Value) -> Result<SchedulePlan, Problem> {
    parse_json::<PutSchedule>(body.to_string().as_bytes())?.try_into()
}

fn put() -> Value {
    json!({"name": "nightly", "cron": "@daily", "time_zone": "Europe/Berlin", "job": {"module_id": "report"},
        "jitter": "30s", "overlap": "allow", "catch_up": {"policy": "all", "limit": 5, "max_age": "2h"},
        "late_after": "10s", "paused": true})
}

fn schedule(what: ScheduleRunWhat) -> Schedule {
    let time = Timestamp::from_millis(1_700_000_000_000);
    let run = ScheduleRun { seq: 7, scheduled_for: time, at: time, cause: RunCause::Pattern, what };
    Schedule {
        id: ScheduleId::new(),
        plan: read(&put()).expect("a plan"),
        module_name: "report".to_owned(),
        next: Some(NextRun { scheduled_for: time, fire_at: time }),
        revision: 3,
        created_by: Some("ada".to_owned()),
        created_at: time,
        updated_at: time,
        last_run: Some(run),
    }
}

#[test]
fn a_schedule_with_every_outcome() {
    let (job, until) = (JobId::new(), Timestamp::from_millis(0));
    for (what, word) in [
        (ScheduleRunWhat::Started(job), "started"),
        (ScheduleRunWhat::Skipped(job), "skipped"),
        (ScheduleRunWhat::Missed { until }, "missed"),
        (ScheduleRunWhat::Refused("no".to_owned()), "refused"),
    ] {
        let schedule = schedule(what);
        let shown = shown(&ScheduleJson::from(&schedule));
        assert_documented("Schedule", &shown);
        assert_documented("ScheduledJob", &shown["job"]);
        assert_documented("CatchUp", &shown["catch_up"]);
        assert_documented("ScheduleRun", &shown["last_run"]);
        assert_eq!(shown["last_run"]["outcome"], word);
        assert_eq!((&shown["overlap"], &shown["catch_up"]["policy"]), (&json!("allow"), &json!("all")));
        // What is shown of its job can be put again.
        let mut again = put();
        again["job"] = shown["job"].clone();
        assert_eq!(read(&again).expect("a plan"), schedule.plan);
    }
}

#[test]
fn every_page() {
    let schedule = schedule(ScheduleRunWhat::Started(JobId::new()));
    let runs = schedule.last_run.iter().map(Into::into).collect();
    assert_documented("ScheduleRunPage", &shown(&RunPageJson { runs, next_cursor: None }));
    let schedules = vec![ScheduleJson::from(&schedule)];
    assert_documented("SchedulePage", &shown(&SchedulePageJson { schedules, next_cursor: None }));
    let next = shown(&NextRunsJson { next: schedule.next.into_iter().map(Into::into).collect() });
    assert_documented("NextRuns", &next);
    assert_documented("NextRun", &next["next"][0]);
    assert_documented("CronPreview", &shown(&PreviewJson { times: vec![schedule.created_at] }));
}

#[test]
fn every_request_and_what_is_wrong_with_one() {
    assert_documented("PutSchedule", &put());
    assert_documented("PutCatchUp", &put()["catch_up"]);
    let least = json!({"name": "nightly", "cron": "@daily", "job": {"module_id": "report"}});
    let plan = read(&least).expect("a plan");
    assert_eq!(
        (plan.time_zone.as_str(), plan.overlap.as_str(), plan.catch_up.policy.as_str()),
        ("UTC", "skip", "last")
    );
    for (field, value, pointer, hint) in [
        ("name", json!("A"), "/name", "is no name of a schedule"),
        ("cron", json!(5), "/cron", "expected a string"),
        ("overlap", json!("queue up"), "/overlap", "must be one of `skip`"),
        ("catch_up", json!("all"), "/catch_up", "expected an object such as"),
        ("catch_up", json!({"policy": "some"}), "/catch_up/policy", "must be one of `none`"),
        ("jitter", json!("soon"), "/jitter", "such as `90s`"),
        ("job", json!({"module_id": "A"}), "/job/module_id", "names no module"),
        (
            "job",
            json!({"module_id": "a", "run_after": "2030-01-01T00:00:00Z"}),
            "/job/run_after",
            "the schedule says when",
        ),
        ("when", json!("now"), "/when", "expected one of `name`, `cron`"),
    ] {
        let mut body = least.clone();
        body[field] = value;
        let problem = read(&body).expect_err(pointer);
        assert_eq!(problem.kind, INVALID_FIELD, "{problem:?}");
        assert_eq!(problem.errors[0].pointer, pointer, "{problem:?}");
        assert!(problem.detail.contains(hint), "{pointer}: {}", problem.detail);
    }
}
