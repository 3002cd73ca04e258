//! The crate as a library, without HTTP: what a program that embeds Cofferdam relies on.
//!
//! A program of its own, because linking the library takes longer than running the tests.

mod names;

use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cofferdam::app::{Host, HostError, HostOptions};
use cofferdam::domain::{After, Job, JobId, JobState, JsonObject, LogLevel, Results, Status, StopReason, Stopped};
use cofferdam::registry::OnConflict;
use cofferdam::sandbox::{Compiler, SandboxError};
use cofferdam::scheduler::{
    CheckpointChange, CheckpointFuse, HostStatus, LogEvent, LogSubscription, ResumeJob, StartError, StartJob, StreamCut,
};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_mins(1);

fn component(name: &str) -> Vec<u8> {
    let Some(folder) = std::env::var_os("COFFERDAM_MODULES").map(PathBuf::from) else {
        panic!("COFFERDAM_MODULES is not set: run these tests by `cargo xtask test`, which builds what they need");
    };
    std::fs::read(folder.join(name).with_extension("wasm")).expect("`cargo xtask test` makes it")
}

async fn open(folder: &Path) -> Host {
    // Compiled code is checked before it is used, so that all tests may share it.
    let cache_dir = Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled"));
    Host::open(HostOptions { cache_dir, ..HostOptions::in_folder(folder, Compiler::InProcess) })
        .await
        .expect("the host opens")
}

async fn add(host: &Host, name: &str) {
    host.registry.add(component(name).into(), OnConflict::Refuse).await.expect("the module is admitted");
}

fn hostile(inputs: &str) -> StartJob {
    let module = "hostile".parse().expect("a module's name");
    StartJob { inputs: JsonObject::parse(inputs).expect("a JSON object"), ..StartJob::of(module) }
}

/// The next event, which has to come.
async fn next(log: &mut LogSubscription) -> Result<Option<LogEvent>, StreamCut> {
    tokio::time::timeout(PATIENCE, log.next()).await.expect("the subscription says something")
}

/// All messages from the subscription's place to the end of the job, and how it ended.
async fn follow(mut log: LogSubscription) -> (Vec<String>, Status) {
    let mut messages = Vec::new();
    loop {
        match next(&mut log).await.expect("the subscription is not cut") {
            Some(LogEvent::Lines(lines)) => messages.extend(lines.into_iter().map(|line| line.message)),
            Some(LogEvent::End { status, .. }) => return (messages, status),
            other => panic!("{other:?} among the lines"),
        }
    }
}

