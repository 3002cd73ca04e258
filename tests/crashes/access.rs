//! The host dies, or its database refuses, where it writes of who may use it: a token that was shown lets its holder in,
//! and one whose revocation was answered lets nobody in.

use std::os::unix::process::ExitStatusExt as _;

use cofferdam_test_postgres::Cluster;
use rustix::process::Signal;
use serde_json::{Value, json};

use super::failpoints::OF_ACCESS;
use crate::harness::{Client, Host, Request, eventually};

#[test]
fn a_host_that_dies_at_any_commit_of_access_keeps_what_it_said() {
    die_at_each(&[]);
}

#[test]
fn a_host_on_postgres_that_dies_at_any_commit_of_access_keeps_what_it_said() {
    die_at_each(&[&format!("database={}", Cluster::shared().create_database()), "node.lease=3s"]);
}

fn die_at_each(settings: &[&str]) {
    let mut host = Host::with(settings);
    host.lock();
    for side in ["before", "after"] {
        for kind in OF_ACCESS {
            host.kill();
            host.start_again_failing(&format!("{side}-{kind}=return(die)"));
            let mut play = Play::default();
            if play.run(&host).is_some() {
                host.signal(Signal::TERM);
            }
            let ended = host.process().wait();
            assert_eq!(ended.signal(), Some(Signal::KILL.as_raw()), "{side} {kind} was never reached: {ended:?}");
            host.start_again();
            play.check(&host, &format!("{side} {kind}"));
        }
    }
}

/// What a client did, and what it was told.
#[derive(Default)]
struct Play {
    /// A token that was shown.
    shown: Option<String>,
    revocation: Revocation,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Revocation {
    #[default]
    NotAsked,
    Asked,
    Answered,
}

impl Play {
    /// Nothing when the host has died.
    fn run(&mut self, client: &Client) -> Option<()> {
        let body = json!({"name": "short", "scopes": ["jobs:read"]});
        let created = client.try_send(Request::new("POST", "/v1/tokens").json(&body)).ok()?.read::<Value>(201);
        let secret = created["secret"].as_str().expect("a text").to_owned();
        self.shown = Some(secret.clone());
        let status = client.with_token(&secret).try_send(Request::new("GET", "/v1/status")).ok()?;
        status.expect(200);
        self.revocation = Revocation::Asked;
        let path = format!("/v1/tokens/{}", created["token"]["id"].as_str().expect("an id"));
        client.try_send(Request::new("DELETE", &path)).ok()?.expect(204);
        self.revocation = Revocation::Answered;
        Some(())
    }

    fn check(&self, host: &Host, when: &str) {
        host.get("/v1/tokens").expect(200);
        Client::new(host.address()).get("/v1/status").problem(401, "unauthenticated");
        let Some(secret) = &self.shown else { return };
        let status = host.with_token(secret).get("/v1/status").status;
        let expected: &[u16] = match self.revocation {
            Revocation::NotAsked => &[200],
            Revocation::Asked => &[200, 401],
            Revocation::Answered => &[401],
        };
        assert!(expected.contains(&status), "{when}: {status} after {:?}", self.revocation);
    }
}

#[test]
fn a_commit_of_access_that_the_database_refuses_is_told_or_forgotten() {
    let mut host = Host::start();
    host.lock();
    assert!(host.terminate().success());
    let failpoints: Vec<_> = OF_ACCESS.iter().map(|kind| format!("before-{kind}=1*return(refuse)")).collect();
    host.start_again_failing(&failpoints.join(";"));
    let insist = |request: Request, status: u16| {
        eventually("it is not refused", || match host.send(request.clone()) {
            refused if refused.status == 503 => {
                refused.problem(503, "database_unavailable");
                None
            }
            answer => Some(answer.expect(status)),
        })
    };
    let body = json!({"name": "short", "scopes": ["jobs:read"]});
    let created: Value = insist(Request::new("POST", "/v1/tokens").json(&body), 201).read(201);
    let path = format!("/v1/tokens/{}", created["token"]["id"].as_str().expect("an id"));
    insist(Request::new("DELETE", &path), 204);
    assert!(host.terminate().success());
    for kind in OF_ACCESS.iter().filter(|kind| **kind != "touch-tokens") {
        assert!(host.stderr().contains(&format!("the failpoint before-{kind} ")), "{kind} was never refused");
    }
}
