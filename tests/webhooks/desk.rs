//! Webhooks over HTTP: made, shown, changed, tried and removed; their log; and who may do that.

use serde_json::{Value, json};

use super::receiver::{Answer, Receiver};
use super::views::{Deliveries, DeliveryView, HERE, Hook, WebhookView, WithSecret, short_job};
use crate::harness::{Host, Request, Shared, eventually};

static HOST: Shared = Shared::new();

const URL: &str = "https://hooks.example.com/cofferdam";

#[test]
fn a_webhook_is_made_shown_changed_and_removed() {
    let host = &*HOST.host();
    let body = json!({ "webhook": {
        "url": URL, "description": "the pager", "ends": ["failed"], "modules": ["b", "a"], "labels": { "team": "x" },
    } });
    let answer = host.post("/v1/webhooks", &body);
    let location = answer.header("location").to_owned();
    let WithSecret { secret, webhook } = answer.read(201);
    assert_eq!(location, format!("/v1/webhooks/{}", webhook.id));
    assert_eq!((webhook.url.as_str(), webhook.description.as_str()), (URL, "the pager"));
    assert_eq!(webhook.ends, ["failed"]);
    assert_eq!(webhook.modules.as_deref(), Some(["a".to_owned(), "b".to_owned()].as_slice()));
    assert_eq!(webhook.labels, [("team".to_owned(), "x".to_owned())].into());
    assert!(webhook.enabled && webhook.old_secret_until.is_none() && webhook.created_at == webhook.updated_at);
    let shown = host.get(&location);
    assert!(!shown.text().contains(&secret));
    assert_eq!(shown.read::<WebhookView>(200), webhook);
    let changed: WebhookView = host.put(&location, &json!({ "url": URL, "enabled": false })).read(200);
    assert_eq!(changed.ends, ["completed", "failed", "stopped"]);
    assert!(!changed.enabled && changed.modules.is_none() && changed.labels.is_empty());
    assert_eq!((changed.created_at.as_str(), changed.given_up.as_deref()), (webhook.created_at.as_str(), None));
    assert_eq!(host.get(&location).read::<WebhookView>(200), changed);
    let listed: Value = host.get("/v1/webhooks").read(200);
    assert!(listed["webhooks"].as_array().is_some_and(|all| all.iter().any(|one| one["id"] == json!(webhook.id))));
    host.delete(&location).expect(204);
    for refused in [host.get(&location), host.delete(&location), host.get(&format!("{location}/deliveries"))] {
        refused.problem(404, "unknown_webhook");
    }
}

#[test]
fn what_is_no_webhook_is_refused_with_what_would_be_right() {
    let host = &*HOST.host();
    let many: serde_json::Map<_, _> = (0..9).map(|at| (format!("n{at}"), json!("v"))).collect();
    for (body, code, words) in [
        (json!({ "url": "hooks.example.com" }), "invalid_webhook", "no address of https"),
        (json!({ "url": "https://me:pass@hooks.example.com" }), "invalid_webhook", "a name or password"),
        (json!({ "url": "https://0x7f.1/" }), "invalid_webhook", "names no host"),
        (json!({ "url": URL, "ends": [] }), "invalid_webhook", "there are completed, failed and stopped"),
        (json!({ "url": URL, "ends": ["running"] }), "invalid_webhook", "`running` is no end"),
        (json!({ "url": URL, "labels": { "a b": "" } }), "invalid_webhook", "no name of a label"),
        (json!({ "url": URL, "labels": many }), "invalid_webhook", "at most 8 labels"),
        (json!({ "url": URL, "description": "x".repeat(501) }), "invalid_webhook", "more than 500 characters"),
    ] {
        let problem = host.post("/v1/webhooks", &json!({ "webhook": body })).problem(422, code);
        assert!(problem.detail.contains(words), "{body}: {}", problem.detail);
    }
    for (body, words) in [
        (json!({ "webhook": { "url": URL, "modules": [] } }), "leave it out for all"),
        (json!({ "webhook": { "url": URL, "modules": ["A"] } }), "is not the name of a module"),
        (json!({ "webhook": { "url": URL }, "secret": "password" }), "whsec_"),
        (json!({ "webhook": { "url": URL, "secret": "x" } }), "secret"),
        (json!({ "url": URL }), "webhook"),
    ] {
        let problem = host.post("/v1/webhooks", &body).problem(400, "invalid_field");
        assert!(problem.detail.contains(words), "{body}: {}", problem.detail);
    }
    host.get("/v1/webhooks/12").problem(400, "invalid_webhook_id");
    let hook = Hook::to(host, URL);
    host.get(&hook.path("/deliveries/12")).problem(400, "invalid_delivery_id");
    host.get(&hook.path("/deliveries?state=sent")).problem(400, "invalid_query");
    host.get(&hook.path("/deliveries?cursor=x")).problem(400, "bad_cursor");
    let unknown = "/deliveries/01890a5d-ac96-774b-bcce-b302099a8057";
    host.get(&hook.path(unknown)).problem(404, "unknown_delivery");
    host.post(&hook.path(&format!("{unknown}/resend")), &json!({})).problem(404, "unknown_delivery");
    let problem = host.post(&hook.path("/resend"), &json!({ "failed_since": "now" })).problem(400, "invalid_field");
    assert!(problem.detail.contains("RFC 3339"), "{}", problem.detail);
    host.delete(&hook.path("")).expect(204);
}

