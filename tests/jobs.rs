//! Jobs as they are shown, listed and deleted.

use serde::Deserialize;
use serde_json::json;

use crate::harness::{Guest, Host, Job, JobView, Shared, Status};

static HOST: Shared = Shared::new();

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JobPage {
    jobs: Vec<JobView>,
    next_cursor: Option<String>,
}

fn is_time(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    shape == "0000-00-00T00:00:00.000Z"
}

/// A whole list, page by page.
fn list(host: &Host, limit: u32, filter: &str) -> Vec<String> {
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let page: JobPage = host.get(&format!("/v1/jobs?limit={limit}{filter}{cursor}")).read(200);
        assert!(page.jobs.len() <= limit as usize);
        ids.extend(page.jobs.into_iter().map(|job| job.id));
        let Some(next) = page.next_cursor else { return ids };
        cursor = format!("&cursor={next}");
    }
}

#[test]
fn a_completed_job_shows_everything_that_it_was_and_used() {
    let host = HOST.host();
    let job = host.hostile_with(json!({"behaviour": "count", "to": 3}), json!({"max_duration": "90s", "settings": {}}));
    let shown = job.reaches(Status::Completed);
    assert_eq!(shown.id, job.id);
    assert_eq!(shown.id.as_bytes()[14], b'7', "ids are UUIDv7: {}", shown.id);
    assert_eq!((shown.module.name.as_str(), shown.module.version.as_str()), ("hostile", "0.1.0"));
    assert!(shown.module.digest.starts_with("sha256:"));
    assert_eq!(shown.inputs["behaviour"], "count");
    assert_eq!((shown.max_duration.as_deref(), shown.attempt, shown.results), (Some("1m 30s"), 1, 3));
    assert_eq!(shown.last_log_seq, job.log().len() as u64);
    let times = [
        Some(&shown.created_at),
        shown.started_at.as_ref(),
        shown.checkpoint_saved_at.as_ref(),
        shown.finished_at.as_ref(),
    ];
    let times: Vec<_> = times.into_iter().map(|time| time.expect("a completed job has all its times")).collect();
    assert!(times.iter().all(|time| is_time(time)) && times.is_sorted(), "{times:?}");
    assert_eq!(shown.progress.map(|progress| (progress.done, progress.total)), Some((3, Some(3))));
    assert_eq!((shown.error, shown.stop), (None, None));
    assert!(shown.labels.is_empty());
    assert!(shown.node.is_some());
    let usage = shown.usage;
    assert!(usage.peak_memory_bytes >= 65_536 && usage.peak_memory_bytes < 64 << 20, "{usage:?}");
    assert!(usage.log_bytes > 0 && usage.result_bytes > 0 && usage.checkpoint_bytes > 0, "{usage:?}");
    assert!(usage.run_time_ms < 60_000 && usage.cpu_time_ms <= usage.run_time_ms + 1_000, "{usage:?}");
}

#[test]
fn a_pending_job_has_neither_start_nor_end_nor_node() {
    let host = Host::with(&["node.slots=1"]);
    let first = host.hostile(json!({"behaviour": "sleep_for_ever"}));
    first.reaches(Status::Running);
    let second = host.hostile(json!({"behaviour": "sleep_for_ever"}));
    let shown = second.show();
    assert_eq!((shown.status, shown.attempt), (Status::Pending, 0));
    assert_eq!((&shown.started_at, &shown.finished_at, &shown.node, &shown.progress), (&None, &None, &None, &None));
    assert_eq!((shown.last_log_seq, shown.results, shown.usage.run_time_ms), (0, 0, 0));
    first.stop_and_wait();
    second.reaches(Status::Running);
}

#[test]
fn a_failed_job_says_why_in_its_own_words() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "fail_permanently", "message": "the table has no rows"}));
    let error = job.reaches(Status::Failed).error.expect("a failed job has an error");
    assert_eq!(
        (error.code.as_str(), error.message.as_str(), error.backtrace),
        ("guest-failed", "the table has no rows", None)
    );
}

#[test]
fn a_trapped_job_shows_the_text_and_the_backtrace_of_the_guest() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "panic", "message": "no such luck"}));
    let error = job.reaches(Status::Failed).error.expect("a failed job has an error");
    assert_eq!(error.code, "trap");
    let backtrace = error.backtrace.expect("a trap has a backtrace");
    assert!(backtrace.contains("hostile"), "names of the guest's functions: {backtrace}");
    assert!(job.messages().iter().any(|message| message.contains("no such luck")), "{:?}", job.messages());
}

