//! Keys that jobs share.

use std::time::Duration;

use fastrand::Rng;
use futures_util::future::join_all;

use super::harness::{Database, NOW, TestStore, finish, ids, on_each_database};
use crate::domain::{
    Amount, Conclusion, ErrorCode, Grants, JobError, JobId, JobQueue, NodeId, StartRate, Status, Timestamp,
};
use crate::store::{Answer, CheckpointEdit, ClaimRequest, ClaimedJob, Gone, NewJob, Resume, Write};

fn queue(key: &str, concurrency: Option<u32>, rate: Option<StartRate>) -> JobQueue {
    JobQueue { key: key.parse().expect("a key"), concurrency, rate }
}

fn failed() -> Conclusion {
    Conclusion::Failed(JobError { code: ErrorCode::Trap, message: "trap".to_owned(), backtrace: None })
}

fn resume(job: JobId) -> Write {
    let (module, inputs, settings, checkpoint) = (None, None, None, CheckpointEdit::Keep);
    Write::ResumeJob(Box::new(Resume { job, module, inputs, settings, checkpoint, max_duration: None, at: NOW }))
}

impl TestStore {
    async fn queued(&self, count: usize, queue: &JobQueue) -> Vec<JobId> {
        let mut ids = Vec::new();
        for _ in 0..count {
            let job = NewJob { queue: Some(queue.clone()), ..Self::new_job(self.module.label()) };
            ids.push(job.id);
            self.done(Write::CreateJob(Box::new(job))).await;
        }
        ids
    }

    async fn take(&self, node: NodeId, limit: u32, at: Timestamp) -> Vec<ClaimedJob> {
        match self.write(Write::Claim(ClaimRequest { node, limit, suspects: 1, limited_first: false, at })).await {
            Answer::Claimed(jobs) => jobs,
            other => panic!("a claim came to {other:?}"),
        }
    }

    async fn start_unique(&self, key: &str) -> (JobId, Answer) {
        let unique_key = Some(key.parse().expect("a key"));
        let job = NewJob { unique_key, ..Self::new_job(self.module.label()) };
        (job.id, self.write(Write::CreateJob(Box::new(job))).await)
    }
}

async fn only_so_many_with_a_key_run_whichever_node_claims_them(database: Database) {
    let test = TestStore::open(database).await;
    let other = NodeId::new();
    test.register(other).await;
    let two = queue("customer-7", Some(2), None);
    let jobs = test.queued(5, &two).await;
    let (here, there) = tokio::join!(test.take(test.node, 64, NOW), test.take(other, 64, NOW));
    let mut running = [ids(&here), ids(&there)].concat();
    running.sort_unstable();
    assert_eq!(running, jobs[..2], "the oldest");
    assert!(test.claim_all().await.is_empty());
    let first = here.into_iter().chain(there).next().expect("two run");
    test.write(finish(&first, Conclusion::Completed)).await;
    assert_eq!(ids(&test.claim_all().await), jobs[2..3]);
    assert!(test.claim_all().await.is_empty());
    // What the newest job says holds for all.
    let more = test.queued(1, &queue("customer-7", Some(4), None)).await;
    assert_eq!(ids(&test.claim_all().await), jobs[3..5]);
    assert!(test.claim_all().await.is_empty());
    assert_eq!(test.status(more[0]).await, Status::Pending);
}

async fn those_of_another_key_and_of_none_do_not_wait(database: Database) {
    let test = TestStore::open(database).await;
    let one = queue("one", Some(1), None);
    let jobs = test.queued(100, &one).await;
    let others = [test.queued(1, &queue("two", Some(1), None)).await[0], test.create().await];
    let claimed = ids(&test.take(test.node, 64, NOW).await);
    assert_eq!(claimed, [jobs[0], others[0], others[1]]);
    let late = test.create().await;
    assert_eq!(ids(&test.take(test.node, 1, NOW).await), [late]);
}

async fn so_many_start_in_a_time_and_the_others_wait_for_theirs(database: Database) {
    let test = TestStore::open(database).await;
    let rate = Some(StartRate { starts: 3, per_ms: 60_000 });
    let jobs = test.queued(6, &queue("api", None, rate)).await;
    let at = |seconds| NOW.after(Duration::from_secs(seconds));
    let first = test.take(test.node, 64, NOW).await;
    assert_eq!(ids(&first), jobs[..3]);
    for job in &first {
        test.write(finish(job, Conclusion::Completed)).await;
    }
    assert!(test.take(test.node, 64, at(19)).await.is_empty(), "that they have ended changes nothing");
    assert_eq!(ids(&test.take(test.node, 64, at(20)).await), jobs[3..4]);
    assert!(test.take(test.node, 64, at(39)).await.is_empty());
    assert_eq!(ids(&test.take(test.node, 64, at(65)).await), jobs[4..]);
}

async fn a_key_and_the_modules_own_number_both_hold(database: Database) {
    let test = TestStore::open(database).await;
    let mut grants = Grants::default();
    grants.limits.jobs_concurrent = Some(Amount(3));
    test.done(Write::SetGrants(test.module.digest, Box::new(grants))).await;
    let one = test.queued(4, &queue("one", Some(2), None)).await;
    let two = test.queued(4, &queue("two", Some(2), None)).await;
    let claimed = test.take(test.node, 64, NOW).await;
    assert_eq!(claimed.len(), 3, "of the module");
    let of = |jobs: &[JobId]| ids(&claimed).iter().filter(|job| jobs.contains(job)).count();
    assert!(of(&one) <= 2 && of(&two) <= 2, "{claimed:?}");
    assert!(test.take(test.node, 64, NOW.after(Duration::from_secs(2))).await.is_empty());
    test.write(finish(&claimed[0], Conclusion::Completed)).await;
    assert_eq!(test.take(test.node, 64, NOW.after(Duration::from_secs(4))).await.len(), 1);
}

