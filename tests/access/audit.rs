//! The audit log: who did what, and who was not let in.

use std::io::Write;
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::harness::{Client, Guest, Host, Process, Request, Status, cofferdam, eventually};

fn entries(host: &Client, after: u64) -> Vec<Value> {
    let page: Value = host.get(&format!("/v1/audit?after={after}&limit=1000")).read(200);
    page["entries"].as_array().expect("a list").clone()
}

#[test]
fn each_change_is_noted_with_who_what_and_how_it_went() {
    let mut host = Host::start();
    host.has(Guest::Hello);
    host.lock();
    let (secret, id) = host.make_token(&json!({"name": "ci", "scopes": ["jobs:write", "jobs:read"]}));
    let ci = Client::new(host.address()).with_token(&secret);
    let started = ci.post("/v1/jobs", &json!({"module_id": "hello"}));
    let request_id = started.header("x-request-id").to_owned();
    let job: Value = started.read(201);
    let job = job["id"].as_str().expect("an id");
    host.job(job).reaches(Status::Completed);
    ci.post("/v1/jobs", &json!({"module_id": "nobody"})).problem(404, "unknown_module");
    ci.send(Request::new("POST", &format!("/v1/jobs/{job}/stop"))).problem(403, "scope_missing");
    Client::new(host.address()).delete(&format!("/v1/jobs/{job}")).problem(401, "unauthenticated");
    host.delete("/v1/modules/hello@0.1.0").expect(204);

    // Who administers need not wait: it is written before the answer. What others did comes within a moment.
    let seen = entries(&host, 0);
    assert_eq!(seen.last().expect("some")["action"], "module.remove");
    let all = eventually("all is written", || Some(entries(&host, 0)).filter(|all| all.len() >= 8));
    let line = |entry: &Value| {
        let text = |field: &str| entry[field].as_str().unwrap_or("-").to_owned();
        (text("actor"), text("action"), text("object"), entry["status"].as_u64().expect("a status"))
    };
    let mut lines: Vec<_> = all.iter().map(line).collect();
    // A job's entry may be overtaken by one that somebody waits for.
    lines.sort();
    let of = |actor: &str, action: &str, object: &str, status: u64| {
        (actor.to_owned(), action.to_owned(), object.to_owned(), status)
    };
    let admin = host.get("/v1/tokens").read::<Value>(200)["tokens"][0]["id"].as_str().expect("an id").to_owned();
    let mut expected = vec![
        of("local", "module.add", "hello@0.1.0", 201),
        of("local", "token.create", &admin, 201),
        of("admin", "token.create", &id, 201),
        of("ci", "job.start", job, 201),
        of("ci", "job.start", "-", 404),
        of("ci", "job.stop", job, 403),
        of("unknown", "authenticate", &format!("/v1/jobs/{job}"), 401),
        of("admin", "module.remove", "hello@0.1.0", 204),
    ];
    expected.sort();
    assert_eq!(lines, expected);
    let started =
        all.iter().find(|entry| entry["action"] == "job.start" && entry["status"] == 201).expect("it is there");
    assert_eq!((&started["request_id"], &started["token"]), (&json!(request_id), &json!(id)));
    assert_eq!(started["peer"], "127.0.0.1");
    assert!(!json!(all).to_string().contains("cofferdam_"), "no secrets: {all:?}");
    let numbers: Vec<_> = all.iter().map(|entry| entry["seq"].as_u64().expect("a number")).collect();
    assert_eq!(numbers, (1..=8).collect::<Vec<_>>());
}

#[test]
fn only_so_much_is_kept_and_numbers_only_grow() {
    let host = Host::with(&["audit.entries=100"]);
    for _ in 0..130 {
        host.delete("/v1/modules/nobody@1.0.0").problem(404, "unknown_module");
    }
    let kept = entries(&host, 0);
    assert_eq!((kept.len(), &kept[0]["seq"], &kept[99]["seq"]), (100, &json!(31), &json!(130)));
    let page: Value = host.get("/v1/audit?after=128&limit=1").read(200);
    assert_eq!((&page["next_after"], &page["last_seq"]), (&json!(129), &json!(130)));
    host.get("/v1/audit?limit=0").problem(400, "invalid_query");
}

#[test]
fn the_log_outlives_its_host_and_is_shown_on_the_command_line() {
    let mut host = Host::start();
    for _ in 0..3 {
        host.post("/v1/jobs", &json!({"module_id": "nobody"})).problem(404, "unknown_module");
    }
    assert!(host.terminate().success(), "what waits is written at the end");
    host.start_again();
    assert_eq!(entries(&host, 0).len(), 3);
    let run = |arguments: &[&str]| {
        let mut command = cofferdam(arguments);
        let mut process = Process::spawn(command.env("COFFERDAM_SERVER", format!("http://{}", host.address())));
        assert!(process.wait().success(), "{}", process.stderr());
        process.stdout()
    };
    let table = run(&["audit", "--limit", "2"]);
    assert_eq!(
        (table.lines().count(), table.contains("job.start"), table.contains("local")),
        (3, true, true),
        "{table}"
    );
    let lines = run(&["audit", "--json", "--after", "1"]);
    let first: Value = serde_json::from_str(lines.lines().next().expect("a line")).expect("JSON");
    assert_eq!((lines.lines().count(), &first["seq"]), (2, &json!(2)));
}

#[test]
fn a_change_whose_client_went_away_is_noted_too() {
    let host = Host::start();
    let job = host.hostile_with(json!({"behaviour": "ignore_stop_request"}), json!({"stop_grace": "1m"}));
    job.reaches(Status::Running);
    let stop = format!("POST {} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n", job.path("/stop?wait=true"));
    let noted = eventually("it is noted", || {
        let mut stream = TcpStream::connect(host.address()).expect("the host listens");
        stream.write_all(stop.as_bytes()).expect("sent");
        // And gone, while it waits for the job's end.
        drop(stream);
        entries(&host, 0).into_iter().find(|entry| entry["action"] == "job.stop")
    });
    assert_eq!((&noted["status"], &noted["object"]), (&json!(499), &json!(job.id)));
}
