//! `/metrics`: what Prometheus is told, what its own checker says of it, and that alerts and dashboard ask for what is there.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::harness::{Guest, Host, Status, eventually, installed};

/// The value of the series with this name and these labels.
fn value(text: &str, series: &str) -> Option<f64> {
    let line = text.lines().find(|line| line.strip_prefix(series).is_some_and(|rest| rest.starts_with(' ')))?;
    line.rsplit(' ').next()?.parse().ok()
}

fn scrape(host: &Host) -> String {
    let answer = host.get("/metrics").expect(200);
    assert_eq!(answer.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    answer.text()
}

/// A host on which one of each has happened.
fn busy() -> Host {
    let host = Host::start();
    host.has(Guest::Hello);
    host.start_job(&json!({ "module_id": "hello" })).reaches(Status::Completed);
    host.hostile(json!({ "behaviour": "count", "to": 2 })).reaches(Status::Completed);
    host.hostile(json!({ "behaviour": "panic" })).reaches(Status::Failed);
    host
}

/// Where `promtool` is.
fn promtool() -> Option<PathBuf> {
    let tools = std::env::var_os("COFFERDAM_TOOLS").map(|tools| Path::new(&tools).join("promtool/usr/bin"));
    installed("promtool", tools)
}

fn packaged(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../packaging").join(file)
}

#[test]
fn what_happens_is_counted_and_what_stands_is_shown() {
    let host = busy();
    let text = scrape(&host);
    let is = |series: &str, expected: f64| {
        let found = value(&text, series);
        assert!(found.is_some_and(|found| (found - expected).abs() < 1e-9), "{series} is {found:?} in\n{text}");
    };
    is("cofferdam_jobs_created_total{module=\"hello\"}", 1.0);
    is("cofferdam_attempts_started_total{module=\"hostile\"}", 2.0);
    is("cofferdam_attempts_ended_total{module=\"hostile\",outcome=\"completed\"}", 1.0);
    is("cofferdam_attempts_ended_total{module=\"hostile\",outcome=\"failed\"}", 1.0);
    is("cofferdam_attempts_ended_total{module=\"hello\",outcome=\"failed\"}", 0.0);
    is("cofferdam_jobs_failed_total{module=\"hostile\",code=\"trap\"}", 1.0);
    is("cofferdam_checkpoint_seconds_count", 2.0);
    is("cofferdam_start_seconds_count", 3.0);
    is("cofferdam_jobs{status=\"running\"}", 0.0);
    is("cofferdam_modules", 2.0);
    is("cofferdam_nodes", 1.0);
    is("cofferdam_nodes_died_total", 0.0);
    is("cofferdam_webhooks_failing", 0.0);
    is("cofferdam_webhook_attempts_total{outcome=\"failed\"}", 0.0);
    is("cofferdam_disk_short", 0.0);
    assert!(value(&text, "cofferdam_database_size_bytes").is_some_and(|bytes| bytes > 100_000.0));
    assert!(value(&text, "cofferdam_commit_writes_count").is_some_and(|commits| commits >= 6.0));
    let request = "cofferdam_http_request_seconds_count{method=\"POST\",path=\"/v1/jobs\",status=\"201\"}";
    is(request, 3.0);
    let paths = text.lines().filter_map(|line| line.split("path=\"").nth(1)?.split('"').next());
    assert!(paths.clone().all(|path| !path.contains("019")), "ids make figures of their own");
}

#[test]
fn a_queue_a_dead_node_and_a_full_slot_show() {
    let mut host = Host::with(&["node.slots=1"]);
    let first = host.hostile(json!({ "behaviour": "sleep_for_ever" }));
    first.reaches(Status::Running);
    let second = host.hostile(json!({ "behaviour": "sleep_for_ever" }));
    let text = eventually("the queue's age is a second", || {
        let text = scrape(&host);
        value(&text, "cofferdam_queue_age_seconds").is_some_and(|age| age >= 1.0).then_some(text)
    });
    assert_eq!(value(&text, "cofferdam_slots_used"), value(&text, "cofferdam_slots"));
    assert_eq!(value(&text, "cofferdam_jobs{status=\"pending\"}"), Some(1.0));
    host.kill();
    host.start_again();
    let text = scrape(&host);
    assert_eq!(value(&text, "cofferdam_nodes_died_total"), Some(1.0));
    assert_eq!(value(&text, "cofferdam_jobs_recovered_total"), Some(1.0));
    first.stop_and_wait();
    second.stop_and_wait();
}

#[test]
fn figures_need_a_token_that_sees_the_jobs_of_all_modules() {
    let mut host = busy();
    host.lock();
    let token = |body: Value| host.make_token(&body).0;
    let with = |token: &str| host.with_token(token).get("/metrics");
    with(&token(json!({ "name": "prometheus", "scopes": ["jobs:read"] }))).expect(200);
    with(&token(json!({ "name": "one", "scopes": ["jobs:read"], "modules": ["hello"] }))).problem(403, "scope_missing");
    with(&token(json!({ "name": "other", "scopes": ["logs:read"] }))).problem(403, "scope_missing");
    with("nothing").problem(401, "unauthenticated");
}

#[test]
fn the_checker_of_prometheus_accepts_the_figures() {
    let Some(promtool) = promtool() else { return };
    let text = scrape(&busy());
    let mut check = Command::new(promtool);
    check.args(["check", "metrics"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut check = check.spawn().expect("it starts");
    check.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("it reads");
    let done = check.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&done.stderr).into_owned() + &String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success() && said.is_empty(), "{said}");
}

#[test]
fn alerts_fire_when_they_should_and_not_else() {
    let Some(promtool) = promtool() else { return };
    for arguments in [["check", "rules", "cofferdam.rules.yml"], ["test", "rules", "cofferdam.rules.test.yml"]] {
        let done = Command::new(&promtool).args(arguments).current_dir(packaged("prometheus")).output();
        let done = done.expect("it starts");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
    }
}

/// Every word of a text that looks like the name of a figure.
fn figures_in(text: &str) -> BTreeSet<String> {
    let words = text.split(|char: char| !char.is_ascii_alphanumeric() && char != '_');
    words.filter(|word| word.starts_with("cofferdam_")).map(str::to_owned).collect()
}

#[test]
fn alerts_and_dashboard_ask_for_figures_that_there_are() {
    let text = scrape(&busy());
    let there: BTreeSet<String> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split(['{', ' ']).next())
        .map(str::to_owned)
        .collect();
    for file in ["prometheus/cofferdam.rules.yml", "prometheus/cofferdam.rules.test.yml", "grafana/cofferdam.json"] {
        let asked = figures_in(&fs::read_to_string(packaged(file)).expect("it is there"));
        assert!(asked.len() > 4, "{file}: {asked:?}");
        let missing: Vec<_> = asked.difference(&there).collect();
        assert!(missing.is_empty(), "{file} asks for {missing:?}, which is not in\n{text}");
    }
    let dashboard = fs::read_to_string(packaged("grafana/cofferdam.json")).expect("it is there");
    let dashboard: Value = serde_json::from_str(&dashboard).expect("JSON");
    assert!(dashboard["panels"].as_array().is_some_and(|panels| panels.len() > 10));
}