async fn who_comes_back_waits_again(database: Database) {
    let test = TestStore::open(database).await;
    let one = queue("one", Some(1), None);
    let jobs = test.queued(2, &one).await;
    let first = test.claim().await;
    test.write(finish(&first, failed())).await;
    let second = test.claim().await;
    assert_eq!(second.attempt.claim.job(), jobs[1]);
    test.done(resume(jobs[0])).await;
    assert!(test.claim_all().await.is_empty());
    test.write(finish(&second, Conclusion::Completed)).await;
    assert_eq!(ids(&test.claim_all().await), jobs[..1]);
    // Its node dies: the job goes on elsewhere, before a new one.
    let late = test.queued(1, &one).await;
    let other = NodeId::new();
    test.register(other).await;
    let later = NOW.after(Duration::from_secs(5));
    test.write(Write::Recover(Gone::Others(other), later)).await;
    assert_eq!(ids(&test.take(other, 64, later).await), jobs[..1]);
    test.write(Write::RequestStop(late[0], NOW)).await;
    test.done(resume(late[0])).await;
    assert_eq!(test.status(late[0]).await, Status::Pending);
    assert_eq!(test.job(late[0]).await.queue, Some(one));
}

async fn never_more_than_may_run_and_everybody_gets_through(database: Database) {
    let test = TestStore::open(database).await;
    let mut rng = Rng::with_seed(7);
    let keys = [("a", 1), ("b", 2), ("c", 3)];
    let mut running: Vec<(usize, ClaimedJob)> = Vec::new();
    let mut created: Vec<(usize, JobId)> = Vec::new();
    let mut ended = 0;
    for step in 0..400_u64 {
        let at = NOW.after(Duration::from_secs(step));
        match rng.u8(0..4) {
            0 if created.len() < 80 => {
                let key = rng.usize(..keys.len());
                let jobs = test.queued(rng.usize(1..4), &queue(keys[key].0, Some(keys[key].1), None)).await;
                created.extend(jobs.into_iter().map(|job| (key, job)));
            }
            1 if !running.is_empty() => {
                let (_, job) = running.swap_remove(rng.usize(..running.len()));
                let again = rng.u8(0..4) == 0;
                test.write(finish(&job, if again { Conclusion::Pending } else { Conclusion::Completed })).await;
                ended += usize::from(!again);
            }
            _ => {
                for job in test.take(test.node, rng.u32(1..5), at).await {
                    let id = job.attempt.claim.job();
                    let (key, _) = created.iter().find(|(_, created)| *created == id).expect("it was created");
                    running.push((*key, job));
                }
            }
        }
        for (key, (name, most)) in keys.iter().enumerate() {
            let now = running.iter().filter(|(of, _)| *of == key).count();
            assert!(now <= *most as usize, "{now} of {name} run after step {step}");
        }
    }
    let mut at = NOW.after(Duration::from_hours(1));
    while ended < created.len() {
        at = at.after(Duration::from_secs(1));
        for (_, job) in running.drain(..) {
            test.write(finish(&job, Conclusion::Completed)).await;
            ended += 1;
        }
        let taken = test.take(test.node, 64, at).await;
        assert!(!taken.is_empty() || ended == created.len(), "{ended} of {} got through", created.len());
        running.extend(taken.into_iter().map(|job| (0, job)));
    }
}

async fn only_one_with_a_unique_key_has_not_ended(database: Database) {
    let test = TestStore::open(database).await;
    let answers = join_all((0..16).map(|_| test.start_unique("import"))).await;
    let done: Vec<JobId> =
        answers.iter().filter(|(_, answer)| matches!(answer, Answer::Done)).map(|(id, _)| *id).collect();
    let [first] = done[..] else { panic!("{answers:?}") };
    assert!(
        answers
            .iter()
            .all(|(id, answer)| *id == first || matches!(answer, Answer::NotUnique(holder) if *holder == first))
    );
    assert!(matches!(test.start_unique("other").await.1, Answer::Done));
    let claimed = test.claim_all().await;
    assert!(matches!(test.start_unique("import").await.1, Answer::NotUnique(holder) if holder == first), "it runs");
    let own = claimed.iter().find(|job| job.attempt.claim.job() == first).expect("it was claimed");
    test.write(finish(own, failed())).await;
    let (second, answer) = test.start_unique("import").await;
    assert!(matches!(answer, Answer::Done));
    assert!(matches!(test.write(resume(first)).await, Answer::NotUnique(rival) if rival == second));
    test.write(Write::RequestStop(second, NOW)).await;
    test.done(resume(first)).await;
    assert_eq!(test.job(first).await.unique_key.map(|key| key.to_string()).as_deref(), Some("import"));
}

on_each_database!(
    only_so_many_with_a_key_run_whichever_node_claims_them,
    those_of_another_key_and_of_none_do_not_wait,
    so_many_start_in_a_time_and_the_others_wait_for_theirs,
    a_key_and_the_modules_own_number_both_hold,
    who_comes_back_waits_again,
    never_more_than_may_run_and_everybody_gets_through,
    only_one_with_a_unique_key_has_not_ended,
);
