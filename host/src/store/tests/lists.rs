//! What is counted over time, and what is looked for in lists.

use std::collections::BTreeMap;
use std::time::Duration;

use super::harness::{Database, NOW, TestStore, on_each_database};
use crate::domain::{
    Conclusion, ErrorCode, HistorySpan, HistoryStep, JobError, JobFilter, JobId, Labels, Reach, SearchText, Status,
    Timestamp,
};
use crate::store::{Answer, ClaimRequest, Finish, NewJob, Write};

const STEP: Duration = Duration::from_mins(10);

fn failed(message: &str) -> Conclusion {
    Conclusion::Failed(JobError { code: ErrorCode::Trap, message: message.to_owned(), backtrace: None })
}

impl TestStore {
    /// A job that began and ended at these times.
    async fn past(&self, began: Timestamp, ended: Timestamp, conclusion: Conclusion) -> JobId {
        let new = NewJob { at: began, ..Self::new_job(self.module.label()) };
        let id = new.id;
        self.done(Write::CreateJob(Box::new(new))).await;
        let request = ClaimRequest { node: self.node, limit: 1, suspects: 0, limited_first: false, at: began };
        let Answer::Claimed(mut claimed) = self.write(Write::Claim(request)).await else {
            panic!("a claim is answered with jobs")
        };
        let claim = claimed.remove(0).attempt.claim;
        let (run_time, usage) = (Duration::from_millis(1), crate::domain::RunUsage::default());
        let finish = Finish { claim, conclusion, counted: true, run_time, usage, at: ended };
        self.write(Write::Finish(Box::new(finish))).await;
        id
    }

    async fn found(&self, text: &str, filter: JobFilter) -> Vec<JobId> {
        let search = Some(text.parse().expect("a text"));
        let page = self.store.jobs(&JobFilter { search, limit: 10, ..filter }, NOW).await.expect("a page");
        assert_eq!(page.next, None);
        page.jobs.into_iter().map(|job| job.id).collect()
    }
}

async fn a_history_counts_what_began_and_ended_in_each_step(database: Database) {
    let test = TestStore::open(database).await;
    let span = HistorySpan::new(Some(Duration::from_hours(1)), Some(STEP)).expect("a span");
    let begin = span.begin(NOW);
    let minute = |minutes| begin.after(Duration::from_mins(minutes));
    let first = test.past(begin.before(STEP), minute(0), Conclusion::Completed).await;
    test.past(minute(0), minute(9), failed("early")).await;
    test.past(minute(5), minute(10), failed("late")).await;
    test.past(minute(10), minute(61), Conclusion::Completed).await;
    // Before the span, and not ended.
    let oldest = begin.before(Duration::from_millis(1));
    let before = test.past(begin.before(STEP), oldest, Conclusion::Completed).await;
    test.create().await;
    let asked = async |reach: Reach| test.store.job_history(span, &reach, NOW).await.expect("a history");
    let history = asked(Reach::All).await;
    assert_eq!((history.begin, history.step, history.steps.len()), (begin, STEP, 7));
    let empty = HistoryStep::default();
    let expected = [
        HistoryStep { started: 2, completed: 1, failed: 1, stopped: 0 },
        HistoryStep { started: 1, failed: 1, ..empty },
        empty,
        empty,
        empty,
        empty,
        HistoryStep { completed: 1, ..empty },
    ];
    assert_eq!(history.steps, expected);
    assert_eq!(history.oldest_ended_at, Some(oldest));
    assert_eq!(asked(Reach::of(["counter".to_owned()])).await, history);
    let nothing = asked(Reach::of(["other".to_owned()])).await;
    assert_eq!((nothing.steps, nothing.oldest_ended_at), (vec![empty; 7], None));
    for gone in [before, first] {
        test.write(Write::DeleteJob(gone)).await;
    }
    assert_eq!(asked(Reach::All).await.oldest_ended_at, Some(minute(9)), "what is deleted is not counted any more");
}

