//! `cofferdam webhook`, from making one to removing it.

use serde_json::Value;

use super::receiver::{Answer, Receiver};
use super::views::{HERE, short_job};
use crate::cli::Program;
use crate::harness::{Host, eventually};

#[test]
fn a_webhook_is_made_tried_watched_and_removed_on_the_command_line() {
    let host = Host::with(&[&HERE[..3], &["webhooks.retries="]].concat());
    let webhook = |arguments: &[&str]| Program::ask(&host, &[&["webhook"], arguments].concat());
    let receiver = Receiver::open();
    assert_eq!(webhook(&["list", "--json"]).expect(0).stdout, "");
    webhook(&["add", "https://10.0.0.1/"]).refused(1, "no public address");
    let made = webhook(&["add", &receiver.url(), "--module", "hostile", "--description", "the pager"]).expect(0);
    let secret = made.stdout.trim().to_owned();
    assert!(secret.starts_with("whsec_") && !made.stderr.contains(&secret), "{}", made.stderr);
    let listed = webhook(&["list", "--json"]).expect(0).lines().remove(0);
    let id = listed["id"].as_str().expect("an id");
    assert!(webhook(&["list"]).expect(0).stdout.contains("hostile"));
    let shown = webhook(&["show", id]).expect(0).stdout;
    assert!(shown.contains("the pager") && shown.contains("completed failed stopped"), "{shown}");
    assert_eq!(webhook(&["show", id, "--json"]).expect(0).lines(), std::slice::from_ref(&listed));

    assert!(webhook(&["test", id]).expect(0).stdout.contains("took it (200)"));
    receiver.answers(Answer::Status(500));
    webhook(&["test", id]).refused(1, "the receiver answered 500");
    short_job(&host).ended();
    let failed = || webhook(&["deliveries", id, "--state", "failed", "--json"]).expect(0).lines();
    let failed = eventually("the job's end and the ping have failed", || Some(failed()).filter(|all| all.len() == 2));
    let event = failed.iter().find(|one| one["type"] == "job.completed").expect("it was told")["event_id"].clone();
    receiver.answers(Answer::Status(200));
    webhook(&["resend", id, event.as_str().expect("an id")]).expect(0);
    receiver.gets(4);
    let again = webhook(&["resend", id, "--failed-since", "2020-01-01T00:00:00Z"]).expect(0).stdout;
    assert!(again.contains("sending 1 once more") || again.contains("sending 2 once more"), "{again}");

    let rotated = webhook(&["rotate", id]).expect(0).stdout;
    assert!(rotated.starts_with("whsec_") && rotated.trim() != secret);
    webhook(&["disable", id]).expect(0);
    webhook(&["test", id]).refused(1, "switched off");
    let enabled: Value = webhook(&["enable", id, "--json"]).expect(0).lines().remove(0);
    assert_eq!((&enabled["enabled"], &enabled["modules"]), (&true.into(), &listed["modules"]));
    webhook(&["remove", id]).expect(0);
    webhook(&["show", id]).refused(1, "there is no webhook");
}

#[test]
fn a_secret_of_ones_own_comes_from_a_file() {
    let host = Host::with(&HERE);
    let receiver = Receiver::open();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("secret");
    let file = file.to_str().expect("text");
    let secret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";
    std::fs::write(file, format!("{secret}\n")).expect("written");
    let add = || Program::ask(&host, &["webhook", "add", &receiver.url(), "--secret-file", file]);
    assert_eq!(add().expect(0).stdout.trim(), secret);
    short_job(&host);
    receiver.gets(1)[0].is_signed_with(secret);
    std::fs::write(file, "password").expect("written");
    add().refused(2, "is no signing secret");
}
