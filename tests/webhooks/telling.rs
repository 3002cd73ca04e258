//! What receivers get: each event under one id, signed, again until it is taken, and whatever happens to the host.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::receiver::{Answer, Receiver, all_signed_with};
use super::views::{HERE, Hook, WithSecret, short_job};
use crate::harness::{Host, Status, eventually};

/// A receiver is down, the host is killed meanwhile, and comes back before the receiver does.
fn down_for_a_while(settings: &[&str]) {
    let settings: Vec<_> = HERE.iter().chain(settings).copied().collect();
    let mut host = Host::with(&settings);
    let receiver = Receiver::down();
    let hook = Hook::to(&host, &receiver.url());
    let completed = short_job(&host);
    let failed = host.hostile(json!({ "behaviour": "panic" }));
    let stopped = host.hostile(json!({ "behaviour": "sleep_for_ever" }));
    stopped.reaches(Status::Running);
    stopped.stop_and_wait();
    for job in [&completed, &failed, &stopped] {
        let told = hook.until(job, "it was tried twice", |told| told.attempts >= 2);
        assert_eq!(told.state, "waiting");
        eventually("the log tells why", || {
            let told = hook.deliveries().into_iter().find(|other| other.event_id == told.event_id)?;
            told.last_error.filter(|error| error.contains("cannot be reached"))
        });
    }
    assert!(hook.show().failing_since.is_some());
    host.kill();
    host.start_again();
    receiver.comes_up();
    let told: Vec<_> = [&completed, &failed, &stopped].map(|job| hook.knows(job)).into();
    assert_eq!(hook.show().failing_since, None);
    let got = receiver.got();
    let ids: BTreeSet<_> = got.iter().map(|got| got.id().to_owned()).collect();
    assert_eq!(ids, told.iter().map(|told| told.event_id.clone()).collect());
    assert_eq!((ids.len(), hook.deliveries().len()), (3, 3), "one event for each end");
    all_signed_with(&hook.secret, &got);
    for got in &got {
        assert_eq!((got.line.as_str(), got.header("content-type")), ("POST /in?x=1 HTTP/1.1", "application/json"));
    }
    for (told, kind) in told.iter().zip(["job.completed", "job.failed", "job.stopped"]) {
        let event = got.iter().find(|got| got.id() == told.event_id).expect("it came").event();
        assert_eq!((&event["type"], told.r#type.as_str()), (&json!(kind), kind));
        assert_eq!(told.last_status, Some(200));
    }
}

#[test]
fn a_receiver_that_was_down_gets_each_event_through_the_death_of_the_host() {
    down_for_a_while(&[]);
}

#[test]
fn a_receiver_that_was_down_gets_each_event_from_a_host_on_postgres() {
    let url = format!("database={}", cofferdam_test_postgres::Cluster::shared().create_database());
    down_for_a_while(&[&url, "node.lease=3s"]);
}

#[test]
fn a_receiver_is_told_what_the_api_shows_but_for_what_went_into_the_job() {
    let host = Host::with(&HERE);
    let receiver = Receiver::open();
    let hook = Hook::to(&host, &receiver.url());
    let inputs = json!({ "behaviour": "count", "to": 1 });
    let job = host.hostile_with(inputs, json!({ "labels": { "team": "billing" } }));
    hook.knows(&job);
    let mut shown: Value = job.get("").read(200);
    let fields = shown.as_object_mut().expect("an object");
    fields.remove("inputs");
    fields.remove("settings");
    fields.insert("left_out".to_owned(), json!(["inputs", "settings"]));
    let event = receiver.gets(1)[0].event();
    assert_eq!(event, json!({ "type": "job.completed", "timestamp": shown["finished_at"], "data": shown }));
    // What went into a module's failure may be long, and is cut.
    let failed = host.hostile(json!({ "behaviour": "panic" }));
    hook.knows(&failed);
    let event = receiver.gets(2)[1].event();
    assert_eq!(event["data"]["error"]["code"], "trap");
    assert!(receiver.got()[1].body.len() < 40 << 10);
}

#[test]
fn what_is_refused_is_sent_again_under_the_same_id_and_nothing_more_once_it_is_taken() {
    let host = Host::with(&HERE);
    let receiver = Receiver::open();
    receiver.answers(Answer::Status(503));
    let hook = Hook::to(&host, &receiver.url());
    let job = short_job(&host);
    receiver.gets(3);
    let waiting = hook.until(&job, "it was refused", |told| told.last_status == Some(503));
    assert_eq!((waiting.last_answer.as_deref(), waiting.state.as_str()), (Some("an answer"), "waiting"));
    receiver.answers(Answer::Status(204));
    let told = hook.knows(&job);
    let got = receiver.got();
    assert_eq!(got.len(), usize::try_from(told.attempts).expect("few"));
    let first = &got[0];
    assert!(got.iter().all(|got| got.id() == told.event_id && got.body == first.body));
    all_signed_with(&hook.secret, &got);
    // Another event comes and goes meanwhile: the first one would have come again by now.
    hook.knows(&short_job(&host));
    assert_eq!(receiver.got().len(), got.len() + 1);
}

#[test]
fn a_job_may_go_before_it_was_told_of() {
    let host = Host::with(&HERE);
    let receiver = Receiver::down();
    let hook = Hook::to(&host, &receiver.url());
    let job = short_job(&host);
    hook.until(&job, "it was tried", |told| told.last_error.is_some());
    host.delete(&job.path("")).expect(204);
    receiver.comes_up();
    hook.knows(&job);
    assert_eq!(receiver.gets(1)[0].event()["data"]["id"], json!(job.id));
}

#[test]
fn only_jobs_that_fit_are_told_of() {
    let host = Host::with(&HERE);
    let (all, some) = (Receiver::open(), Receiver::open());
    let every = Hook::to(&host, &all.url());
    let fitting = json!({ "url": some.url(), "ends": ["failed"], "modules": ["hostile"], "labels": { "team": "a" } });
    let hook = Hook::make(&host, &fitting);
    let start = |behaviour: Value, team: &str| host.hostile_with(behaviour, json!({ "labels": { "team": team } }));
    let other_team = start(json!({ "behaviour": "panic" }), "b");
    let other_end = start(json!({ "behaviour": "count", "to": 1 }), "a");
    let fits = start(json!({ "behaviour": "panic" }), "a");
    for job in [&other_team, &other_end, &fits] {
        every.knows(job);
    }
    hook.knows(&fits);
    assert_eq!(hook.deliveries().len(), 1);
    // Two who are told the same are told it under one id.
    assert_eq!(some.gets(1)[0].id(), every.knows(&fits).event_id);
}

#[test]
fn a_new_secret_signs_beside_the_old_one_for_a_while() {
    let host = Host::with(&HERE);
    let receiver = Receiver::open();
    let hook = Hook::to(&host, &receiver.url());
    let rotated: WithSecret = host.post(&hook.path("/rotate-secret"), &json!({})).read(200);
    assert!(rotated.webhook.old_secret_until.is_some());
    hook.knows(&short_job(&host));
    let both = receiver.gets(1).remove(0);
    both.is_signed_with(&hook.secret);
    both.is_signed_with(&rotated.secret);
    assert_eq!(both.header("webhook-signature").split(' ').count(), 2);
    let given = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";
    let at_once = json!({ "secret": given, "keep_old_for": "0s" });
    let last: WithSecret = host.post(&hook.path("/rotate-secret"), &at_once).read(200);
    assert_eq!(last.secret, given);
    hook.knows(&short_job(&host));
    let one = receiver.gets(2).remove(1);
    one.is_signed_with(given);
    assert!(!one.verifies_with(&rotated.secret) && !one.verifies_with(&hook.secret));
    let text = host.get("/v1/webhooks").text() + &host.stderr();
    assert!(!text.contains(given) && !text.contains(&hook.secret), "a secret is shown once");
}

#[test]
fn a_receiver_over_tls_is_told_if_its_authority_is_known() {
    let (server, certificate) = crate::harness::WebServer::start_tls("localhost");
    let folder = tempfile::tempdir().expect("a folder");
    let roots = folder.path().join("ca.pem");
    std::fs::write(&roots, certificate).expect("written");
    let url = format!("https://localhost:{}/hello", server.port());
    let with_roots = format!("webhooks.roots={}", roots.display());
    for (settings, state) in [(vec![with_roots.as_str()], "delivered"), (vec![], "failed")] {
        let here = ["webhooks.private_networks=127.0.0.0/8,::1/128", "webhooks.retries="];
        let host = Host::with(&here.iter().copied().chain(settings).collect::<Vec<_>>());
        let hook = Hook::to(&host, &url);
        let told = hook.until(&short_job(&host), "it was tried", |told| told.state == state);
        assert_eq!(told.last_error.is_some_and(|error| error.contains("is not trusted")), state == "failed");
    }
    assert_eq!(server.asked().len(), 1);
}
