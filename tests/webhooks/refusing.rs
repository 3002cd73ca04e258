//! Where nothing is ever sent, who is not told any more, and receivers that would hold others up.

use serde_json::{Value, json};

use super::receiver::{Answer, Receiver};
use super::views::{HERE, Hook, WebhookView, short_job};
use crate::harness::{Host, Shared, eventually};

static HOST: Shared = Shared::new();

#[test]
fn private_addresses_and_http_are_refused_unless_the_operator_allows_them() {
    let host = &*HOST.host();
    let receiver = Receiver::open();
    for (url, words) in [
        (receiver.url(), "no address of https"),
        (format!("https://127.0.0.1:{}/", receiver.port()), "no public address"),
        ("https://[::1]/".to_owned(), "no public address"),
        ("https://[::ffff:10.0.0.1]/".to_owned(), "no public address"),
        ("https://169.254.169.254/latest".to_owned(), "no public address"),
    ] {
        let refused = host.post("/v1/webhooks", &json!({ "webhook": { "url": url } }));
        let problem = refused.problem(422, "address_not_allowed");
        assert!(problem.detail.contains(words), "{url}: {}", problem.detail);
        assert_eq!(problem.errors[0].pointer, "/url");
    }
    assert_eq!(receiver.got().len(), 0);
}

/// A name says nothing of where it leads: that is looked at when it is sent.
#[test]
fn a_name_that_leads_to_a_private_address_is_not_sent_to() {
    let host = Host::with(&["webhooks.retries=", "webhooks.private_networks=10.0.0.0/8"]);
    let receiver = Receiver::open();
    let hook = Hook::to(&host, &format!("https://localhost:{}/", receiver.port()));
    let told = hook.until(&short_job(&host), "it was tried", |told| told.state == "failed");
    let error = told.last_error.expect("it says why");
    assert!(error.contains("is not sent to: it is no public address"), "{error}");
    assert_eq!((told.attempts, receiver.got().len()), (1, 0));
}

#[test]
fn what_the_operator_allows_no_more_is_not_sent_to() {
    let mut host = Host::with(&HERE);
    let receiver = Receiver::open();
    let hook = Hook::to(&host, &receiver.url());
    assert!(host.terminate().success());
    host.set("webhooks.http=false");
    host.set("webhooks.retries=");
    host.start_again();
    let told = hook.until(&short_job(&host), "it was tried", |told| told.state == "failed");
    assert!(told.last_error.is_some_and(|error| error.contains("webhooks.http")));
    assert_eq!(receiver.got().len(), 0);
}

#[test]
fn redirects_are_not_followed() {
    let host = Host::with(&[&HERE[..3], &["webhooks.retries="]].concat());
    let (receiver, other) = (Receiver::open(), Receiver::open());
    receiver.answers(Answer::Redirect(other.url()));
    let hook = Hook::to(&host, &receiver.url());
    let told = hook.until(&short_job(&host), "it was tried", |told| told.state == "failed");
    assert_eq!(told.last_status, Some(307));
    assert!(told.last_error.is_some_and(|error| error.contains("redirects are not followed")));
    assert_eq!((receiver.got().len(), other.got().len()), (1, 0));
}

#[test]
fn a_receiver_that_asks_for_time_is_given_it() {
    let host = Host::with(&HERE);
    let receiver = Receiver::open();
    receiver.answers(Answer::Later(3_600));
    let hook = Hook::to(&host, &receiver.url());
    let told = hook.until(&short_job(&host), "it was tried", |told| told.last_status == Some(503));
    assert_eq!((told.state.as_str(), told.attempts), ("waiting", 1));
    let time = |text: Option<String>| text.and_then(|text| humantime::parse_rfc3339(&text).ok()).expect("a time");
    let pause = time(told.next_attempt_at).duration_since(time(told.last_attempt_at)).expect("it comes later");
    assert!((3_599..3_660).contains(&pause.as_secs()), "{pause:?}");
}

