//! The host dies at either side of every kind of commit, or its database refuses it: nothing that a client was told is
//! lost, and nothing counts twice.

use std::os::unix::process::ExitStatusExt as _;
use std::thread;

use cofferdam_test_postgres::Cluster;
use rustix::process::Signal;
use serde_json::{Value, json};

use super::ledger::{assert_each_once, dense_log};
use crate::harness::{Answer, Client, Guest, Host, Job, Request, Status, eventually};

/// Every kind of write, as `host/src/store/failpoints.rs` names them, but the end of a trial, which needs a suspect, and what
/// retention does, which needs something old.
const KINDS: [&str; 23] = [
    "register-node",
    "recover",
    "put-module",
    "remove-module",
    "set-grants",
    "put-secret",
    "remove-secret",
    "put-schedule",
    "fire-schedule",
    "remove-schedule",
    "create-job",
    "claim",
    "append-logs",
    "save-result",
    "save-progress",
    "save-checkpoint",
    "finish",
    "request-stop",
    "resume-job",
    "delete-job",
    "keep-job",
    "heartbeat",
    "leave-node",
];
/// What `access.rs` lets it die at: from the first token on, everybody needs one.
pub(super) const OF_ACCESS: [&str; 6] =
    ["create-token", "revoke-token", "touch-tokens", "create-ticket", "take-ticket", "append-audit"];
/// What `tests/webhooks/crashes.rs` lets it die at: there is somebody who listens.
pub(crate) const OF_WEBHOOKS: [&str; 8] = [
    "create-webhook",
    "change-webhook",
    "rotate-webhook",
    "remove-webhook",
    "ping-webhook",
    "resend-deliveries",
    "claim-deliveries",
    "finish-delivery",
];
/// Instead of a heartbeat, where several nodes may share the database.
const BEAT: &str = "beat";
const END_OF_TRIAL: &str = "end-trial";
/// What retention does by itself; the second where one process owns the database.
const OF_RETENTION: [&str; 2] = ["prune", "shrink"];
/// A module that nobody needs.
const HELLO: &str = "/v1/modules/hello@0.1.0";
/// What the module is granted that the jobs run.
const GRANTS: &str = r#"{"env": {"MODE": "fast"}}"#;
/// A secret that nobody needs.
const SECRET: &str = "/v1/secrets/of-nobody";
/// A schedule that is only run by hand.
const SCHEDULE: &str = "/v1/schedules/of-nobody";
/// Hosts that die at the same time, each for its share of the kinds.
const LANES: usize = 4;
/// How far the job that nobody disturbs counts, and the one that is stopped, resumed and deleted.
const LONG: usize = 13;
const SHORT: usize = 20;

#[test]
fn a_host_that_dies_before_any_kind_of_commit_loses_and_doubles_nothing() {
    die_in_lanes("before", Vec::new);
}

#[test]
fn a_host_that_dies_after_any_kind_of_commit_loses_and_doubles_nothing() {
    die_in_lanes("after", Vec::new);
}

#[test]
fn a_host_on_postgres_that_dies_before_any_kind_of_commit_loses_and_doubles_nothing() {
    die_in_lanes("before", on_postgres);
}

#[test]
fn a_host_on_postgres_that_dies_after_any_kind_of_commit_loses_and_doubles_nothing() {
    die_in_lanes("after", on_postgres);
}

fn on_postgres() -> Vec<String> {
    vec![format!("database={}", Cluster::shared().create_database()), "node.lease=3s".to_owned()]
}

/// Every kind of commit once, on hosts with these settings.
fn die_in_lanes(side: &str, settings: impl Fn() -> Vec<String> + Sync) {
    let settings = &settings;
    thread::scope(|scope| {
        for lane in 0..LANES {
            scope.spawn(move || {
                let settings = settings();
                let mut host = Host::with(&settings.iter().map(String::as_str).collect::<Vec<_>>());
                host.has(Guest::Hostile);
                for kind in KINDS.iter().skip(lane).step_by(LANES) {
                    let kind = if *kind == "heartbeat" && !settings.is_empty() { BEAT } else { kind };
                    die_once(&mut host, side, kind);
                }
            });
        }
        scope.spawn(|| {
            let settings = settings();
            die_at_the_end_of_a_trial(&settings.iter().map(String::as_str).collect::<Vec<_>>(), side);
        });
        scope.spawn(|| {
            let settings = settings();
            die_at_a_removal(&settings.iter().map(String::as_str).collect::<Vec<_>>(), side);
        });
    });
}

