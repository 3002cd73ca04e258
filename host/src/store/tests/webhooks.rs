//! Webhooks: what is told when jobs end, by whichever road, and who sends it.

use std::time::Duration;

use super::harness::{Database, NOW, TestStore, finish, on_each_database};
use crate::domain::{
    Conclusion, Delivery, DeliveryState, Ends, ErrorCode, EventId, EventKind, HttpAddress, JobError, JobId,
    LabelSelector, NodeId, Reach, StopReason, Stopped, Webhook, WebhookId, WebhookState,
};
use crate::store::{
    Answer, AttemptResult, CheckpointEdit, ClaimedDelivery, DeliveryClaim, DeliveryEnd, Gone, NewWebhook, PingEvent,
    Resend, Resume, Rotation, Sweep, WebhookWrite, Write,
};

const LEASE: Duration = Duration::from_mins(1);

fn webhook(change: impl FnOnce(&mut Webhook)) -> Webhook {
    let mut webhook = Webhook {
        id: WebhookId::new(),
        url: HttpAddress::parse("https://a.example/in").expect("an address"),
        description: "for tests".to_owned(),
        ends: Ends::all(),
        modules: Reach::All,
        labels: LabelSelector::default(),
        state: WebhookState::Enabled,
        failing_since: None,
        old_secret_until: None,
        created_at: NOW,
        updated_at: NOW,
    };
    change(&mut webhook);
    webhook
}

impl TestStore {
    async fn hook(&self, change: impl FnOnce(&mut Webhook)) -> WebhookId {
        let webhook = webhook(change);
        let id = webhook.id;
        self.webhook(WebhookWrite::Create(Box::new(NewWebhook { webhook, sealed: vec![1, 2] }))).await;
        id
    }

    async fn webhook(&self, write: WebhookWrite) {
        self.done(Write::Webhook(write)).await;
    }

    async fn told(&self, hook: WebhookId) -> Vec<Delivery> {
        let mut told = self.store.deliveries(hook, (None, 1_000), None).await.expect("an answer").deliveries;
        told.reverse();
        told
    }

    async fn kinds(&self, hook: WebhookId) -> Vec<(EventKind, Option<JobId>)> {
        self.told(hook).await.iter().map(|delivery| (delivery.kind, delivery.job)).collect()
    }

    async fn take_deliveries(&self, hook: WebhookId, lease: Duration) -> Vec<ClaimedDelivery> {
        let claim = DeliveryClaim { wanted: vec![(hook, 100)], lease, sweep: None, at: NOW };
        match self.write(Write::Webhook(WebhookWrite::Claim(claim))).await {
            Answer::Deliveries(claimed) => claimed,
            other => panic!("a claim came to {other:?}"),
        }
    }

    async fn stop(&self, job: JobId) {
        let answer = self.write(Write::RequestStop(job, NOW)).await;
        assert!(matches!(answer, Answer::Asked(_)), "{answer:?}");
    }

    async fn stopped_job(&self) -> JobId {
        let job = self.create().await;
        self.stop(job).await;
        job
    }

    async fn node_dies(&mut self) {
        self.node = NodeId::new();
        self.register(self.node).await;
        self.write(Write::Recover(Gone::Others(self.node), NOW)).await;
    }
}

fn ended(delivery: &ClaimedDelivery, state: DeliveryState, status: u16) -> DeliveryEnd {
    let error = (state != DeliveryState::Delivered).then(|| "refused".to_owned());
    DeliveryEnd {
        webhook: delivery.webhook,
        event: delivery.event,
        attempt: delivery.attempt,
        state,
        pause: LEASE,
        result: AttemptResult { status: Some(status), answer: Some("text".to_owned()), error },
        counts: true,
        give_up: None,
        failed_since: (NOW.before(LEASE), "for long".to_owned()),
        at: NOW,
    }
}

fn finished(end: DeliveryEnd) -> Write {
    Write::Webhook(WebhookWrite::Finish(Box::new(end)))
}

fn failed() -> Conclusion {
    Conclusion::Failed(JobError { code: ErrorCode::Trap, message: "trapped".to_owned(), backtrace: None })
}