#[test]
fn an_unknown_job_is_404_everywhere_and_a_wrong_id_400() {
    let host = HOST.host();
    let nobody = host.job("01890a5d-ac96-774b-bcce-b302099a8057");
    for part in ["", "/logs", "/logs/stream", "/results", "/checkpoint"] {
        let problem = nobody.get(part).problem(404, "unknown_job");
        assert!(problem.detail.contains(&nobody.id), "{}", problem.detail);
    }
    host.post(&nobody.path("/stop"), &json!({})).problem(404, "unknown_job");
    nobody.resume(&json!({})).problem(404, "unknown_job");
    nobody.delete().problem(404, "unknown_job");
    for id in ["x", "1", "01890a5d-ac96-774b-bcce-b302099a805", "%F0%9F%A6%80"] {
        host.get(&format!("/v1/jobs/{id}")).problem(400, "invalid_job_id");
        host.get(&format!("/v1/jobs/{id}/logs")).problem(400, "invalid_job_id");
    }
}

#[test]
fn the_list_has_every_job_once_newest_first_with_any_page_size() {
    let host = Host::start();
    host.has(Guest::Hello);
    let mut started: Vec<_> = (0..7).map(|_| host.start_job(&json!({"module_id": "hello"})).id).collect();
    started.reverse();
    for limit in [1, 2, 7, 100] {
        assert_eq!(list(&host, limit, ""), started, "limit {limit}");
    }
    let first: JobPage = host.get("/v1/jobs?limit=3").read(200);
    let cursor = first.next_cursor.expect("there are more");
    let newer = host.start_job(&json!({"module_id": "hello"}));
    let second: JobPage = host.get(&format!("/v1/jobs?limit=3&cursor={cursor}")).read(200);
    let second: Vec<_> = second.jobs.into_iter().map(|job| job.id).collect();
    assert_eq!(second, started[3..6], "a job started meanwhile, {}, moves nothing", newer.id);
}

#[test]
fn the_list_is_filtered_by_status_and_module() {
    let host = Host::start();
    host.has(Guest::Hello);
    let hello: Vec<Job> = (0..3).map(|_| host.start_job(&json!({"module_id": "hello"}))).collect();
    let failed = host.hostile(json!({"behaviour": "fail_permanently"}));
    let running = host.hostile(json!({"behaviour": "sleep_for_ever"}));
    for job in &hello {
        job.reaches(Status::Completed);
    }
    failed.reaches(Status::Failed);
    let digest = running.reaches(Status::Running).module.digest;
    let mut completed: Vec<_> = hello.into_iter().map(|job| job.id).collect();
    completed.reverse();
    for (filter, expected) in [
        ("&status=completed", completed.clone()),
        ("&status=failed", vec![failed.id.clone()]),
        ("&status=running", vec![running.id.clone()]),
        ("&status=pending", vec![]),
        ("&status=stopped", vec![]),
        ("&module_id=hello", completed.clone()),
        ("&module_id=hello@0.1.0&status=completed", completed),
        ("&module_id=hostile&status=failed", vec![failed.id.clone()]),
        (&format!("&module_id={digest}"), vec![running.id.clone(), failed.id.clone()]),
        ("&module_id=nobody", vec![]),
    ] {
        for limit in [1, 100] {
            assert_eq!(list(&host, limit, filter), expected, "{filter}");
        }
    }
}

#[test]
fn a_wrong_filter_is_400_and_says_what_it_should_be() {
    let host = HOST.host();
    for (query, words) in [
        ("status=done", "status"),
        ("state=running", "`status`"),
        ("limit=0", "1 to 1000"),
        ("limit=-1", "1 to 1000"),
        ("module_id=No%20Name", "No Name"),
        ("status=failed&status=running", "status"),
    ] {
        let problem = host.get(&format!("/v1/jobs?{query}")).problem(400, "invalid_query");
        assert!(problem.detail.contains(words), "{query}: {}", problem.detail);
    }
    host.get("/v1/jobs?cursor=nonsense").problem(400, "bad_cursor");
}

#[test]
fn an_ended_job_is_deleted_with_all_it_has_and_an_active_one_is_not() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "honour_stop_request"}));
    job.says("waiting for a stop request");
    let problem = job.delete().problem(409, "job_active");
    assert!(problem.detail.contains("running"), "{}", problem.detail);
    job.stop_and_wait();
    job.delete().expect(204);
    for part in ["", "/logs", "/logs/stream", "/results", "/checkpoint"] {
        job.get(part).problem(404, "unknown_job");
    }
    job.delete().problem(404, "unknown_job");
}