/// Runs the play until the host dies, and looks after a start what has become of everything.
fn die_once(host: &mut Host, side: &str, kind: &str) {
    host.kill();
    host.start_again_failing(&format!("{side}-{kind}=return(die)"));
    let mut play = Play::default();
    if play.run(host).is_ok() {
        host.signal(Signal::TERM);
    }
    let ended = host.process().wait();
    assert_eq!(ended.signal(), Some(Signal::KILL.as_raw()), "{side} {kind} was never reached: {ended:?}");
    host.start_again();
    play.check(host, &format!("{side} {kind}"));
}

/// No answer: the host has died, and whether it did what was asked is not known.
struct Unknown;

fn ask(client: &Client, request: Request) -> Result<Answer, Unknown> {
    client.try_send(request).map_err(|_| Unknown)
}

/// What a client did, and what it was told.
#[derive(Default)]
struct Play {
    /// Jobs that were answered 201 and that nobody touches.
    long: Vec<String>,
    /// A job that is stopped, resumed and deleted, as far as that was answered.
    short: Option<(String, Step)>,
    /// What was asked of it last.
    asked: Option<Step>,
    /// Whether the host has answered that the module was granted something.
    granted: bool,
}

/// What happens to the short job, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Start,
    Stop,
    Resume,
    Delete,
}

impl Play {
    /// Goes through every kind of write that a client can bring about.
    fn run(&mut self, client: &Client) -> Result<(), Unknown> {
        // It may still be there from an earlier play.
        ask(client, Request::new("DELETE", HELLO))?;
        ask(client, Request::new("POST", "/v1/modules").body("application/wasm", Guest::Hello.bytes()))?;
        ask(client, Request::new("PUT", "/v1/modules/hostile/grants").body("application/json", GRANTS))?;
        self.granted = true;
        ask(client, put_secret())?;
        ask(client, Request::new("DELETE", SCHEDULE))?;
        ask(client, put_schedule())?;
        ask(client, Request::new("POST", &format!("{SCHEDULE}/run")))?;
        self.long.push(start(client, LONG, 100)?);
        let keep = Request::new("PUT", &format!("/v1/jobs/{}/keep", self.long[0]));
        ask(client, keep.json(&json!({ "keep": true })))?;
        let short = start(client, SHORT, 50)?;
        self.short = Some((short.clone(), Step::Start));
        wait(client, &short, |job| job["results"].as_u64() > Some(1))?;
        self.step(client, Step::Stop, "POST", "/stop?wait=true")?;
        self.step(client, Step::Resume, "POST", "/resume")?;
        for job in [&self.long[0], &short] {
            wait(client, job, |job| job["status"] == "completed")?;
        }
        self.step(client, Step::Delete, "DELETE", "")?;
        ask(client, Request::new("DELETE", HELLO))?;
        ask(client, Request::new("DELETE", SECRET))?;
        ask(client, Request::new("DELETE", SCHEDULE))?;
        Ok(())
    }

    fn step(&mut self, client: &Client, step: Step, method: &'static str, path: &str) -> Result<(), Unknown> {
        let (id, done) = self.short.as_mut().expect("it was started");
        self.asked = Some(step);
        let answer = ask(client, Request::new(method, &format!("/v1/jobs/{id}{path}")))?;
        assert!(matches!(answer.status, 200 | 204), "{step:?}: {}", answer.text());
        *done = step;
        Ok(())
    }

    /// Everything that was told holds, on a host that runs again.
    fn check(&self, host: &Host, when: &str) {
        let grants: Value = host.get("/v1/modules/hostile/grants").read(200);
        let is_granted = grants["env"] == json!({ "MODE": "fast" });
        assert!(is_granted || !self.granted && grants["env"] == json!({}), "{when}: {grants}");
        for id in &self.long {
            completes(&host.job(id), LONG, when);
        }
        secrets_are_whole(host, when);
        schedules_are_whole(host, when);
        if let Some((id, done)) = &self.short {
            self.check_short(&host.job(id), *done, when);
        }
        for job in all_jobs(host) {
            // A job whose start was not answered is there whole or not at all; the one that is there runs like any.
            let view = host.job(&job).ended();
            assert!(matches!(view.status, Status::Completed | Status::Stopped), "{when}: {view:?}");
            dense_log(&host.job(&job));
        }
    }