async fn every_road_to_an_end_is_told_once(database: Database) {
    let mut test = TestStore::open(database).await;
    let hook = test.hook(|_| {}).await;
    let mut expected = Vec::new();
    let stop = Stopped { reason: StopReason::DurationLimit, forced: false };
    for (conclusion, kind) in [
        (Conclusion::Completed, EventKind::JobCompleted),
        (failed(), EventKind::JobFailed),
        (Conclusion::Stopped(stop), EventKind::JobStopped),
    ] {
        let job = test.create().await;
        let claimed = test.claim().await;
        test.write(finish(&claimed, conclusion)).await;
        expected.push((kind, Some(job)));
    }
    // A job that never ran; one that is given back and was to stop; one whose node died and that was to stop.
    expected.push((EventKind::JobStopped, Some(test.stopped_job().await)));
    let released = test.create().await;
    let claimed = test.claim().await;
    test.stop(released).await;
    test.write(finish(&claimed, Conclusion::Pending)).await;
    expected.push((EventKind::JobStopped, Some(released)));
    let orphan = test.create().await;
    test.claim().await;
    test.stop(orphan).await;
    test.node_dies().await;
    expected.push((EventKind::JobStopped, Some(orphan)));
    // A job that kills its host.
    let deadly = test.create().await;
    for _ in 0..3 {
        test.claim().await;
        test.node_dies().await;
    }
    expected.push((EventKind::JobFailed, Some(deadly)));
    assert_eq!(test.kinds(hook).await, expected);
    // What goes back to `pending` is not told, and neither is a stop of what has ended.
    test.create().await;
    let claimed = test.claim().await;
    test.write(finish(&claimed, Conclusion::Pending)).await;
    test.write(Write::RequestStop(deadly, NOW)).await;
    assert_eq!(test.kinds(hook).await, expected);
}

async fn a_job_that_ends_again_is_told_again(database: Database) {
    let test = TestStore::open(database).await;
    let hook = test.hook(|_| {}).await;
    let job = test.stopped_job().await;
    for _ in 0..2 {
        let (module, inputs, settings, checkpoint) = (None, None, None, CheckpointEdit::Keep);
        let resume = Resume { job, module, inputs, settings, checkpoint, max_duration: None, at: NOW };
        // In one batch or in two: the first end was told before.
        let (resumed, stopped) = tokio::join!(
            test.store.write(Write::ResumeJob(Box::new(resume))),
            test.store.write(Write::RequestStop(job, NOW))
        );
        assert!(resumed.is_ok() && stopped.is_ok());
        test.write(Write::RequestStop(job, NOW)).await;
    }
    let told = test.told(hook).await;
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told.iter().all(|delivery| (delivery.kind, delivery.job) == (EventKind::JobStopped, Some(job))));
}

async fn only_who_wants_to_know_is_told(database: Database) {
    let test = TestStore::open(database).await;
    let all = test.hook(|_| {}).await;
    let mine = test.hook(|hook| hook.modules = Reach::of(["counter".to_owned()])).await;
    let others = [
        test.hook(|hook| hook.modules = Reach::of(["another".to_owned()])).await,
        test.hook(|hook| hook.ends = "completed failed".parse().expect("ends")).await,
        test.hook(|hook| hook.labels = "team=billing".parse().expect("labels")).await,
        test.hook(|hook| hook.state = WebhookState::Disabled).await,
    ];
    let job = test.stopped_job().await;
    let told = test.told(all).await;
    assert_eq!(told.len(), 1);
    // Two who are told the same are told it under one id.
    let events = async |hook| test.told(hook).await.into_iter().map(|told| told.event).collect::<Vec<_>>();
    assert_eq!(events(mine).await, [told[0].event]);
    for other in others {
        assert_eq!(test.told(other).await, [], "{other}");
    }
    // The job may go: what is told of it is there as a whole.
    test.done(Write::DeleteJob(job)).await;
    let claimed = test.take_deliveries(all, LEASE).await;
    assert_eq!(claimed.len(), 1);
    assert_eq!(claimed[0].body, format!("job.stopped {job}"));
    assert_eq!(test.take_deliveries(mine, LEASE).await[0].event, claimed[0].event);
}

