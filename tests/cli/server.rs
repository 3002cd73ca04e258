//! Commands that talk to a server: modules, jobs, the status.

use serde_json::{Value, json};

use super::Program;
use crate::harness::{Client, Guest, Host, Process, Shared, Status, cofferdam};

static HOST: Shared = Shared::new();

fn path(guest: Guest) -> String {
    guest.path().display().to_string()
}

/// Starts the hostile guest and gives the job's id.
#[track_caller]
fn start(server: &Client, inputs: &Value) -> String {
    let started = Program::ask(server, &["job", "start", "hostile", "--inputs", &inputs.to_string()]).expect(0);
    started.stdout.trim().to_owned()
}

#[test]
fn a_module_is_added_listed_shown_and_removed() {
    let host = Host::start();
    let added = Program::ask(&host, &["module", "add", &path(Guest::Hello)]).expect(0);
    assert!(added.stdout.contains("hello@0.1.0") && added.stdout.contains("sha256:"), "{}", added.stdout);
    Program::ask(&host, &["module", "add", &path(Guest::Hello)]).expect(0);
    let listed = Program::ask(&host, &["module", "list"]).expect(0);
    assert!(listed.stdout.contains("hello@0.1.0"), "{}", listed.stdout);
    let shown = Program::ask(&host, &["module", "show", "hello"]).expect(0);
    assert!(shown.stdout.contains("The name to greet"), "the schema is shown: {}", shown.stdout);
    let module = &Program::ask(&host, &["module", "list", "--json"]).expect(0).lines()[0];
    assert_eq!(*module, host.get("/v1/modules/hello").read::<Value>(200));
    Program::ask(&host, &["module", "remove", "hello@0.1.0"]).expect(0);
    let listed = Program::ask(&host, &["module", "list", "--json"]).expect(0);
    assert_eq!(listed.stdout, "");
    Program::ask(&host, &["module", "show", "hello"]).refused(1, "there is no module `hello`");
}

#[test]
fn a_job_is_started_and_its_id_alone_goes_to_stdout() {
    let host = HOST.host();
    host.has(Guest::Hostile);
    let id = start(&host, &json!({"behaviour": "count", "to": 3}));
    assert_eq!(id.len(), 36, "`{id}`");
    let job = host.job(&id);
    job.reaches(Status::Completed);
    let shown = Program::ask(&host, &["job", "show", &id]).expect(0);
    assert!(shown.stdout.contains(&id) && shown.stdout.contains("completed"), "{}", shown.stdout);
    let json = &Program::ask(&host, &["job", "show", &id, "--json"]).expect(0).lines()[0];
    assert_eq!(*json, job.get("").read::<Value>(200));
    let results = Program::ask(&host, &["job", "results", &id]).expect(0);
    assert_eq!(results.lines(), job.data());
    let log = Program::ask(&host, &["job", "logs", &id]).expect(0);
    assert_eq!(log.stdout.lines().count(), job.log().len());
    assert!(log.stdout.contains("attempt 1 goes on after 0"), "{}", log.stdout);
    let json = Program::ask(&host, &["job", "logs", &id, "--json"]).expect(0).lines();
    assert_eq!(json.len(), job.log().len());
    assert_eq!(json[0]["seq"], 1);
}

#[test]
fn a_job_that_is_followed_ends_with_the_code_of_its_status() {
    let host = HOST.host();
    host.has(Guest::Hostile);
    for (inputs, further, code) in [
        (json!({"behaviour": "count", "to": 3}), vec![], 0),
        (json!({"behaviour": "fail_permanently"}), vec![], 1),
        (json!({"behaviour": "sleep_for_ever"}), vec!["--max-duration", "300ms"], 3),
    ] {
        let inputs = inputs.to_string();
        let arguments = [&["job", "start", "hostile", "--inputs", &inputs, "--follow"][..], &further].concat();
        Program::ask(&host, &arguments).expect(code);
    }
}

#[test]
fn a_log_is_followed_to_the_end_of_its_job() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "honour_stop_request"}));
    let mut command = cofferdam(["job", "logs", "--follow", &job.id]);
    let process = Process::spawn(command.env("COFFERDAM_SERVER", format!("http://{}", host.address())));
    process.stdout_line("the first line", |line| line.contains("waiting for a stop request"));
    job.stop();
    process.stdout_line("the live line", |line| line.contains("asked to stop"));
    Program::of(process).expect(0);
}

#[test]
fn a_job_is_stopped_and_resumed() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "honour_stop_request"}));
    job.says("waiting for a stop request");
    Program::ask(&host, &["job", "stop", &job.id]).expect(0);
    job.reaches(Status::Stopped);
    Program::ask(&host, &["job", "resume", &job.id]).expect(0);
    job.until("it runs again", |job| job.attempt == 2 && job.status == Status::Running);
    Program::ask(&host, &["job", "resume", &job.id]).refused(1, "running");
    job.stop_and_wait();
    Program::ask(&host, &["job", "resume", &job.id, "--start-over", "--inputs", r#"{"behaviour": "count", "to": 2}"#])
        .expect(0);
    job.reaches(Status::Completed);
    assert_eq!(job.data().len(), 2);
}

#[test]
fn jobs_are_listed_as_a_table_for_people_and_as_lines_for_programs() {
    let host = Host::start();
    host.has(Guest::Hostile);
    let failed = start(&host, &json!({"behaviour": "fail_permanently"}));
    let running = start(&host, &json!({"behaviour": "sleep_for_ever"}));
    host.job(&failed).reaches(Status::Failed);
    host.job(&running).reaches(Status::Running);
    let table = Program::ask(&host, &["job", "list"]).expect(0).stdout;
    assert!(table.contains(&failed) && table.contains(&running) && table.contains("hostile@0.1.0"), "{table}");
    let lines = Program::ask(&host, &["job", "list", "--json", "--status", "failed"]).expect(0).lines();
    assert_eq!(lines.iter().map(|line| &line["id"]).collect::<Vec<_>>(), [&json!(failed)]);
    let status = Program::ask(&host, &["status"]).expect(0).stdout;
    assert!(status.contains("1 running") && status.contains("1 failed"), "{status}");
    let status = &Program::ask(&host, &["status", "--json"]).expect(0).lines()[0];
    assert_eq!((&status["jobs"]["running"], &status["jobs"]["failed"]), (&json!(1), &json!(1)));
    host.job(&running).stop_and_wait();
}

#[test]
fn a_refusal_says_what_the_server_said() {
    let host = HOST.host();
    host.has(Guest::PrimeCount);
    Program::ask(&host, &["job", "start", "prime-count"]).refused(1, "limit");
    Program::ask(&host, &["job", "start", "nobody"]).refused(1, "there is no module `nobody`");
    Program::ask(&host, &["job", "show", "01890a5d-ac96-774b-bcce-b302099a8057"]).refused(1, "there is no job");
    Program::ask(&host, &["module", "add", "/nowhere.wasm"]).refused(2, "/nowhere.wasm");
}

#[test]
fn without_a_server_the_message_says_how_to_start_one() {
    // Nothing listens on port 1 of this machine.
    let refused = Program::run(&["status", "--server", "http://127.0.0.1:1"]);
    assert!(refused.stderr.contains("cofferdam serve") && refused.stderr.contains("--server"), "{}", refused.stderr);
    refused.refused(1, "http://127.0.0.1:1");
}