#[test]
fn a_receiver_that_is_gone_is_told_nothing_more_until_somebody_says_so() {
    let host = Host::with(&HERE);
    let receiver = Receiver::open();
    receiver.answers(Answer::Status(410));
    let hook = Hook::to(&host, &receiver.url());
    let told = hook.until(&short_job(&host), "it was told", |told| told.state == "failed");
    assert_eq!((told.last_status, told.attempts), (Some(410), 1));
    let shown = hook.show();
    assert!(!shown.enabled && shown.given_up.is_some_and(|reason| reason.contains("410")));
    short_job(&host).ended();
    host.post(&hook.path("/test"), &json!({})).problem(409, "webhook_disabled");
    host.post(&hook.path(&format!("/deliveries/{}/resend", told.event_id)), &json!({}))
        .problem(409, "webhook_disabled");
    assert_eq!((hook.deliveries().len(), receiver.got().len()), (1, 1));
    receiver.answers(Answer::Status(200));
    let changed: WebhookView = host.put(&hook.path(""), &json!({ "url": receiver.url() })).read(200);
    assert!(changed.enabled && changed.given_up.is_none());
    hook.knows(&short_job(&host));
}

#[test]
fn a_receiver_that_fails_for_long_is_switched_off() {
    let host = Host::with(&[&HERE[..], &["webhooks.disable_after=1s"]].concat());
    let receiver = Receiver::open();
    receiver.answers(Answer::Status(500));
    let hook = Hook::to(&host, &receiver.url());
    short_job(&host).ended();
    let given_up = eventually("it is switched off", || hook.show().given_up);
    assert_eq!(given_up, "every attempt failed for 1s");
    let figures = host.get("/metrics").expect(200).text();
    assert!(figures.contains("cofferdam_webhooks_failing 1"), "{figures}");
    assert!(!hook.show().enabled);
}

#[test]
fn an_answer_without_an_end_and_one_that_never_comes_hold_nobody_up() {
    let settings = ["webhooks.concurrency=1", "webhooks.timeout=30s"];
    let host = Host::with(&[&HERE[..], &settings].concat());
    let (silent, endless, good) = (Receiver::open(), Receiver::open(), Receiver::open());
    silent.answers(Answer::Silence);
    endless.answers(Answer::Endless);
    let silent_hook = Hook::to(&host, &silent.url());
    let endless_hook = Hook::to(&host, &endless.url());
    let good_hook = Hook::to(&host, &good.url());
    let jobs: Vec<_> = (0..10).map(|_| short_job(&host)).collect();
    for job in &jobs {
        good_hook.knows(job);
    }
    let taken = endless_hook.knows(&jobs[0]);
    assert_eq!(taken.last_answer.map(|answer| answer.len()), Some(1_024));
    // The silent one is still at its first, and the others wait for it alone.
    assert_eq!(silent.gets(1).len(), 1);
    let told = silent_hook.deliveries();
    assert_eq!((told.len(), told.iter().filter(|told| told.under_way).count()), (10, 1), "{told:?}");
}

#[test]
fn an_answer_that_never_comes_is_given_up_and_asked_for_again() {
    let host = Host::with(&[&HERE[..], &["webhooks.timeout=300ms"]].concat());
    let receiver = Receiver::open();
    receiver.answers(Answer::Silence);
    let hook = Hook::to(&host, &receiver.url());
    let job = short_job(&host);
    let told = hook.until(&job, "it was given up", |told| told.last_error.is_some());
    assert!(told.last_error.is_some_and(|error| error.contains("no answer within 300ms (webhooks.timeout)")));
    receiver.gets(2);
    receiver.answers(Answer::Status(200));
    hook.knows(&job);
    let counted: Value = json!(hook.knows(&job).attempts);
    assert_eq!(counted, json!(receiver.got().len()));
}
