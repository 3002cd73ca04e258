//! The first token: made without a server, and needed before other machines may come.

use cofferdam_test_postgres::Cluster;
use serde_json::json;

use crate::harness::{Client, Host, Process, cofferdam};

/// Runs the program to its end: its exit code, its standard output and its standard error.
fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut process = Process::spawn(&mut cofferdam(arguments));
    let code = process.wait().code();
    (code, process.stdout(), process.stderr())
}

#[test]
fn a_host_is_not_reached_from_elsewhere_without_a_token_and_without_tls() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data").display().to_string();
    let serve = ["serve", "--listen", "0.0.0.0:0", "--data-dir", &data];
    let (code, out, said) = run(&serve);
    assert_eq!((code, out.as_str()), (Some(1), ""), "{said}");
    assert!(said.contains("there is no token yet") && said.contains("cofferdam token create"), "{said}");

    let (code, _, said) = run(&["token", "create", "a", "--scope", "jobs:read", "--data-dir", &data]);
    assert!(code == Some(1) && said.contains("must have the scope admin"), "{said}");
    let (code, secret, said) = run(&["token", "create", "ada", "--scope", "admin", "--data-dir", &data]);
    assert_eq!(code, Some(0), "{said}");
    let (code, _, said) = run(&serve);
    assert!(code == Some(1) && said.contains("tls.in_front=true"), "{said}");

    let process = Process::spawn(&mut cofferdam([&serve[..], &["--set", "tls.in_front=true"]].concat()));
    let line = process.stdout_line("the host listens", |_| true);
    let port = line.rsplit(':').next().and_then(|port| port.parse::<u16>().ok()).expect("a port");
    let client = Client::new(([127, 0, 0, 1], port).into());
    client.get("/v1/status").problem(401, "unauthenticated");
    client.get("/healthz").expect(200);
    client.with_token(secret.trim()).get("/v1/status").expect(200);
}

#[test]
fn the_database_is_opened_for_a_token_only_while_no_server_holds_it() {
    let mut host = Host::start();
    let data = host.data_dir().display().to_string();
    let create = ["token", "create", "ada", "--scope", "admin", "--data-dir", &data];
    let (code, out, said) = run(&create);
    assert_eq!((code, out.as_str()), (Some(1), ""), "{said}");
    assert!(said.contains("a server (process ") && said.contains("leave --data-dir out"), "{said}");
    assert!(host.terminate().success());
    let (code, secret, said) = run(&create);
    assert_eq!(code, Some(0), "{said}");
    host.start_again();
    host.get("/v1/status").problem(401, "unauthenticated");
    let admin = host.with_token(secret.trim());
    admin.get("/v1/status").expect(200);
    // All that could make another were lost; whoever has the machine can still help.
    let tokens: serde_json::Value = admin.get("/v1/tokens").read(200);
    let id = tokens["tokens"][0]["id"].as_str().expect("an id");
    admin.delete(&format!("/v1/tokens/{id}")).expect(204);
    admin.get("/v1/status").problem(401, "unauthenticated");
    assert!(host.terminate().success());
    let (code, another, said) = run(&create);
    assert_eq!(code, Some(0), "{said}");
    host.start_again();
    host.with_token(another.trim()).get("/v1/status").expect(200);
}

#[test]
fn on_postgres_the_first_token_is_made_beside_running_hosts() {
    let url = Cluster::shared().create_database();
    let mut host = Host::with(&[&format!("database={url}")]);
    host.post("/v1/jobs", &json!({})).problem(400, "invalid_field");
    let (code, secret, said) = run(&["token", "create", "ada", "--scope", "admin", "--database", &url, "--json"]);
    assert_eq!(code, Some(0), "{said}");
    let created: serde_json::Value = serde_json::from_str(&secret).expect("JSON");
    host.kill();
    host.start_again();
    host.get("/v1/status").problem(401, "unauthenticated");
    host.with_token(created["secret"].as_str().expect("a text")).get("/v1/status").expect(200);
}