async fn a_delivery_is_one_senders_until_its_lease_ends(database: Database) {
    let test = TestStore::open(database).await;
    let hook = test.hook(|_| {}).await;
    test.stopped_job().await;
    let [first] = &test.take_deliveries(hook, Duration::ZERO).await[..] else { panic!("one is due") };
    assert_eq!((first.attempt, first.tries), (1, 1));
    // Its sender has died, so to say.
    let [second] = &test.take_deliveries(hook, LEASE).await[..] else { panic!("it is due again") };
    assert_eq!((second.event, second.attempt), (first.event, 2));
    assert!(test.take_deliveries(hook, LEASE).await.is_empty(), "it is under way");
    let late = test.write(finished(ended(first, DeliveryState::Delivered, 200))).await;
    assert!(matches!(late, Answer::NotMatched), "{late:?}");
    let busy = test.write(Write::Webhook(WebhookWrite::Resend(hook, Resend::One(first.event)))).await;
    assert!(matches!(busy, Answer::Busy), "{busy:?}");
    test.done(finished(ended(second, DeliveryState::Delivered, 204))).await;
    let told = test.told(hook).await.remove(0);
    assert_eq!((told.state, told.attempts, told.last_status), (DeliveryState::Delivered, 2, Some(204)));
    assert!(test.take_deliveries(hook, LEASE).await.is_empty(), "what was delivered is not sent by itself");
    test.webhook(WebhookWrite::Resend(hook, Resend::One(first.event))).await;
    let [again] = &test.take_deliveries(hook, LEASE).await[..] else { panic!("somebody asked for it") };
    assert_eq!((again.event, again.attempt, again.tries), (first.event, 3, 1));
}

async fn failures_wait_and_speak_against_the_webhook(database: Database) {
    let test = TestStore::open(database).await;
    let hook = test.hook(|_| {}).await;
    let state = async || test.store.webhook(hook).await.expect("an answer").expect("it is there").webhook;
    test.stopped_job().await;
    let claimed = test.take_deliveries(hook, LEASE).await.remove(0);
    test.done(finished(ended(&claimed, DeliveryState::Waiting, 503))).await;
    assert!(test.take_deliveries(hook, LEASE).await.is_empty(), "it waits");
    let due = test.store.due_webhooks().await.expect("an answer");
    assert!(due.len() == 1 && due[0].due_in > LEASE / 2 && due[0].due_in <= LEASE, "{due:?}");
    assert_eq!(state().await.failing_since, Some(NOW));
    assert_eq!(test.store.webhook_counts().await.expect("an answer").failing, 1);
    // Another one arrives: nothing speaks against it any more.
    test.stopped_job().await;
    let claimed = test.take_deliveries(hook, LEASE).await.remove(0);
    test.done(finished(ended(&claimed, DeliveryState::Delivered, 200))).await;
    assert_eq!((state().await.failing_since, state().await.state), (None, WebhookState::Enabled));
    // It fails, and has done so for long.
    for (since, expected) in
        [(NOW.before(LEASE), WebhookState::Enabled), (NOW.after(LEASE), WebhookState::GivenUp("for long".to_owned()))]
    {
        test.stopped_job().await;
        let claimed = test.take_deliveries(hook, LEASE).await.remove(0);
        let mut end = ended(&claimed, DeliveryState::Failed, 500);
        end.failed_since.0 = since;
        test.done(finished(end)).await;
        assert_eq!(state().await.state, expected);
    }
    test.stopped_job().await;
    assert_eq!(test.told(hook).await.len(), 4, "one that is switched off is told nothing");
    assert!(test.store.due_webhooks().await.expect("an answer").is_empty());
    // Switched on again, it gets what failed when somebody asks for it.
    test.webhook(WebhookWrite::Change(Box::new(webhook(|same| same.id = hook)))).await;
    assert_eq!((state().await.state, state().await.failing_since), (WebhookState::Enabled, None));
    let resent = test.write(Write::Webhook(WebhookWrite::Resend(hook, Resend::FailedSince(NOW)))).await;
    assert!(matches!(resent, Answer::Count(2)), "{resent:?}");
    assert_eq!(test.take_deliveries(hook, LEASE).await.len(), 2);
}

