//! Runs one attempt: opens the sandbox, watches the clock and the stop signal, and writes how it ended.

use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, sleep, sleep_until, timeout, timeout_at};

use super::context::JobContext;
use super::finish::{self, Ended};
use super::host_lines;
use super::journal::Journal;
use super::secrets;
use super::stop_signal::StopSignal;
use super::trial;
use crate::domain::{AttemptEnd, Conclusion, ErrorCode, JobError, JobLimits, StopCause, StopReason, Stopped};
use crate::measured;
use crate::registry::ProgramError;
use crate::sandbox::{Allowance, GuestJob, Program, RunEnd, RunReport};
use crate::scheduler::shared::{Shared, jittered, whole_millis};
use crate::scheduler::steps;
use crate::store::{ClaimedJob, StoreError};

/// How long lines, results and progress may wait for more before they are written.
const FLUSH_AFTER: Duration = Duration::from_millis(20);
/// How long a claim that found no room is held, so that it does not come back at once.
const NO_ROOM_PAUSE: Duration = Duration::from_millis(250);
/// How long the watchdog waits for its line to be taken before it stops the job all the same.
const LINE_PATIENCE: Duration = Duration::from_millis(500);
/// A point in time so far away that it stands for never.
const NEVER: Duration = Duration::from_hours(24 * 365 * 30);

/// What an attempt holds while it runs.
pub(in crate::scheduler) struct Permits {
    /// Room for one job.
    pub(in crate::scheduler) slot: OwnedSemaphorePermit,
    /// The turn of a suspect.
    pub(in crate::scheduler) trial: Option<OwnedSemaphorePermit>,
}

/// Runs a claimed job to the end of its attempt. The slot is free again when this returns.
pub(in crate::scheduler) async fn run(shared: Arc<Shared>, job: Box<ClaimedJob>, permits: Permits) {
    let claimed_at = Instant::now();
    let limits = job.grants.limits.lower(shared.job_limits.get().as_ref().clone());
    let context = open_context(&shared, &job, &limits);
    shared.attempts.begin(&context);
    finish::note_begin(&shared, &job);
    steps::waited(&job, shared.clock.now());
    if shared.membership.holds(job.attempt.claim.node()) {
        if let Some(permit) = permits.trial {
            shared.tasks.spawn(trial::stand(Arc::clone(&shared), job.attempt.claim, context.signal(), permit));
        }
        let ended = perform(&shared, &job, &context, claimed_at).await;
        finish::write(&shared, &job, &context, ended).await;
    }
    context.signal().settle();
    shared.attempts.end(context.claim());
    shared.feeds.ring_said(context.job_id());
    drop(permits.slot);
    // Other nodes leave work of which this one knows nothing; and a node that drains waits for its last attempt.
    if shared.leftovers.may_be() || shared.membership.has_company() || shared.draining.is_cancelled() {
        shared.bell.notify_one();
    }
}

fn open_context(shared: &Shared, job: &ClaimedJob, limits: &JobLimits) -> JobContext {
    let signal = Arc::new(StopSignal::with_fuse(shared.attempts.fuse(job.attempt.claim.job())));
    let journal =
        Journal::new(shared.store.clone(), job, limits.clone(), Arc::clone(&shared.feeds), Arc::clone(&signal));
    JobContext::new(job.attempt.claim, Arc::clone(&shared.clock), limits.clone(), journal, signal)
}

async fn perform(shared: &Arc<Shared>, job: &ClaimedJob, context: &JobContext, claimed_at: Instant) -> Ended {
    let not_run = |conclusion| Ended { conclusion, counted: false, claimed_at, report: None };
    if shared.draining.is_cancelled() {
        return not_run(Conclusion::Pending);
    }
    if job.after_crash {
        host_lines::restarted(context, job).await;
    }
    let max_duration = [job.max_duration, context.limits().max_duration].into_iter().flatten().min();
    let budget = max_duration.map(|max| max.saturating_sub(job.budget_used));
    if budget == Some(Duration::ZERO) {
        host_lines::duration_limit_reached(context).await;
        return not_run(Conclusion::Stopped(Stopped { reason: StopReason::DurationLimit, forced: false }));
    }
    let allowance = match allowance(shared, job, context).await {
        Ok(allowance) => allowance,
        Err(error) => {
            host_lines::failed(context, &error).await;
            return not_run(Conclusion::Failed(error));
        }
    };
    let signal = context.signal();
    let watch = Watch { shared, context, signal: &signal, grace: job.stop_grace };
    let prepared = tokio::select! {
        biased;
        prepared = prepare(shared, job, allowance) => prepared,
        // The module may have to be compiled anew, which takes a minute at worst.
        conclusion = watch.cut_before_start() => Err(conclusion),
    };
    let (program, guest_job) = match prepared {
        Ok(prepared) => prepared,
        Err(conclusion) => {
            if let Conclusion::Failed(error) = &conclusion {
                host_lines::failed(context, error).await;
            }
            return not_run(conclusion);
        }
    };
    measured::START.took(claimed_at.elapsed());
    let claim = job.attempt.claim;
    steps::part(claim, "prepare", claimed_at.elapsed(), shared.clock.now());
    let begin = Instant::now();
    let report = {
        let run = pin!(shared.sandbox.run(&program, guest_job, Arc::new(context.clone()), signal.force_token()));
        watch.until_ended(run, budget.map(|budget| claimed_at + budget)).await
    };
    steps::part(claim, "run", begin.elapsed(), shared.clock.now());
    match report.end {
        RunEnd::NoRoom => {
            sleep(NO_ROOM_PAUSE).await;
            not_run(Conclusion::Pending)
        }
        RunEnd::Ended(ref end) => {
            let conclusion = conclude(job, context, &signal, end.clone()).await;
            Ended { conclusion, counted: true, claimed_at, report: Some(report) }
        }
    }
}