async fn results(host: &Host, job: JobId) -> Vec<String> {
    let part = After { after: 0, limit: 1000 };
    let page = host.scheduler.results(job, part, Results::Current).await.expect("the database answers");
    page.expect("the job is there").results.iter().map(|row| row.data.as_str().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_starts_a_job_follows_its_log_and_reads_its_results() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let host = open(folder.path()).await;
    add(&host, "hello").await;
    let request = StartJob {
        inputs: JsonObject::parse(r#"{"name": "Ada"}"#).expect("a JSON object"),
        settings: JsonObject::parse(r#"{"greeting": "Good day"}"#).expect("a JSON object"),
        max_duration: Some(Duration::from_mins(1)),
        ..StartJob::of("hello".parse().expect("a module's name"))
    };
    let job = host.scheduler.start_job(request).await.expect("the job is accepted");
    let log = host.scheduler.subscribe_logs(job, 0).await.expect("the job is there");
    assert_eq!(follow(log).await, (vec!["Good day, Ada!".to_owned()], Status::Completed));
    assert_eq!(results(&host, job).await, [r#"{"greeting":"Good day, Ada!"}"#]);
    host.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_names_who_compiles_for_it_and_nobody_else_does() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let worker = |path: PathBuf| HostOptions {
        cache_dir: Some(folder.path().join("code")),
        ..HostOptions::in_folder(folder.path().join("data"), Compiler::Worker(path))
    };
    let missing = Host::open(worker("/nowhere/cofferdam".into())).await;
    let Err(HostError::Sandbox(error @ SandboxError::NoWorker { .. })) = missing.map(drop) else {
        panic!("a worker that is not there")
    };
    assert!(error.to_string().contains("/nowhere/cofferdam"), "{error}");

    let of_another_kind = Host::open(worker("/bin/true".into())).await.expect("it can be started");
    let refused = of_another_kind.registry.add(component("hello").into(), OnConflict::Refuse).await;
    assert!(refused.is_err(), "{refused:?}");
    of_another_kind.shutdown().await;

    let binary = std::env::var_os("COFFERDAM_BIN").expect("`cargo xtask test` sets it");
    let host = Host::open(worker(binary.into())).await.expect("the host opens");
    add(&host, "hello").await;
    host.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_request_is_an_error_value() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let host = open(folder.path()).await;
    let unknown = host.scheduler.start_job(StartJob::of("nobody".parse().expect("a name"))).await;
    assert!(matches!(&unknown, Err(StartError::UnknownModule(_))), "{unknown:?}");
    add(&host, "hostile").await;
    let wrong = host.scheduler.start_job(hostile(r#"{"behaviour": "nothing of the kind"}"#)).await;
    let Err(StartError::Violations(violations)) = wrong else { panic!("{wrong:?}") };
    assert!(violations[0].pointer.starts_with("/inputs"), "{violations:?}");
    host.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_stopped_and_resumed_from_a_given_checkpoint() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let host = open(folder.path()).await;
    add(&host, "hostile").await;
    let job = host.scheduler.start_job(hostile(r#"{"behaviour": "honour_stop_request"}"#)).await.expect("accepted");
    let mut log = host.scheduler.subscribe_logs(job, 0).await.expect("the job is there");
    assert!(matches!(next(&mut log).await, Ok(Some(LogEvent::Lines(_)))));
    let answer = host.scheduler.stop_job_and_wait(job).await.expect("the job is there");
    assert_eq!((answer.stopped, answer.status), (true, Status::Stopped));
    assert!(!host.scheduler.stop_job(job).await.expect("the job is there").stopped, "it has ended");
    assert!(host.scheduler.stop_job(JobId::new()).await.is_err(), "there is no such job");

    let given = JsonObject::parse(r#"{"n": 7, "attempt": 0}"#).expect("a JSON object");
    let request = ResumeJob {
        inputs: Some(JsonObject::parse(r#"{"behaviour": "count", "to": 8}"#).expect("a JSON object")),
        checkpoint: CheckpointChange::Replace(given),
        ..ResumeJob::default()
    };
    let resumed = host.scheduler.resume_job(job, request).await.expect("a stopped job can be resumed");
    let log = host.scheduler.subscribe_logs(job, resumed.last_log_seq).await.expect("the job is there");
    assert_eq!(follow(log).await, (vec!["attempt 2 goes on after 7".to_owned(), "8".to_owned()], Status::Completed));
    host.shutdown().await;
}

fn fuse(after: u64) -> CheckpointFuse {
    CheckpointFuse::after(NonZeroU64::new(after).expect("not zero"))
}

/// The job once it has ended, with the number of its checkpoint, and the messages since `after`.
async fn ended(host: &Host, id: JobId, after: u64) -> (Job, Option<u64>, Vec<String>) {
    let log = host.scheduler.subscribe_logs(id, after).await.expect("the job is there");
    let (messages, _) = follow(log).await;
    let job = host.scheduler.job(id).await.expect("the database answers").expect("the job is there");
    let saved = host.scheduler.checkpoint(id).await.expect("the database answers").expect("the job is there");
    (job, saved.and_then(|saved| saved.checkpoint.value()["n"].as_u64()), messages)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fuse_kills_a_job_right_after_a_checkpoint_and_a_resume_goes_on_from_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let host = open(folder.path()).await;
    add(&host, "hostile").await;
    let first = fuse(3);
    let request = StartJob { fuse: Some(first.clone()), ..hostile(r#"{"behaviour": "count", "to": 6}"#) };
    let id = host.scheduler.start_job(request).await.expect("accepted");
    let (job, saved, messages) = ended(&host, id, 0).await;
    let JobState::Stopped { stop, .. } = job.state else { panic!("{job:?}") };
    assert_eq!(stop, Stopped { reason: StopReason::Requested, forced: true });
    assert_eq!((saved, job.results, first.saved(), first.has_blown()), (Some(3), 3, 3, true));
    // It was not asked, and it did not come back from that call: else it had reported that 3 are done.
    assert_eq!(messages, ["attempt 1 goes on after 0", "1", "2", "3"]);
    assert!(job.progress.is_none_or(|progress| progress.done == 2), "{:?}", job.progress);

    let second = fuse(1);
    let again = ResumeJob { fuse: Some(second.clone()), ..ResumeJob::default() };
    let resumed = host.scheduler.resume_job(id, again).await.expect("a stopped job can be resumed");
    let (job, saved, messages) = ended(&host, id, resumed.last_log_seq).await;
    assert_eq!((job.state.status(), saved, second.saved(), first.saved()), (Status::Stopped, Some(4), 1, 3));
    assert_eq!(messages, ["attempt 2 goes on after 3", "4"]);

    let resumed = host.scheduler.resume_job(id, ResumeJob::default()).await.expect("a stopped job can be resumed");
    let (job, saved, _) = ended(&host, id, resumed.last_log_seq).await;
    assert_eq!((job.state.status(), saved, job.attempt, second.saved()), (Status::Completed, Some(6), 3, 1));
    let numbers = |n: u64, attempt: u32| format!(r#"{{"n":{n},"attempt":{attempt}}}"#);
    let expected = [(1, 1), (2, 1), (3, 1), (4, 2), (5, 3), (6, 3)].map(|(n, attempt)| numbers(n, attempt));
    assert_eq!(results(&host, id).await, expected, "every result counts once");
    host.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fuse_counts_also_where_it_never_blows_and_a_refused_resume_leaves_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let host = open(folder.path()).await;
    add(&host, "hostile").await;
    let (counting, late) = (CheckpointFuse::counting(), fuse(8));
    for (fuse, saved) in [(&counting, 7), (&late, 7)] {
        let request = StartJob { fuse: Some(fuse.clone()), ..hostile(r#"{"behaviour": "count", "to": 7}"#) };
        let id = host.scheduler.start_job(request).await.expect("accepted");
        let (job, ..) = ended(&host, id, 0).await;
        assert_eq!((job.state.status(), fuse.saved(), fuse.has_blown()), (Status::Completed, saved, false));
    }
    // A job of a second attempt: a resume that is refused while it runs changes nothing.
    let kept = fuse(2);
    let inputs = r#"{"behaviour": "count", "to": 100, "pause_ms": 100}"#;
    let request = StartJob { fuse: Some(kept.clone()), ..hostile(inputs) };
    let id = host.scheduler.start_job(request).await.expect("accepted");
    host.scheduler.resume_job(id, ResumeJob::default()).await.expect_err("it has not ended");
    let (job, saved, _) = ended(&host, id, 0).await;
    assert_eq!((job.state.status(), saved, kept.saved()), (Status::Stopped, Some(2), 2));
    host.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_status_shows_the_uptime_in_two_units_and_what_runs() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let host = open(folder.path()).await;
    add(&host, "hostile").await;
    let job = host.scheduler.start_job(hostile(r#"{"behaviour": "honour_stop_request"}"#)).await.expect("accepted");
    let mut log = host.scheduler.subscribe_logs(job, 0).await.expect("the job is there");
    next(&mut log).await.expect("it runs");
    let status = host.scheduler.get_status().await.expect("the database answers");
    assert_eq!((status.modules, status.running.as_slice(), status.jobs.running), (1, [job].as_slice(), 1));
    assert!(status.uptime <= host.scheduler.uptime() && status.uptime < PATIENCE);
    let later = HostStatus { uptime: Duration::from_secs(2 * 3600 + 15 * 60 + 42), ..status };
    assert_eq!(later.uptime_text(), "2h 15m");
    host.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_context_of_a_running_job_speaks_for_its_module() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let host = open(folder.path()).await;
    add(&host, "hostile").await;
    let job = host.scheduler.start_job(hostile(r#"{"behaviour": "honour_stop_request"}"#)).await.expect("accepted");
    let mut log = host.scheduler.subscribe_logs(job, 0).await.expect("the job is there");
    next(&mut log).await.expect("it runs");
    let context = host.scheduler.context(job).expect("it runs here");
    assert_eq!(context.job_id(), job);
    context.log("from outside", None).await;
    let Ok(Some(LogEvent::Lines(lines))) = next(&mut log).await else { panic!("a line comes") };
    assert_eq!((lines[0].message.as_str(), lines[0].level), ("from outside", LogLevel::Info));
    host.scheduler.stop_job_and_wait(job).await.expect("the job is there");
    assert!(host.scheduler.context(job).is_none(), "it runs no more");
    host.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_ends_when_it_is_unsubscribed_and_the_job_goes_on() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let host = open(folder.path()).await;
    add(&host, "hostile").await;
    let job = host.scheduler.start_job(hostile(r#"{"behaviour": "honour_stop_request"}"#)).await.expect("accepted");
    let mut log = host.scheduler.subscribe_logs(job, 0).await.expect("the job is there");
    next(&mut log).await.expect("it runs");
    assert!(host.scheduler.unsubscribe_logs(log.id()));
    assert!(!host.scheduler.unsubscribe_logs(log.id()), "there is none of this name any more");
    assert!(matches!(next(&mut log).await, Err(StreamCut::Unsubscribed)));
    let shown = host.scheduler.job(job).await.expect("the database answers").expect("the job is there");
    assert_eq!(shown.state.status(), Status::Running);
    host.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_is_opened_again_has_taken_up_its_interrupted_jobs() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let host = open(folder.path()).await;
    add(&host, "hostile").await;
    let request = hostile(r#"{"behaviour": "honour_stop_request"}"#);
    let job = host.scheduler.start_job(request).await.expect("accepted");
    let mut log = host.scheduler.subscribe_logs(job, 0).await.expect("the job is there");
    next(&mut log).await.expect("it runs");
    host.shutdown().await;
    let cut = loop {
        match next(&mut log).await {
            Ok(Some(LogEvent::Lines(_))) => {}
            other => break other,
        }
    };
    assert!(cut.is_err(), "a shutdown is not the job's end: {cut:?}");

    let host = open(folder.path()).await;
    let log = host.scheduler.subscribe_logs(job, 2).await.expect("the job is still there");
    assert_eq!(host.scheduler.resume_interrupted_jobs().await.expect("the database answers"), 0, "all were taken up");
    let mut again = host.scheduler.subscribe_logs(job, 2).await.expect("the job is still there");
    let Ok(Some(LogEvent::Lines(lines))) = next(&mut again).await else { panic!("it logs again") };
    assert_eq!((lines[0].seq, lines[0].attempt), (3, 2), "the numbers go on");
    host.scheduler.stop_job(job).await.expect("the job is there");
    assert_eq!(follow(log).await.1, Status::Stopped);
    host.shutdown().await;
}
