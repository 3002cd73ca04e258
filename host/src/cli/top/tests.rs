//! The picture and the keys, without a server.

use std::time::{Duration, Instant};

use ratatui::crossterm::event::{KeyCode, KeyEvent};
use serde_json::json;

use super::command::picture;
use super::feed::Snapshot;
use super::list::List;
use super::panel::{Panel, Wish};
use crate::cli::Failure;
use crate::domain::JobId;

fn job(id: JobId, status: &str, error: &serde_json::Value) -> serde_json::Value {
    json!({
        "id": id, "module": {"name": "prime-count", "version": "1.0.0", "digest": "sha256:0"}, "status": status,
        "inputs": {}, "settings": {}, "attempt": 2, "created_at": "2026-01-01T00:00:00.000Z",
        "started_at": "2026-01-01T00:00:01.000Z", "finished_at": "2026-01-01T00:01:01.000Z",
        "progress": {"done": 50, "total": 100}, "error": error, "last_log_seq": 0, "results": 0,
        "usage": {"run_time_ms": 0, "cpu_time_ms": 0, "peak_memory_bytes": 0, "log_bytes": 0, "result_bytes": 0,
            "checkpoint_bytes": 0},
        "labels": {"team": "a\u{1b}[2J"}
    })
}

fn snapshot(list: List, completed: u64, jobs: &[serde_json::Value], at: Instant) -> Snapshot {
    let status = json!({
        "version": "0.1.0", "uptime": "2h 15m", "modules": 3, "running": [],
        "jobs": {"pending": 1, "running": 2, "completed": completed, "failed": 4, "stopped": 5},
        "nodes": [{"id": "01890a5d", "version": "0.1.0", "heartbeat_at": "2026-01-01T00:00:00.000Z", "slots": 512,
            "running": 2, "guest_memory_bytes": 1 << 20, "guest_memory_budget_bytes": 4 << 20}]
    });
    let jobs = jobs.iter().map(|job| serde_json::from_value(job.clone()).expect("a job")).collect();
    Snapshot { list, status: serde_json::from_value(status).expect("a status"), jobs, at }
}

fn shown(panel: &Panel) -> String {
    picture(panel, "http://127.0.0.1:7171", (140, 20)).join("\n")
}

fn press(panel: &mut Panel, code: KeyCode) -> Wish {
    panel.key(KeyEvent::from(code))
}

#[test]
fn the_picture_has_what_runs_how_far_it_is_and_how_fast_jobs_end() {
    let (mut panel, start) = (Panel::default(), Instant::now());
    let running = job(JobId::new(), "running", &json!(null));
    panel.take(Ok(snapshot(List::Running, 10, std::slice::from_ref(&running), start)));
    panel.take(Ok(snapshot(List::Running, 35, &[running], start + Duration::from_secs(10))));
    let shown = shown(&panel);
    for part in [
        "cofferdam 0.1.0   http://127.0.0.1:7171   up 2h 15m   3 modules",
        "● running 2   ◷ pending 1   ✓ completed 35   ✗ failed 4   ■ stopped 5   2.5 ended a second",
        "2 of 512 slots   ███░░░░░░░░░ 1.0 MiB of 4.0 MiB",
        "prime-count@1.0.0",
        "██████░░░░░░ 50 of 100",
        "1m",
    ] {
        assert!(shown.contains(part), "no `{part}` in\n{shown}");
    }
}

#[test]
fn a_job_is_chosen_and_stopped_only_after_a_yes() {
    let mut panel = Panel::default();
    assert_eq!(press(&mut panel, KeyCode::Char('s')), Wish::Nothing);
    assert!(panel.note.as_deref().is_some_and(|note| note.contains("choose a job first")));
    let (one, two) = (JobId::new(), JobId::new());
    let jobs = [job(one, "running", &json!(null)), job(two, "running", &json!(null))];
    panel.take(Ok(snapshot(List::Running, 0, &jobs, Instant::now())));
    for _ in 0..5 {
        press(&mut panel, KeyCode::Down);
    }
    assert_eq!(press(&mut panel, KeyCode::Char('s')), Wish::Nothing);
    assert!(shown(&panel).contains(&format!("stop {two}?")));
    assert_eq!(press(&mut panel, KeyCode::Char('n')), Wish::Nothing);
    press(&mut panel, KeyCode::Char('s'));
    assert_eq!(press(&mut panel, KeyCode::Char('y')), Wish::Stop(two));
    // The chosen one stays chosen when others come above it.
    let jobs = [job(JobId::new(), "running", &json!(null)), jobs[0].clone(), jobs[1].clone()];
    panel.take(Ok(snapshot(List::Running, 0, &jobs, Instant::now())));
    assert_eq!(panel.place(), Some(2));
    press(&mut panel, KeyCode::Char('r'));
    assert_eq!(press(&mut panel, KeyCode::Char('y')), Wish::Resume(two));
    assert_eq!(press(&mut panel, KeyCode::Char('q')), Wish::Quit);
}

#[test]
fn a_failure_says_why_and_nothing_of_it_reaches_the_terminal_raw() {
    let mut panel = Panel::default();
    assert_eq!(press(&mut panel, KeyCode::Char('3')), Wish::Show(List::Failed));
    let error = json!({"code": "guest-failed", "message": "line 7: \u{1b}[31mno number", "backtrace": null});
    let failed = job(JobId::new(), "failed", &error);
    panel.take(Ok(snapshot(List::Failed, 0, &[failed], Instant::now())));
    press(&mut panel, KeyCode::Down);
    let shown = shown(&panel);
    assert!(shown.contains("guest-failed: line 7: \\x1b[31mno number") && shown.contains("team=a\\x1b[2J"), "{shown}");
    assert!(!shown.contains('\u{1b}'));
}

#[test]
fn what_is_lost_is_said_and_an_answer_for_a_list_that_was_left_is_not_shown() {
    let mut panel = Panel::default();
    panel.take(Ok(snapshot(List::Failed, 0, &[], Instant::now())));
    assert!(panel.snapshot.is_none());
    panel.take(Ok(snapshot(List::Running, 0, &[], Instant::now())));
    assert!(shown(&panel).contains("no job is running"));
    panel.take(Err(Failure::failed("nobody answers")));
    assert_eq!(panel.lost.as_deref(), Some("nobody answers"));
    panel.take(Ok(snapshot(List::Running, 0, &[], Instant::now())));
    assert_eq!(panel.lost, None);
}