async fn conclude(job: &ClaimedJob, context: &JobContext, signal: &StopSignal, end: AttemptEnd) -> Conclusion {
    if let Some(error) = signal.take_failure() {
        return Conclusion::Failed(error);
    }
    host_lines::ended(context, &end).await;
    let may_pass = matches!(end, AttemptEnd::Retryable(_));
    match end.conclude(signal.cause(), signal.was_seen()) {
        Conclusion::Failed(error) if may_pass => retry_or_fail(job, context, error).await,
        conclusion => conclusion,
    }
}

async fn retry_or_fail(job: &ClaimedJob, context: &JobContext, error: JobError) -> Conclusion {
    let failures = job.retries + 1;
    match job.retry.pause_after(failures).map(jittered).map(whole_millis) {
        Some(pause) => {
            host_lines::tried_again(context, job.retry, failures, pause, &error).await;
            Conclusion::Retry(pause)
        }
        None => Conclusion::Failed(error),
    }
}

/// What the run may use and reach, or why it must not begin.
async fn allowance(shared: &Shared, job: &ClaimedJob, context: &JobContext) -> Result<Allowance, JobError> {
    let failed = |code, message| JobError { code, message, backtrace: None };
    let left = context.limits().cpu_time.map(|limit| limit.saturating_sub(job.cpu_used));
    if left == Some(Duration::ZERO) {
        return Err(failed(ErrorCode::CpuLimit, "the module used up its time on a processor".to_owned()));
    }
    let opened = if job.grants.dirs.is_empty() {
        shared.sandbox.allowance(&job.grants)
    } else {
        let (sandbox, grants) = (shared.sandbox.clone(), job.grants.clone());
        let opened = tokio::task::spawn_blocking(move || sandbox.allowance(&grants)).await;
        opened.map_err(|_| failed(ErrorCode::HostError, "the module's folders could not be opened".to_owned()))?
    };
    let mut allowance = opened.map_err(|faults| {
        let faults: Vec<_> = faults.iter().map(ToString::to_string).collect();
        let message = format!("this host does not allow what the module was granted: {}", faults.join("; "));
        failed(ErrorCode::GrantRefused, message)
    })?;
    let limits = &mut allowance.limits;
    limits.cpu_time = left;
    limits.http_requests = limits.http_requests.saturating_sub(job.http.requests);
    limits.http_bytes = limits.http_bytes.saturating_sub(job.http.bytes);
    Ok(allowance)
}

/// The program and what it is given, or what becomes of the job without them.
async fn prepare(
    shared: &Shared,
    job: &ClaimedJob,
    mut allowance: Allowance,
) -> Result<(Program, GuestJob), Conclusion> {
    secrets::open(shared, job, &mut allowance).await?;
    let failed = |code, message| Conclusion::Failed(JobError { code, message, backtrace: None });
    let program = shared.registry.program(job.module.digest).await.map_err(|error| match error {
        ProgramError::Missing => {
            failed(ErrorCode::ModuleMissing, format!("the bytes of {} ({}) are gone", job.module, job.module.digest))
        }
        ProgramError::Store(
            StoreError::Closed | StoreError::Unavailable(_) | StoreError::Conflict | StoreError::DiskFull,
        ) => Conclusion::Pending,
        ProgramError::Trust(error) => failed(ErrorCode::ModuleUntrusted, error.to_string()),
        error @ (ProgramError::Store(StoreError::Inconsistent { .. }) | ProgramError::Admission(_)) => {
            tracing::error!(job = %job.attempt.claim.job(), %error, "a stored module cannot be loaded");
            failed(ErrorCode::HostError, "the stored module cannot be loaded any more".to_owned())
        }
    })?;
    let checkpoint = if job.has_checkpoint {
        shared.store.checkpoint(job.attempt.claim.job()).await.map_err(|_| Conclusion::Pending)?
    } else {
        None
    };
    let guest_job = GuestJob {
        id: job.attempt.claim.job(),
        attempt: job.attempt.number,
        inputs: job.inputs.clone(),
        settings: job.settings.clone(),
        checkpoint: checkpoint.map(|stored| stored.checkpoint),
        allowance,
    };
    Ok((program, guest_job))
}