async fn a_search_finds_ids_modules_labels_and_errors(database: Database) {
    let test = TestStore::open(database).await;
    let broken = test.past(NOW, NOW, failed("100% of the disk is full")).await;
    let pairs = [("team", "Billing"), ("stage", "te_st")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    let labels = Labels::try_from(BTreeMap::from(pairs)).expect("labels");
    let new = NewJob { labels, ..TestStore::new_job(test.module.label()) };
    let labelled = new.id;
    test.done(Write::CreateJob(Box::new(new))).await;
    let all = [labelled, broken];
    let id = labelled.to_string();
    for (text, found) in [
        ("counter@1", &all[..]),
        ("COUNTER", &all),
        ("disk IS full", &all[1..]),
        ("trap", &all[1..]),
        ("100%", &all[1..]),
        ("1%0", &[]),
        ("billing", &all[..1]),
        ("team=Billing", &all[..1]),
        ("te_s", &all[..1]),
        ("t__st", &[]),
        (&id, &all[..1]),
        (&id.to_uppercase()[20..], &all[..1]),
        ("nowhere", &[]),
    ] {
        assert_eq!(test.found(text, JobFilter::default()).await, found, "{text}");
    }
    let of =
        |status| JobFilter { status: Some(status), module_name: Some("counter".to_owned()), ..JobFilter::default() };
    assert_eq!(test.found("counter", of(Status::Failed)).await, &all[1..]);
    assert_eq!(test.found("counter", of(Status::Running)).await, &[]);
    let digest = JobFilter { digest: Some(test.module.digest), ..JobFilter::default() };
    assert_eq!(test.found("disk", digest).await, &all[1..]);
    let labels = "team=Billing,stage=te_st".parse().expect("labels");
    let labelled_filter = JobFilter { labels, ..JobFilter::default() };
    assert_eq!(test.found("counter", labelled_filter.clone()).await, &all[..1]);
    assert_eq!(test.found("disk", labelled_filter).await, &[]);
    let hidden = JobFilter { reach: Reach::of(["other".to_owned()]), ..JobFilter::default() };
    assert_eq!(test.found("counter", hidden).await, &[]);
}

async fn a_search_goes_on_from_page_to_page_where_there_are_many_jobs(database: Database) {
    let test = TestStore::open(database).await;
    let mut ids = Vec::new();
    for at in 0..17 {
        let conclusion = if at % 8 == 0 { failed("disk full") } else { Conclusion::Completed };
        ids.push((at, test.past(NOW, NOW, conclusion).await));
    }
    let broken: Vec<JobId> = ids.iter().rev().filter(|(at, _)| at % 8 == 0).map(|(_, id)| *id).collect();
    let search: Option<SearchText> = Some("disk".parse().expect("a text"));
    for status in [None, Some(Status::Failed)] {
        for module_name in [None, Some("counter".to_owned())] {
            let (mut found, mut before, mut pages) = (Vec::new(), None, 0);
            loop {
                let filter = JobFilter {
                    search: search.clone(),
                    limit: 10,
                    before,
                    status,
                    module_name: module_name.clone(),
                    ..JobFilter::default()
                };
                let page = test.store.jobs(&filter, NOW).await.expect("a page");
                found.extend(page.jobs.iter().map(|job| job.id));
                pages += 1;
                before = page.next;
                if before.is_none() {
                    break;
                }
            }
            assert_eq!(found, broken, "{status:?} {module_name:?}");
            assert_eq!(pages > 1, status.is_none(), "few that fit by their status are one page");
        }
    }
}

async fn the_oldest_ready_job_is_that_of_any_priority_which_somebody_sees(database: Database) {
    let test = TestStore::open(database).await;
    let oldest = async |reach: Reach| test.store.oldest_ready(&reach).await.expect("an answer");
    assert_eq!(oldest(Reach::All).await, None);
    for (priority, minutes) in [(7, 3), (0, 2), (-3, 5)] {
        let priority = crate::domain::Priority::try_from(i64::from(priority)).expect("a priority");
        let at = NOW.before(Duration::from_mins(minutes));
        let new = NewJob { priority, at, ..TestStore::new_job(test.module.label()) };
        test.done(Write::CreateJob(Box::new(new))).await;
    }
    let longest = Some(NOW.before(Duration::from_mins(5)));
    assert_eq!(oldest(Reach::All).await, longest);
    assert_eq!(oldest(Reach::of(["counter".to_owned()])).await, longest);
    assert_eq!(oldest(Reach::of(["other".to_owned()])).await, None);
}

on_each_database!(
    a_history_counts_what_began_and_ended_in_each_step,
    a_search_finds_ids_modules_labels_and_errors,
    a_search_goes_on_from_page_to_page_where_there_are_many_jobs,
    the_oldest_ready_job_is_that_of_any_priority_which_somebody_sees,
);
