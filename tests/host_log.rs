//! The host's own log as programs read it: one JSON object a line, whatever happens.

use serde_json::{Value, json};

use crate::harness::{Guest, Host, Request, Status};

#[test]
fn every_line_of_the_hosts_log_is_a_json_object_that_says_when_how_bad_and_where() {
    let mut host = Host::with(&["log.format=json", "log.filter=info,cofferdam=debug"]);
    host.has(Guest::Hostile);
    let completed = host.hostile(json!({ "behaviour": "count", "to": 2 }));
    completed.reaches(Status::Completed);
    // A line break and a quote in what a guest says must not become lines of the host.
    let failed = host.hostile(json!({ "behaviour": "panic" }));
    failed.reaches(Status::Failed);
    host.get("/v1/jobs/%0A%22x").expect(400);
    host.send(Request::new("POST", "/v1/jobs").body("application/json", "{\"module_id\": \"\n")).expect(400);
    let interrupted = host.hostile(json!({ "behaviour": "sleep_for_ever" }));
    interrupted.reaches(Status::Running);
    host.kill();
    host.start_again();
    interrupted.until("it runs again", |job| job.attempt == 2 && job.status == Status::Running);
    assert!(host.terminate().success());

    let log = host.stderr();
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in `{line}`")))
        .collect();
    for line in &lines {
        for field in ["timestamp", "level", "target", "message"] {
            assert!(line[field].is_string(), "no {field} in {line}");
        }
        let time = line["timestamp"].as_str().unwrap_or_default();
        assert!(humantime::parse_rfc3339(time).is_ok(), "{time}");
        assert!(["ERROR", "WARN", "INFO", "DEBUG"].contains(&line["level"].as_str().unwrap_or_default()), "{line}");
    }
    let node = lines.iter().filter(|line| line["node"].is_string()).count();
    assert!(node >= 2, "each process says which node it is: {log}");
    for (job, outcome) in [(&completed, "completed"), (&failed, "failed")] {
        let ended = lines.iter().find(|line| line["job"] == json!(job.id) && line["outcome"] == outcome);
        let ended = ended.unwrap_or_else(|| panic!("nothing of the end of {} in {log}", job.id));
        assert_eq!(ended["attempt"], 1);
        assert!(lines.iter().any(|line| line["message"] == "this node takes part" && line["node"] == ended["node"]));
    }
}