    fn check_short(&self, job: &Job, done: Step, when: &str) {
        let asked = self.asked.unwrap_or(Step::Start);
        if done == Step::Delete || asked == Step::Delete && job.get("").status == 404 {
            job.get("").problem(404, "unknown_job");
            return;
        }
        let view = job.ended();
        let stopped = view.status == Status::Stopped;
        let may_be_stopped = matches!((done, asked), (Step::Stop, _) | (Step::Start, Step::Stop));
        let must_be_stopped = (done, asked) == (Step::Stop, Step::Stop);
        assert!(if stopped { may_be_stopped } else { !must_be_stopped }, "{when}: {done:?}, {asked:?}, {view:?}");
        if !stopped {
            completes(job, SHORT, when);
        }
    }
}

fn put_secret() -> Request {
    Request::new("PUT", SECRET).json(&json!({ "value": "a value of nobody", "hosts": ["nobody.example"] }))
}

/// It would come in years; what it starts ends by itself.
fn put_schedule() -> Request {
    let job = json!({ "module_id": "hostile", "inputs": { "behaviour": "count", "to": 1 } });
    let schedule = json!({ "name": "of-nobody", "cron": "0 0 29 2 *", "job": job });
    Request::new("POST", "/v1/schedules").json(&schedule)
}

/// A run that was noted has its job, and a job its run.
#[track_caller]
fn schedules_are_whole(host: &Host, when: &str) {
    let list: Value = host.get("/v1/schedules").read(200);
    for schedule in list["schedules"].as_array().expect("a list") {
        let jobs: Value = host.get("/v1/jobs?schedule=of-nobody").read(200);
        let jobs: Vec<_> = jobs["jobs"].as_array().expect("a list").iter().map(|job| &job["id"]).collect();
        let newest = &schedule["last_run"]["job_id"];
        assert_eq!(jobs.first().copied().unwrap_or(&Value::Null), newest, "{when}: {schedule}");
        assert!(jobs.len() <= 1 && schedule["next_run_at"].is_string(), "{when}: {jobs:?}, {schedule}");
    }
}

/// It is there with all it has, or not at all.
#[track_caller]
fn secrets_are_whole(host: &Host, when: &str) {
    let list: Value = host.get("/v1/secrets").read(200);
    for secret in list["secrets"].as_array().expect("a list") {
        assert_eq!((&secret["name"], &secret["hosts"]), (&json!("of-nobody"), &json!(["nobody.example"])), "{when}");
    }
}

#[track_caller]
fn completes(job: &Job, to: usize, when: &str) {
    let view = job.ended();
    assert_eq!((view.status, view.error), (Status::Completed, None), "{when}");
    assert_each_once(job, "n", to);
    dense_log(job);
}

fn start(client: &Client, to: usize, pause_ms: u64) -> Result<String, Unknown> {
    let inputs = json!({ "behaviour": "count", "to": to, "pause_ms": pause_ms });
    let body = json!({ "module_id": "hostile", "inputs": inputs });
    let job: Value = ask(client, Request::new("POST", "/v1/jobs").json(&body))?.read(201);
    Ok(job["id"].as_str().expect("a job has an id").to_owned())
}

fn wait(client: &Client, id: &str, is_true: impl Fn(&Value) -> bool) -> Result<(), Unknown> {
    eventually("the job is as far, or the host has died", || {
        match ask(client, Request::new("GET", &format!("/v1/jobs/{id}"))) {
            Err(Unknown) => Some(Err(Unknown)),
            Ok(answer) => is_true(&answer.read(200)).then_some(Ok(())),
        }
    })
}

fn all_jobs(host: &Host) -> Vec<String> {
    let page: Value = host.get("/v1/jobs?limit=1000").read(200);
    let jobs = page["jobs"].as_array().expect("a list");
    jobs.iter().map(|job| job["id"].as_str().expect("an id").to_owned()).collect()
}

/// Two crashes make a suspect; its host then dies where the trial ends, and the trial is taken up again.
fn die_at_the_end_of_a_trial(settings: &[&str], side: &str) {
    let mut host = Host::with(settings);
    let job = host.hostile(json!({ "behaviour": "spin" }));
    // While another job is there, the crashes before the trial are nobody's alone.
    let neighbour = host.hostile(json!({ "behaviour": "count", "to": 1_000_000, "pause_ms": 50 }));
    neighbour.reaches(Status::Running);
    for attempt in 1..=2 {
        job.until("it runs", |job| job.attempt == attempt && job.status == Status::Running);
        host.kill();
        if attempt == 1 {
            host.start_again();
        }
    }
    host.start_again_failing(&format!("{side}-{END_OF_TRIAL}=return(die)"));
    let ended = host.process().wait();
    assert_eq!(ended.signal(), Some(Signal::KILL.as_raw()), "the end of a trial was never reached: {ended:?}");
    host.start_again();
    job.until("it runs once more", |job| job.attempt == 4 && job.status == Status::Running);
    job.stop_and_wait();
    neighbour.stop_and_wait();
}

