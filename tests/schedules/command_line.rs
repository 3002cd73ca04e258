//! `cofferdam schedule`.

use serde_json::Value;

use crate::cli::Program;
use crate::harness::{Guest, Host, Status};

#[test]
fn a_schedule_is_kept_from_the_command_line() {
    let host = Host::start();
    host.has(Guest::Hello);
    let ask = |arguments: &[&str]| Program::ask(&host, arguments);
    let add = ["schedule", "add", "nightly", "hello", "--cron", "30 2 * * *", "--inputs", "{\"name\": \"Ada\"}"];
    assert_eq!(ask(&add).expect(0).stdout.trim(), "nightly");
    ask(&add).refused(1, "there is a schedule `nightly` already");
    let replaced =
        ask(&[&add[..], &["--replace", "--time-zone", "Europe/Berlin", "--overlap", "allow", "--json"]].concat());
    let shown: Value = host.get("/v1/schedules/nightly").read(200);
    assert_eq!(replaced.expect(0).lines(), std::slice::from_ref(&shown));
    assert_eq!((&shown["time_zone"], &shown["job"]["inputs"]["name"]), (&"Europe/Berlin".into(), &"Ada".into()));
    let listed = ask(&["schedule", "list"]).expect(0);
    assert!(listed.stdout.contains("nightly") && listed.stdout.contains("30 2 * * *"), "{}", listed.stdout);
    let next = ask(&["schedule", "next", "nightly", "--limit", "3"]).expect(0);
    assert_eq!(next.stdout.lines().count(), 4, "{}", next.stdout);
    let preview = ask(&["schedule", "next", "--cron", "@yearly", "--limit", "2", "--json"]).expect(0);
    assert_eq!(preview.lines()[0]["times"].as_array().map(Vec::len), Some(2));
    let id = ask(&["schedule", "run", "nightly"]).expect(0).stdout;
    assert_eq!(host.job(id.trim()).ended().status, Status::Completed);
    let job = ask(&["job", "show", id.trim()]).expect(0);
    assert!(job.stdout.contains("nightly, for 20"), "{}", job.stdout);
    let jobs = ask(&["job", "list", "--schedule", "nightly", "--json"]).expect(0).lines();
    assert_eq!((jobs.len(), &jobs[0]["id"]), (1, &id.trim().into()));
    ask(&["schedule", "pause", "nightly"]).expect(0);
    let shown = ask(&["schedule", "show", "nightly"]).expect(0);
    for part in ["paused", "Europe/Berlin", "started by hand", id.trim()] {
        assert!(shown.stdout.contains(part), "{part}: {}", shown.stdout);
    }
    ask(&["schedule", "resume", "nightly"]).expect(0);
    ask(&["schedule", "remove", "nightly"]).expect(0);
    ask(&["schedule", "show", "nightly"]).refused(1, "there is no schedule `nightly`");
}