async fn gone_is_gone_and_a_host_that_goes_down_speaks_against_nobody(database: Database) {
    let test = TestStore::open(database).await;
    let hook = test.hook(|_| {}).await;
    test.stopped_job().await;
    let claimed = test.take_deliveries(hook, LEASE).await.remove(0);
    let interrupted =
        DeliveryEnd { counts: false, pause: Duration::ZERO, ..ended(&claimed, DeliveryState::Waiting, 0) };
    test.done(finished(interrupted)).await;
    let stored = test.store.webhook(hook).await.expect("an answer").expect("it is there");
    assert_eq!((stored.webhook.failing_since, stored.sealed), (None, vec![1, 2]));
    let claimed = test.take_deliveries(hook, LEASE).await.remove(0);
    let give_up = Some("410".to_owned());
    test.done(finished(DeliveryEnd { give_up, ..ended(&claimed, DeliveryState::Failed, 410) })).await;
    let stored = test.store.webhook(hook).await.expect("an answer").expect("it is there");
    assert_eq!(stored.webhook.state, WebhookState::GivenUp("410".to_owned()));
    let ping = PingEvent { webhook: hook, event: EventId::new(), body: "ping".to_owned(), at: NOW };
    let refused = test.write(Write::Webhook(WebhookWrite::Ping(ping))).await;
    assert!(matches!(refused, Answer::NotMatched), "{refused:?}");
}

async fn what_is_old_goes_and_what_waits_stays(database: Database) {
    let test = TestStore::open(database).await;
    let hook = test.hook(|_| {}).await;
    for _ in 0..4 {
        test.stopped_job().await;
    }
    let claimed = test.take_deliveries(hook, LEASE).await;
    for delivery in &claimed[..3] {
        test.done(finished(ended(delivery, DeliveryState::Delivered, 200))).await;
    }
    let sweep = async |before, kept, waiting| {
        let sweep = Some(Sweep { before, kept, waiting });
        let claim = DeliveryClaim { wanted: vec![], lease: LEASE, sweep, at: NOW };
        test.write(Write::Webhook(WebhookWrite::Claim(claim))).await;
        test.told(hook).await.len()
    };
    assert_eq!(sweep(NOW, 100, 100).await, 4, "none is older, and they are few");
    assert_eq!(sweep(NOW, 2, 100).await, 2, "the newest two stay");
    assert_eq!(sweep(NOW.after(LEASE), 100, 100).await, 1, "only what waits stays");
    assert_eq!(sweep(NOW, 100, 0).await, 1);
    let stored = test.store.webhook(hook).await.expect("an answer").expect("it is there");
    assert!(matches!(&stored.webhook.state, WebhookState::GivenUp(why) if why.contains("more than 0")), "{stored:?}");
}

async fn a_webhook_is_kept_as_it_was_said_and_goes_with_all_it_has(database: Database) {
    let test = TestStore::open(database).await;
    let made = webhook(|hook| {
        hook.modules = Reach::of(["a".to_owned(), "b".to_owned()]);
        hook.labels = "team=billing,stage=".parse().expect("labels");
        hook.ends = "failed".parse().expect("an end");
    });
    let write = NewWebhook { webhook: made.clone(), sealed: vec![9] };
    test.webhook(WebhookWrite::Create(Box::new(write))).await;
    assert_eq!(test.store.webhooks().await.expect("an answer"), std::slice::from_ref(&made));
    let old_until = NOW.after(LEASE);
    let rotation = Rotation { webhook: made.id, sealed: vec![8], old_until, at: NOW };
    test.webhook(WebhookWrite::Rotate(rotation)).await;
    let stored = test.store.webhook(made.id).await.expect("an answer").expect("it is there");
    assert_eq!((stored.sealed, stored.old_sealed), (vec![8], Some(vec![9])));
    assert_eq!(stored.webhook.old_secret_until, Some(old_until));
    test.webhook(WebhookWrite::Remove(made.id)).await;
    let gone = test.write(Write::Webhook(WebhookWrite::Remove(made.id))).await;
    assert!(matches!(gone, Answer::NotMatched), "{gone:?}");
    for _ in 0..100 {
        test.hook(|_| {}).await;
    }
    let one_more = NewWebhook { webhook: webhook(|_| {}), sealed: vec![] };
    let refused = test.write(Write::Webhook(WebhookWrite::Create(Box::new(one_more)))).await;
    assert!(matches!(refused, Answer::Count(100)), "{refused:?}");
}

on_each_database! {
    every_road_to_an_end_is_told_once,
    a_job_that_ends_again_is_told_again,
    only_who_wants_to_know_is_told,
    a_delivery_is_one_senders_until_its_lease_ends,
    failures_wait_and_speak_against_the_webhook,
    gone_is_gone_and_a_host_that_goes_down_speaks_against_nobody,
    what_is_old_goes_and_what_waits_stays,
    a_webhook_is_kept_as_it_was_said_and_goes_with_all_it_has,
}