/// The host dies where retention removes an old job, and where it gives its room back; then both are done, and a job that is
/// to be kept has all it had.
fn die_at_a_removal(settings: &[&str], side: &str) {
    let mut host = Host::with(settings);
    let kept = host.hostile(json!({ "behaviour": "count", "to": LONG }));
    kept.ended();
    host.put(&kept.path("/keep"), &json!({ "keep": true })).expect(200);
    let old = host.hostile(json!({ "behaviour": "flood_log", "lines": 24_000, "bytes": 1_000 }));
    old.ended();
    host.kill();
    for setting in ["retention.completed=1s", "retention.look=1s", "retention.database=16MiB"] {
        host.set(setting);
    }
    let is_shared = settings.iter().any(|setting| setting.starts_with("database="));
    for kind in OF_RETENTION.iter().take(if is_shared { 1 } else { 2 }) {
        host.start_again_failing(&format!("{side}-{kind}=return(die)"));
        let ended = host.process().wait();
        assert_eq!(ended.signal(), Some(Signal::KILL.as_raw()), "{side} {kind} was never reached: {ended:?}");
    }
    host.start_again();
    eventually("the old job is gone", || (old.get("").status == 404).then_some(()));
    completes(&kept, LONG, side);
}

#[test]
fn a_commit_of_any_kind_that_the_database_refuses_is_tried_again_or_told() {
    let mut host = Host::start();
    host.has(Guest::Hostile);
    assert!(host.terminate().success());
    // A host that cannot even say that it is there does not start; its first claims may be in the same commit.
    let refused = || KINDS.iter().filter(|kind| !["register-node", "recover"].contains(*kind));
    let when = |kind: &str| if kind == "claim" { "2*off->" } else { "" };
    let failpoints: Vec<_> = refused().map(|kind| format!("before-{kind}={}1*return(refuse)", when(kind))).collect();
    host.start_again_failing(&failpoints.join(";"));

    // A refusal means that nothing was written, so that a client may ask again; it may be meant for what else is in the
    // same commit, so that any request may meet one.
    let insist = |request: Request, status: u16| {
        let answer = eventually("it is not refused", || {
            let answer = host.send(request.clone());
            if answer.status == 503 {
                answer.problem(503, "database_unavailable");
                return None;
            }
            Some(answer)
        });
        answer.expect(status)
    };
    insist(Request::new("POST", "/v1/modules").body("application/wasm", Guest::Hello.bytes()), 201);
    insist(Request::new("PUT", &format!("{HELLO}/grants")).body("application/json", GRANTS), 200);
    let start = |inputs: Value| {
        let body = json!({ "module_id": "hostile", "inputs": inputs });
        let started: Value = insist(Request::new("POST", "/v1/jobs").json(&body), 201).read(201);
        host.job(started["id"].as_str().expect("a job has an id"))
    };
    let job = start(json!({ "behaviour": "count", "to": LONG, "pause_ms": 100 }));
    let view = job.ended();
    assert_eq!((view.status, view.attempt, view.error), (Status::Completed, 1, None));
    assert_each_once(&job, "n", LONG);
    dense_log(&job);

    let stopped = start(json!({ "behaviour": "sleep_for_ever" }));
    stopped.reaches(Status::Running);
    insist(Request::new("POST", &stopped.path("/stop")), 200);
    assert_eq!(stopped.ended().status, Status::Stopped);
    insist(Request::new("POST", &stopped.path("/resume")), 200);
    insist(Request::new("POST", &stopped.path("/stop?wait=true")), 200);
    insist(Request::new("PUT", &stopped.path("/keep")).json(&json!({ "keep": true })), 200);
    insist(Request::new("DELETE", &stopped.path("")), 204);
    insist(Request::new("DELETE", HELLO), 204);
    insist(put_secret(), 201);
    insist(Request::new("DELETE", SECRET), 204);
    insist(put_schedule(), 201);
    insist(Request::new("POST", &format!("{SCHEDULE}/run")), 201);
    insist(Request::new("DELETE", SCHEDULE), 204);
    assert!(host.terminate().success(), "it ends in good order, though its leave was refused");
    for kind in refused() {
        assert!(host.stderr().contains(&format!("the failpoint before-{kind} ")), "{kind} was never refused");
    }
}
