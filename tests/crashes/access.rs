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
    /// A ticket of it, and whether its use was answered.
    ticket: Option<String>,
    ticket_used: bool,
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
        let short = client.with_token(&secret);
        short.try_send(Request::new("GET", "/v1/status")).ok()?.expect(200);
        let ticket = short.try_send(Request::new("POST", "/v1/stream-tickets")).ok()?.read::<Value>(201);
        self.ticket = Some(ticket["ticket"].as_str().expect("a text").to_owned());
        client.try_send(use_of(self.ticket.as_deref().expect("it was made"))).ok()?.problem(400, "invalid_query");
        self.ticket_used = true;
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
        if let Some(ticket) = self.ticket.as_ref().filter(|_| self.ticket_used) {
            host.send(use_of(ticket)).problem(401, "unauthenticated");
        }
        let log: Value = host.get("/v1/audit?limit=1000").read(200);
        let numbers: Vec<_> = log["entries"].as_array().expect("a list").iter().map(|entry| &entry["seq"]).collect();
        assert_eq!(numbers, (1..=numbers.len()).collect::<Vec<_>>(), "{when}: the log has a hole");
    }
}

/// Opens a stream with a ticket, which ends at once.
fn use_of(ticket: &str) -> Request {
    Request::new("GET", &format!("/v1/events?after=x&ticket={ticket}"))
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
    let ticket: Value = insist(Request::new("POST", "/v1/stream-tickets"), 201).read(201);
    insist(use_of(ticket["ticket"].as_str().expect("a text")), 400).problem(400, "invalid_query");
    insist(Request::new("DELETE", &path), 204);
    assert!(host.terminate().success());
    for kind in OF_ACCESS.iter().filter(|kind| **kind != "touch-tokens") {
        assert!(host.stderr().contains(&format!("the failpoint before-{kind} ")), "{kind} was never refused");
    }
}
