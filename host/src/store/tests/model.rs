//! What a database must do, written a second time without one: plain values, plain rules, no SQL.
//!
//! It answers each write with the very [`Answer`] that the store has to give, and shows what the store has to show.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::time::Duration;

use super::model_job::ModelJob;
use super::model_schedules::ModelSchedules;
use crate::domain::{
    Conclusion, Digest, Grants, JobCounts, JobId, JobState, ModuleLabel, NodeId, StartKey, Status, Timestamp,
};
use crate::store::{
    Answer, ClaimRequest, ClaimedJob, Finish, Gone, NewJob, Part, Piece, Prune, Pruned, Recovered, Write,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NodeState {
    Up,
    Left,
    Dead,
}

#[derive(Debug, Clone, Copy)]
struct ModelNode {
    state: NodeState,
    heartbeat_at: Timestamp,
}

/// Nodes and jobs; one module that is always there.
#[derive(Debug)]
pub(super) struct Model {
    module: ModuleLabel,
    /// What its module may do.
    grants: Grants,
    /// Requests and jobs of the keys that were used; none of them is a day old.
    keys: BTreeMap<Digest, (Digest, JobId)>,
    nodes: BTreeMap<NodeId, ModelNode>,
    pub(super) jobs: BTreeMap<JobId, ModelJob>,
    pub(super) schedules: ModelSchedules,
}

impl Model {
    pub(super) fn new(module: ModuleLabel) -> Self {
        Self {
            module,
            grants: Grants::default(),
            keys: BTreeMap::new(),
            nodes: BTreeMap::new(),
            jobs: BTreeMap::new(),
            schedules: ModelSchedules::default(),
        }
    }

    pub(super) fn apply(&mut self, write: &Write) -> Answer {
        match write {
            Write::RegisterNode(node) => self.register(node.id, node.at),
            Write::Heartbeat(node, at) => self.beat(*node, *at),
            Write::LeaveNode(node, at) => {
                if self.is_up(*node) {
                    self.nodes.insert(*node, ModelNode { state: NodeState::Left, heartbeat_at: *at });
                }
                Answer::Done
            }
            Write::Recover(gone, at) => self.recover(*gone, *at),
            Write::CreateJob(new) => self.create(new),
            Write::PutSchedule(put) => self.schedules.put(put),
            Write::RemoveSchedule(id) => self.schedules.remove(*id),
            Write::FireSchedule(firing) => self.fire(firing),
            Write::SetGrants(digest, grants) => {
                if *digest != self.module.digest {
                    return Answer::NotMatched;
                }
                self.grants = (**grants).clone();
                self.jobs.values_mut().for_each(|job| job.shown.limits = self.grants.limits.clone());
                Answer::Done
            }
            Write::Claim(request) => Answer::Claimed(self.claim(*request)),
            Write::RequestStop(job, at) => {
                self.jobs.get_mut(job).map_or(Answer::NotMatched, |job| job.request_stop(*at))
            }
            Write::ResumeJob(change) => {
                self.jobs.get_mut(&change.job).map_or(Answer::NotMatched, |job| job.resume(change))
            }
            Write::DeleteJob(id) => match self.jobs.get(id).map(ModelJob::status) {
                None => Answer::NotMatched,
                Some(status) if status.is_ended() => {
                    self.jobs.remove(id);
                    Answer::Done
                }
                Some(status) => Answer::Status(status),
            },
            Write::KeepJob { job, keep } => self.jobs.get_mut(job).map_or(Answer::NotMatched, |job| {
                job.shown.keep = *keep;
                Answer::Done
            }),
            Write::Prune(request) => self.prune(request),
            Write::Finish(finish) => self.finish(finish),
            of_attempt => self.of_attempt(of_attempt),
        }
    }

    pub(super) fn create(&mut self, new: &NewJob) -> Answer {
        if let Some(StartKey { key, request }) = new.key
            && let Some((first, job)) = self.keys.get(&key)
        {
            return if *first == request { Answer::Known(*job) } else { Answer::KeyTaken };
        }
        if new.module.digest != self.module.digest {
            return Answer::NotMatched;
        }
        if let Some(StartKey { key, request }) = new.key {
            self.keys.insert(key, (request, new.id));
        }
        self.jobs.insert(new.id, ModelJob::new(new, self.grants.limits.clone()));
        Answer::Done
    }

    /// How many jobs stand where.
    pub(super) fn counts(&self) -> JobCounts {
        let count = |wanted| self.jobs.values().filter(|job| job.status() == wanted).count() as u64;
        JobCounts {
            pending: count(Status::Pending),
            running: count(Status::Running),
            completed: count(Status::Completed),
            failed: count(Status::Failed),
            stopped: count(Status::Stopped),
        }
    }

    /// The nodes that are up.
    pub(super) fn up(&self) -> Vec<NodeId> {
        self.nodes.keys().copied().filter(|node| self.is_up(*node)).collect()
    }

    fn is_up(&self, node: NodeId) -> bool {
        self.nodes.get(&node).is_some_and(|node| node.state == NodeState::Up)
    }

    fn register(&mut self, node: NodeId, at: Timestamp) -> Answer {
        self.nodes.insert(node, ModelNode { state: NodeState::Up, heartbeat_at: at });
        Answer::Done
    }

    fn beat(&mut self, node: NodeId, at: Timestamp) -> Answer {
        if self.is_up(node) { self.register(node, at) } else { Answer::NotMatched }
    }

    /// Everything that an attempt writes counts only while its claim holds.
    fn of_attempt(&mut self, write: &Write) -> Answer {
        let claim = match write {
            Write::AppendLogs(chunk) => chunk.attempt.claim,
            Write::SaveResult(result) => result.attempt.claim,
            Write::SaveCheckpoint(checkpoint) => checkpoint.attempt.claim,
            Write::SaveProgress(claim, _) | Write::EndTrial(claim) => *claim,
            other => panic!("the model does not know {other:?}"),
        };
        let Some(job) = self.jobs.get_mut(&claim.job()).filter(|job| job.holds(claim)) else {
            return Answer::NotMatched;
        };
        let done = match write {
            Write::AppendLogs(chunk) => job.append(chunk),
            Write::SaveResult(result) => job.save_result(result),
            Write::SaveCheckpoint(checkpoint) => job.save_checkpoint(checkpoint),
            Write::SaveProgress(_, progress) => {
                job.shown.progress = Some(*progress);
                true
            }
            _ => {
                job.on_trial = false;
                true
            }
        };
        if done { Answer::Done } else { Answer::NotMatched }
    }

    /// Everything of a kind before the next kind.
    fn prune(&mut self, request: &Prune) -> Answer {
        let mut pruned = Pruned::default();
        for Piece { job, finished_at, part } in &request.pieces {
            let found = self.jobs.get_mut(job).filter(|job| job.may_be_pruned(*finished_at));
            let Some(found) = found else { continue };
            match part {
                Part::Logs(upto) => pruned.logs += u64::from(found.drop_lines(*upto, request.at)),
                Part::Results(upto) => pruned.results += u64::from(found.drop_results(*upto, request.at)),
                Part::Checkpoints => pruned.checkpoints += u64::from(found.drop_checkpoint(request.at)),
                Part::Job => {
                    self.jobs.remove(job);
                    pruned.jobs.push(*job);
                }
            }
        }
        pruned.jobs.sort_unstable();
        Answer::Pruned(pruned)
    }

    fn finish(&mut self, finish: &Finish) -> Answer {
        let Some(job) = self.jobs.get_mut(&finish.claim.job()).filter(|job| job.holds(finish.claim)) else {
            return Answer::NotMatched;
        };
        job.use_time(finish.run_time);
        job.count(&finish.usage);
        job.shown.attempt -= u32::from(!finish.counted);
        job.ready_at = finish.at;
        if let Conclusion::Retry(pause) = finish.conclusion {
            job.ready_at = finish.at.after(pause);
            job.shown.retries += 1;
        }
        job.died = false;
        match &finish.conclusion {
            Conclusion::Completed => {
                job.final_result = job.last_result();
                job.end(JobState::Completed { at: finish.at });
            }
            Conclusion::Failed(error) => job.end(JobState::Failed { at: finish.at, error: error.clone() }),
            Conclusion::Stopped(stop) => job.end(JobState::Stopped { at: finish.at, stop: *stop }),
            Conclusion::Retry(_) | Conclusion::Pending if job.stop_asked => job.end_as_asked(finish.at, false),
            Conclusion::Retry(_) | Conclusion::Pending => job.end(JobState::Pending),
        }
        Answer::Status(job.status())
    }

    /// The highest priority first, then the oldest; suspects after all others and only so many of them; and not more than may run at once.
    fn claim(&mut self, request: ClaimRequest) -> Vec<ClaimedJob> {
        let ClaimRequest { node, limit, suspects, at, .. } = request;
        if !self.is_up(node) {
            return Vec::new();
        }
        let running = self.jobs.values().filter(|job| job.status() == Status::Running).count();
        let room = self
            .grants
            .limits
            .jobs_concurrent
            .map_or(usize::MAX, |most| usize::try_from(most.0).expect("a small number").saturating_sub(running));
        let limit = limit.min(u32::try_from(room).unwrap_or(u32::MAX));
        let mut ready: Vec<_> = self.jobs.values().filter(|job| job.is_ready(at)).collect();
        ready.sort_by_key(|job| (Reverse(job.shown.priority), job.ready_at, job.shown.id));
        let ids = |suspect: bool, most: u32| {
            let found = ready.iter().filter(|job| job.is_suspect() == suspect);
            found.take(most as usize).map(|job| job.shown.id).collect::<Vec<_>>()
        };
        let mut taken = ids(false, limit);
        let left = limit - u32::try_from(taken.len()).expect("not more than the limit");
        taken.extend(ids(true, suspects.min(left)));
        taken.sort_unstable();
        taken
            .into_iter()
            .map(|id| self.jobs.get_mut(&id).expect("it was found").claim(node, at, self.grants.clone()))
            .collect()
    }

    fn recover(&mut self, gone: Gone, at: Timestamp) -> Answer {
        let mut died = 0;
        match gone {
            Gone::Others(but) => {
                let others = self.nodes.iter_mut().filter(|(id, node)| **id != but && node.state == NodeState::Up);
                for (_, node) in others {
                    node.state = NodeState::Dead;
                    died += 1;
                }
            }
            Gone::Silent(_) => panic!("leases run out by the database's clock, which the model does not have"),
            Gone::Nobody => {}
        }
        let mut recovered = Recovered { died, ..Recovered::default() };
        for (id, node) in &self.nodes {
            if node.state == NodeState::Up {
                continue;
            }
            let crashed = node.state == NodeState::Dead;
            let alone = self.jobs.values().filter(|job| job.owner == Some(*id)).count() == 1;
            for job in self.jobs.values_mut().filter(|job| job.owner == Some(*id)) {
                recovered.jobs.push(job.shown.id);
                recovered.resumed += u64::from(take_back(job, crashed, alone, node.heartbeat_at, at));
            }
        }
        self.nodes.retain(|_, node| node.state == NodeState::Up);
        recovered.jobs.sort_unstable();
        Answer::Recovered(recovered)
    }
}

/// Takes a job from its gone node; answers whether it goes on.
fn take_back(job: &mut ModelJob, crashed: bool, alone: bool, last_seen: Timestamp, at: Timestamp) -> bool {
    let is_lone = crashed && (alone || job.on_trial);
    let ran = last_seen.since(job.claimed_at).max(Duration::ZERO);
    job.use_time(ran);
    job.fence += 1;
    job.ready_at = at;
    job.died = crashed;
    job.crashes += u32::from(crashed);
    job.lone_crashes += u32::from(is_lone);
    if job.stop_asked {
        job.end_as_asked(at, true);
    } else if is_lone && job.lone_crashes == 3 {
        job.fail_as_crash_loop(at);
    } else {
        job.end(JobState::Pending);
    }
    job.status() == Status::Pending
}
