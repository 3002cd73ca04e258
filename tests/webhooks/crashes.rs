//! The host dies at either side of every commit that has to do with webhooks: what was answered holds, and each end is told
//! under one id.

use std::collections::BTreeSet;
use std::os::unix::process::ExitStatusExt as _;

use cofferdam_test_postgres::Cluster;
use rustix::process::Signal;
use serde_json::{Value, json};

use super::receiver::{Got, Receiver};
use super::views::{HERE, WithSecret};
use crate::crashes::OF_WEBHOOKS;
use crate::harness::{Answer, Client, Guest, Host, Request, eventually};

#[test]
fn a_host_that_dies_at_any_commit_of_webhooks_keeps_what_it_said() {
    die_at_each(&[]);
}

#[test]
fn a_host_on_postgres_that_dies_at_any_commit_of_webhooks_keeps_what_it_said() {
    die_at_each(&[&format!("database={}", Cluster::shared().create_database()), "node.lease=3s"]);
}

fn die_at_each(settings: &[&str]) {
    let mut host = Host::with(&HERE.iter().chain(settings).copied().collect::<Vec<_>>());
    host.set("webhooks.timeout=500ms");
    host.has(Guest::Hostile);
    for side in ["before", "after"] {
        for kind in OF_WEBHOOKS.into_iter().chain(["finish"]) {
            host.kill();
            host.start_again_failing(&format!("{side}-{kind}=return(die)"));
            let mut play = Play::on(Receiver::open());
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
struct Play {
    receiver: Receiver,
    /// The webhook that was made, the text that describes it, and its secrets.
    made: Option<(String, &'static str)>,
    secrets: Vec<String>,
    job: Option<String>,
    /// Whether its removal was asked for, and answered.
    removal: (bool, bool),
}

impl Play {
    const fn on(receiver: Receiver) -> Self {
        Self { receiver, made: None, secrets: Vec::new(), job: None, removal: (false, false) }
    }

    fn definition(&self, description: &str) -> Value {
        json!({ "url": self.receiver.url(), "description": description })
    }

    /// Nothing when the host has died.
    fn run(&mut self, client: &Client) -> Option<()> {
        let ask = |method, path: &str, body: &Value| -> Option<Answer> {
            client.try_send(Request::new(method, path).json(body)).ok()
        };
        let made = ask("POST", "/v1/webhooks", &json!({ "webhook": self.definition("first") }))?;
        let WithSecret { secret, webhook } = made.read(201);
        self.secrets.push(secret);
        let path = format!("/v1/webhooks/{}", webhook.id);
        self.made = Some((webhook.id, "first"));
        let changed = ask("PUT", &path, &self.definition("second"))?;
        changed.expect(200);
        self.made.as_mut()?.1 = "second";
        let rotated = ask("POST", &format!("{path}/rotate-secret"), &json!({}))?;
        self.secrets.push(rotated.read::<WithSecret>(200).secret);
        let inputs = json!({ "behaviour": "count", "to": 1 });
        let started = ask("POST", "/v1/jobs", &json!({ "module_id": "hostile", "inputs": inputs }))?;
        let job = started.read::<Value>(201)["id"].as_str()?.to_owned();
        self.job = Some(job.clone());
        let told = told(client, &path, |told| told["job_id"] == json!(job) && told["state"] == "delivered")?;
        let event = told["event_id"].as_str()?.to_owned();
        ask("POST", &format!("{path}/deliveries/{event}/resend"), &json!({}))?.expect(202);
        ask("POST", &format!("{path}/test"), &json!({}))?.expect(202);
        self.removal.0 = true;
        client.try_send(Request::new("DELETE", &path)).ok()?.expect(204);
        self.removal.1 = true;
        Some(())
    }

    fn check(&self, host: &Host, when: &str) {
        let Some((id, description)) = &self.made else { return };
        let path = format!("/v1/webhooks/{id}");
        let answer = host.get(&path);
        if self.removal.1 || self.removal.0 && answer.status == 404 {
            answer.problem(404, "unknown_webhook");
            return;
        }
        let shown: Value = answer.read(200);
        assert!(shown["description"] == *description || *description == "first", "{when}: {shown}");
        if let Some(job) = &self.job {
            host.job(job).ended();
            told(host, &path, |told| told["job_id"] == json!(job) && told["state"] == "delivered");
            let of_job = |body: &Value| body["data"]["id"] == json!(job);
            let got: Vec<_> = self.receiver.got().into_iter().filter(|got| of_job(&got.event())).collect();
            let ids: BTreeSet<_> = got.iter().map(Got::id).collect();
            assert_eq!(ids.len(), 1, "{when}: {got:?}");
            // Once both were answered, both sign.
            let known = got.iter().all(|got| self.secrets.iter().any(|secret| got.verifies_with(secret)));
            assert!(known, "{when}: nobody has signed {got:?}");
        }
        host.delete(&path).expect(204);
    }
}

/// Waits for a delivery; nothing when the host has died.
fn told(client: &Client, path: &str, fits: impl Fn(&Value) -> bool) -> Option<Value> {
    eventually("it was told, or the host has died", || {
        let Ok(answer) = client.try_send(Request::new("GET", &format!("{path}/deliveries"))) else { return Some(None) };
        let page: Value = answer.read(200);
        let found = page["deliveries"].as_array()?.iter().find(|told| fits(told));
        found.cloned().map(Some)
    })
}