/// The eyes on a running guest.
struct Watch<'a> {
    shared: &'a Shared,
    context: &'a JobContext,
    signal: &'a StopSignal,
    grace: Duration,
}

impl Watch<'_> {
    /// Waits for the guest's end; meanwhile writes what it logs.
    async fn until_ended(
        &self,
        run: Pin<&mut impl Future<Output = RunReport>>,
        deadline: Option<Instant>,
    ) -> RunReport {
        tokio::select! {
            biased;
            report = self.guard(run, deadline) => report,
            never = self.keep_writing() => match never {},
        }
    }

    /// Waits until nothing can come of this attempt any more although its module has not begun: it was told to stop and
    /// its grace is over, or its claim is gone. What becomes of the job then.
    async fn cut_before_start(&self) -> Conclusion {
        let force = self.signal.force_token();
        tokio::select! {
            () = force.cancelled() => return Conclusion::Pending,
            () = self.signal.raised() => {}
        }
        tokio::select! {
            () = self.shared.forcing.cancelled() => {}
            () = sleep(self.grace()) => {}
        }
        let stopped = |reason| Conclusion::Stopped(Stopped { reason, forced: false });
        match self.signal.cause() {
            Some(StopCause::Requested) => stopped(StopReason::Requested),
            Some(StopCause::DurationLimit) => stopped(StopReason::DurationLimit),
            Some(StopCause::Shutdown) | None => Conclusion::Pending,
        }
    }

    /// Ends the guest at its deadline and, once it was told to stop, interrupts it after its grace. Waits for nothing
    /// else, so that no stalled database can keep a guest alive.
    async fn guard(&self, mut run: Pin<&mut impl Future<Output = RunReport>>, deadline: Option<Instant>) -> RunReport {
        let never = Instant::now() + NEVER;
        let (mut deadline, mut grace_over) = (deadline.unwrap_or(never), None);
        loop {
            let forced_at = grace_over.unwrap_or(never);
            tokio::select! {
                biased;
                report = run.as_mut() => return report,
                () = self.shared.forcing.cancelled(), if forced_at != never => {
                    self.signal.force();
                    grace_over = Some(never);
                }
                () = sleep_until(forced_at), if forced_at != never => {
                    self.signal.force();
                    grace_over = Some(never);
                }
                () = self.signal.raised(), if grace_over.is_none() => {
                    grace_over = Some(Instant::now() + self.grace());
                }
                () = sleep_until(deadline), if deadline != never => {
                    deadline = never;
                    // The line comes before the flag, unless the database takes nothing now.
                    let _ = timeout(LINE_PATIENCE, host_lines::duration_limit_reached(self.context)).await;
                    self.signal.raise(StopCause::DurationLimit);
                }
            }
        }
    }

    /// Hands over lines, results and progress a moment after they came.
    async fn keep_writing(&self) -> Infallible {
        let mut progress_at = Instant::now();
        loop {
            self.context.dirty().await;
            sleep(FLUSH_AFTER).await;
            self.context.journal().await.flush().await;
            let Some(progress) = self.context.unwritten_progress() else {
                continue;
            };
            if Instant::now() < progress_at {
                // Lines do not wait for the progress's turn.
                let _ = timeout_at(progress_at, self.context.dirty()).await;
                self.context.mark_dirty();
                continue;
            }
            self.context.journal().await.save_progress(progress).await;
            self.context.progress_written(progress);
            progress_at = Instant::now() + self.shared.job_limits.get().progress_interval;
        }
    }

    /// The module's grace; on a shutdown no more than the host's own.
    fn grace(&self) -> Duration {
        match self.signal.cause() {
            Some(StopCause::Shutdown) => self.grace.min(self.shared.node_limits.shutdown_grace),
            Some(StopCause::Requested | StopCause::DurationLimit) | None => self.grace,
        }
    }
}
