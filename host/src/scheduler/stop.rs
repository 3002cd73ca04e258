//! Stopping and deleting jobs.

use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::error::{DeleteError, JobNotFound, StopError};
use super::job_scheduler::JobScheduler;
use super::request::StopAnswer;
use crate::domain::{Claim, Job, JobId, Status};
use crate::store::{Answer, StoreError, Write};

/// How long a waiter waits for a hint before it looks by itself.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// The same where the job may run on another node, whose end of it rings nothing here.
const LOOK_ELSEWHERE: Duration = Duration::from_millis(200);

impl JobScheduler {
    /// Asks a job to stop. The request is stored before this answers: whoever dies now, the job never starts again by
    /// itself. A pending job is `stopped` at once; a running one has its grace period.
    pub async fn stop_job(&self, job: JobId) -> Result<StopAnswer, StopError> {
        let runs = match self.shared.store.write(Write::RequestStop(job, self.shared.clock.now())).await? {
            Answer::Asked(runs) => runs,
            Answer::Status(status) => return Ok(StopAnswer { stopped: false, status }),
            _ => return Err(JobNotFound(job).into()),
        };
        // A job that runs on another node hears of it there.
        let runs_here = runs.filter(|claim| self.shared.membership.holds(claim.node()));
        if let Some(claim) = runs_here {
            self.shared.attempts.request_stop(claim);
        }
        let status = self.status_of(job).await?;
        if status != Status::Running {
            if let Some(claim) = runs_here {
                self.shared.attempts.forget_request(claim);
            }
            self.shared.feeds.ring(job);
        }
        Ok(StopAnswer { stopped: true, status })
    }

    /// Asks a job to stop and answers after its end: `stopped` says whether it is `stopped` now.
    pub async fn stop_job_and_wait(&self, job: JobId) -> Result<StopAnswer, StopError> {
        let look_again = if self.shared.store.is_shared() { LOOK_ELSEWHERE } else { LOOK_AGAIN };
        let mut feed = self.shared.feeds.listen(job);
        let runs = self.claim_here(job);
        self.stop_job(job).await?;
        loop {
            // Every attempt has ended before the scheduler closes: the look after that is the last one needed.
            let is_last_look = self.shared.closing.is_cancelled();
            let status = self.status_of(job).await?;
            if status.is_ended() {
                // What ran here is put away a moment after its end is stored.
                while runs.is_some() && self.claim_here(job) == runs {
                    let _ = timeout(look_again, feed.rung()).await;
                }
                return Ok(StopAnswer { stopped: status == Status::Stopped, status });
            }
            if is_last_look {
                return Err(StoreError::Closed.into());
            }
            tokio::select! {
                () = feed.rung() => {}
                () = sleep(look_again) => {}
                () = self.shared.closing.cancelled() => {}
            }
        }
    }

    /// The claim under which a job runs here.
    fn claim_here(&self, job: JobId) -> Option<Claim> {
        self.context(job).map(|context| context.claim())
    }

    async fn status_of(&self, job: JobId) -> Result<Status, StopError> {
        let (status, _) = self.shared.store.job_status(job).await?.ok_or(JobNotFound(job))?;
        Ok(status)
    }

    /// Whether retention leaves a job alone from now on. Answers the job as it is then.
    pub async fn keep_job(&self, job: JobId, keep: bool) -> Result<Job, StopError> {
        self.shared.store.write(Write::KeepJob { job, keep }).await?;
        Ok(self.job(job).await?.ok_or(JobNotFound(job))?)
    }

    /// Removes an ended job with all it has.
    pub async fn delete_job(&self, job: JobId) -> Result<(), DeleteError> {
        match self.shared.store.write(Write::DeleteJob(job)).await? {
            Answer::Done => {
                self.shared.feeds.ring(job);
                Ok(())
            }
            Answer::Status(status) => Err(DeleteError::Active(status)),
            _ => Err(JobNotFound(job).into()),
        }
    }
}
