//! What becomes of occurrences that came while the host was down.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;

use super::views::{Scheduled, assert_each_second, seconds};
use crate::harness::{Host, eventually};

#[expect(clippy::disallowed_methods, reason = "the host that is tested reads this machine's clock")]
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

#[test]
fn what_came_while_the_host_was_down_is_made_up_for_as_each_schedule_says() {
    let mut host = Host::start();
    let fields = |policy: &str| json!({ "overlap": "allow", "late_after": "1s", "catch_up": { "policy": policy } });
    // Once a day, in a few seconds.
    let at = now() + 5;
    let cron = format!("{} {} {} * * *", at % 60, at / 60 % 60, at / 3_600 % 24);
    let daily = ["none", "last", "all"].map(|policy| Scheduled::hello(&host, policy, &cron, fields(policy)));
    let each_second = Scheduled::hello(&host, "each-second", "* * * * * *", fields("all"));
    each_second.until(&host, "one has started", |runs| !runs.is_empty());
    host.kill();
    assert!(now() < at, "this machine is too slow: the host should have been down before the time came");
    eventually("the time has gone by", || (now() > at + 2).then_some(()));
    host.start_again();

    for (schedule, outcome) in daily.iter().zip(["missed", "started", "started"]) {
        let runs = schedule.until(&host, "it is decided", |runs| !runs.is_empty());
        assert_eq!(
            (runs.len(), runs[0].outcome.as_str(), seconds(&runs[0].scheduled_for)),
            (1, outcome, at),
            "{runs:?}"
        );
        let next = schedule.show(&host)["next_run_at"].as_str().map(seconds);
        assert_eq!(next, Some(at + 24 * 3_600), "the next one is tomorrow's");
    }
    let back = now();
    each_second.until(&host, "it goes on", |runs| runs.iter().any(|run| seconds(&run.scheduled_for) > back));
    each_second.tell(&host, "pause");
    let started: Vec<_> = each_second.started(&host).into_iter().map(|by| by.scheduled_for).collect();
    assert_each_second(&started);
    assert!(started.len() > 6, "those of the time between are among them: {started:?}");
}

#[test]
fn only_so_many_are_made_up_for_and_the_others_are_noted_as_missed() {
    let mut host = Host::start();
    let fields = json!({ "overlap": "allow", "late_after": "1s", "catch_up": { "policy": "all", "limit": 2 } });
    let schedule = Scheduled::hello(&host, "each-second", "* * * * * *", fields);
    schedule.until(&host, "one has started", |runs| !runs.is_empty());
    host.kill();
    let last = now();
    eventually("some occurrences have gone by", || (now() > last + 6).then_some(()));
    host.start_again();
    let runs = schedule.until(&host, "they are decided", |runs| runs.iter().any(|run| run.outcome == "missed"));
    let missed = runs.iter().position(|run| run.outcome == "missed").expect("it was found");
    let until = runs[missed].missed_until.clone().expect("the last of them");
    let mut times: Vec<_> = runs.iter().map(|run| run.scheduled_for.clone()).collect();
    assert_each_second(&times.split_off(missed + 1).into_iter().fold(vec![until], |mut all, time| {
        all.push(time);
        all
    }));
    assert_each_second(&times);
}