#[test]
fn a_webhook_is_tried_with_an_event_that_says_nothing_and_that_comes_once() {
    let host = Host::with(&HERE);
    let receiver = Receiver::open();
    let hook = Hook::to(&host, &receiver.url());
    let test = || -> DeliveryView {
        let sent: DeliveryView = host.post(&hook.path("/test"), &json!({})).read(202);
        assert_eq!((sent.r#type.as_str(), &sent.job_id), ("ping", &None));
        let path = hook.path(&format!("/deliveries/{}", sent.event_id));
        eventually("it was tried", || {
            let told: DeliveryView = host.get(&path).read(200);
            (told.state != "waiting").then_some(told)
        })
    };
    let told = test();
    assert_eq!((told.state.as_str(), told.last_status), ("delivered", Some(200)));
    let got = receiver.gets(1).remove(0);
    got.is_signed_with(&hook.secret);
    assert_eq!((got.id(), &got.event()["type"]), (told.event_id.as_str(), &json!("ping")));
    receiver.answers(Answer::Status(500));
    let told = test();
    assert_eq!((told.state.as_str(), told.attempts, told.last_status), ("failed", 1, Some(500)));
}

#[test]
fn deliveries_are_listed_by_page_and_state_and_sent_again_on_demand() {
    let host = Host::with(&[&HERE[..3], &["webhooks.retries="]].concat());
    let receiver = Receiver::open();
    receiver.answers(Answer::Status(500));
    let hook = Hook::to(&host, &receiver.url());
    let jobs: Vec<_> = (0..3).map(|_| short_job(&host)).collect();
    let failed: Vec<_> =
        jobs.iter().map(|job| hook.until(job, "it has failed", |told| told.state == "failed")).collect();
    receiver.answers(Answer::Status(200));
    let taken = hook.knows(&short_job(&host));
    let page: Deliveries = host.get(&hook.path("/deliveries?state=failed&limit=2")).read(200);
    assert_eq!((page.deliveries.len(), page.next_cursor.is_some()), (2, true));
    let cursor = page.next_cursor.expect("there are more");
    let rest: Deliveries = host.get(&hook.path(&format!("/deliveries?state=failed&limit=2&cursor={cursor}"))).read(200);
    assert_eq!((rest.deliveries.len(), rest.next_cursor), (1, None));
    let newest: Deliveries = host.get(&hook.path("/deliveries?limit=1")).read(200);
    assert_eq!(newest.deliveries, std::slice::from_ref(&taken));

    // One, though it was taken: somebody wants it again.
    let again: DeliveryView =
        host.post(&hook.path(&format!("/deliveries/{}/resend", taken.event_id)), &json!({})).read(202);
    assert_eq!((again.event_id.as_str(), again.state.as_str()), (taken.event_id.as_str(), "waiting"));
    let got = receiver.gets(5);
    assert_eq!((got[3].id(), got[4].id()), (taken.event_id.as_str(), taken.event_id.as_str()));
    assert_eq!(got[3].body, got[4].body);
    // All that failed since the second.
    let since = &failed.iter().map(|told| told.created_at.clone()).max().expect("three");
    let resent: Value = host.post(&hook.path("/resend"), &json!({ "failed_since": since })).read(202);
    let expected = failed.iter().filter(|told| told.created_at >= *since).count();
    assert_eq!(resent["deliveries"], json!(expected));
    receiver.gets(5 + expected);
    let resent: Value = host.post(&hook.path("/resend"), &json!({ "failed_since": "2020-01-01T00:00:00Z" })).read(202);
    assert!(resent["deliveries"].as_u64() >= Some(u64::try_from(3 - expected).expect("few")));
    for job in &jobs {
        hook.knows(job);
    }
}

#[test]
fn webhooks_have_scopes_of_their_own_and_a_token_for_some_modules_sees_their_webhooks_alone() {
    let mut host = Host::with(&HERE);
    host.lock();
    let receiver = Receiver::open();
    let token = |scopes: Value, modules: Value| {
        let body = json!({ "name": "t", "scopes": scopes, "modules": modules });
        host.with_token(&host.make_token(&body).0)
    };
    let nobody = token(json!(["jobs:read", "jobs:write", "modules:read"]), json!(null));
    let reader = token(json!(["webhooks:read"]), json!(null));
    let limited = token(json!(["webhooks:read", "webhooks:write"]), json!(["hello", "hostile"]));
    nobody.get("/v1/webhooks").problem(403, "scope_missing");
    let of_all = Hook::to(&host, &receiver.url());
    assert_eq!(reader.get(&of_all.path("")).read::<WebhookView>(200), of_all.show());
    reader.post(&of_all.path("/test"), &json!({})).problem(403, "scope_missing");
    reader.delete(&of_all.path("")).problem(403, "scope_missing");

    // What it could not see of jobs, it must not be told of either.
    for modules in [json!(null), json!(["hello", "another"])] {
        let body = json!({ "webhook": { "url": receiver.url(), "modules": modules } });
        let problem = limited.post("/v1/webhooks", &body).problem(422, "reaches_further");
        assert_eq!(problem.errors[0].pointer, "/modules");
    }
    let own = Hook::make(&limited, &json!({ "url": receiver.url(), "modules": ["hostile"] }));
    let listed: Value = limited.get("/v1/webhooks").read(200);
    assert_eq!(listed["webhooks"].as_array().map(Vec::len), Some(1));
    for refused in [
        limited.get(&of_all.path("")),
        limited.put(&of_all.path(""), &json!({ "url": receiver.url(), "modules": ["hello"] })),
        limited.delete(&of_all.path("")),
        limited.get(&of_all.path("/deliveries")),
        limited.post(&of_all.path("/test"), &json!({})),
        limited.post(&of_all.path("/rotate-secret"), &json!({})),
        limited.post(&of_all.path("/resend"), &json!({ "failed_since": "2020-01-01T00:00:00Z" })),
    ] {
        refused.problem(404, "unknown_webhook");
    }
    own.knows(&short_job(&host));
    let log: Value = host.get("/v1/audit?limit=1000").read(200);
    let made = log["entries"].as_array().expect("a list").iter().filter(|entry| entry["action"] == "webhook.create");
    let objects: Vec<_> = made.filter(|entry| entry["status"] == 201).map(|entry| entry["object"].clone()).collect();
    assert_eq!(objects, [json!(of_all.id), json!(own.id)]);
    assert!(!log.to_string().contains(&own.secret));
}

#[test]
fn bad_requests_leave_no_trace() {
    let host = &*HOST.host();
    let hook = Hook::to(host, URL);
    host.send(Request::new("POST", &hook.path("/rotate-secret")).json(&json!({ "keep_old_for": "soon" })))
        .problem(400, "invalid_field");
    assert_eq!(hook.show().old_secret_until, None);
    host.delete(&hook.path("")).expect(204);
}
