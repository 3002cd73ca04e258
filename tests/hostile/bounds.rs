//! The host that these tests share, and the bounds within which it has to end a module that does not end by itself.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::{Host, Job, JobView, Level, Shared, Source, Status};

/// None of these tests disturbs another on the same host.
pub(super) static HOST: Shared = Shared::new();

/// The grace that the tests give, so that they need not wait for the usual five seconds.
pub(super) const GRACE: Duration = Duration::from_millis(300);
/// The duration limit that the tests give.
pub(super) const LIMIT: Duration = Duration::from_millis(400);
/// How late an end may be: one second by the host's promise, the rest because the machine runs other tests meanwhile.
const LATE: Duration = Duration::from_secs(1 + 5);

/// Starts the hostile guest with the short grace.
#[track_caller]
pub(super) fn start(host: &Host, inputs: Value) -> Job {
    host.hostile_with(inputs, json!({ "stop_grace": "300ms" }))
}

/// Why a job was stopped, and whether by force.
pub(super) fn stop_of(view: &JobView) -> Option<(&str, bool)> {
    view.stop.as_ref().map(|stop| (stop.reason.as_str(), stop.forced))
}

/// Asks a running job to stop that does not care, and makes sure that it was ended by force and in time.
#[track_caller]
pub(super) fn assert_force_ends(job: &Job) -> JobView {
    job.reaches(Status::Running);
    let asked = Instant::now();
    let answer = job.stop_and_wait();
    let took = asked.elapsed();
    assert!((GRACE..=GRACE + LATE).contains(&took), "ended {took:?} after the request, with a grace of {GRACE:?}");
    assert_eq!((answer.stopped, answer.status), (true, Status::Stopped));
    let view = job.show();
    assert_eq!(stop_of(&view), Some(("requested", true)));
    assert_eq!((view.attempt, &view.error), (1, &None));
    view
}

/// Starts a job with a duration limit that it does not care about, and makes sure that it was ended by force and in
/// time, and that the log says why.
#[track_caller]
pub(super) fn assert_limit_ends(host: &Host, inputs: Value) -> JobView {
    let job = host.hostile_with(inputs, json!({ "stop_grace": "300ms", "max_duration": "400ms" }));
    let view = job.ended();
    assert_eq!(view.status, Status::Stopped);
    assert_eq!((stop_of(&view), &view.error), (Some(("duration-limit", true)), &None));
    let took = Duration::from_millis(view.usage.run_time_ms);
    assert!((LIMIT + GRACE..=LIMIT + GRACE + LATE).contains(&took), "a run time of {took:?}");
    let log = job.log();
    let said: Vec<_> = log.iter().filter(|line| line.source == Source::Host).collect();
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!((said[0].message.as_str(), said[0].level), ("Duration limit reached", Level::Warn));
    view
}

/// Runs the hostile guest to its end.
#[track_caller]
pub(super) fn run(host: &Host, inputs: Value) -> (Job, JobView) {
    let job = host.hostile(inputs);
    let view = job.ended();
    (job, view)
}

/// Runs the hostile guest to the end that every host lets it have.
#[track_caller]
pub(super) fn complete(host: &Host, inputs: Value) -> Job {
    let (job, view) = run(host, inputs);
    assert_eq!(view.status, Status::Completed, "{view:?}");
    assert_eq!((view.attempt, &view.error, &view.stop), (1, &None, &None));
    job
}
