//! The same through the host's sandbox, with everything that bounds a guest.

use std::sync::Arc;
use std::time::Duration;

use cofferdam::domain::{AttemptEnd, JobId, JsonObject, LogLevel, Progress};
use cofferdam::sandbox::{
    Allowance, Compiler, GuestJob, GuestLine, ImportFuture, JobImports, Program, RunEnd, Sandbox, SandboxConfig,
    SaveError,
};
use tokio_util::sync::CancellationToken;
use wasmtime::{Result, ensure};

use super::SLOTS;

/// A component that the sandbox has admitted.
pub(super) struct Sandboxed {
    sandbox: Sandbox,
    program: Program,
}

impl Sandboxed {
    pub(super) async fn new(component: Vec<u8>) -> Result<Self> {
        let sandbox = Sandbox::new(SandboxConfig { slots: SLOTS, ..SandboxConfig::new(Compiler::InProcess) })?;
        let program = sandbox.admit(Sandbox::digest_of(&component), component.into()).await?;
        Ok(Self { sandbox, program })
    }

    /// Gives what it took of the processor.
    pub(super) async fn run(&self, inputs: &JsonObject) -> Result<Duration> {
        let job = GuestJob {
            id: JobId::new(),
            attempt: 1,
            inputs: inputs.clone(),
            settings: JsonObject::empty(),
            checkpoint: None,
            allowance: Allowance::default(),
        };
        let report = self.sandbox.run(&self.program, job, Arc::new(Nothing), CancellationToken::new()).await;
        ensure!(report.end == RunEnd::Ended(AttemptEnd::Returned), "the module failed: {:?}", report.end);
        Ok(report.cpu_time)
    }
}

/// Imports that do nothing.
struct Nothing;

impl JobImports for Nothing {
    fn job_id(&self) -> String {
        String::new()
    }
    fn is_cancelled(&self) -> bool {
        false
    }
    fn try_log(&self, _: GuestLine) -> Result<(), GuestLine> {
        Ok(())
    }
    fn log(&self, _: GuestLine) -> ImportFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
    fn note(&self, _level: LogLevel, _message: String) -> ImportFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }

    fn told_to_stop(&self) -> ImportFuture<'_, ()> {
        Box::pin(std::future::pending())
    }

    fn save_result(&self, _: String) -> ImportFuture<'_, Result<(), SaveError>> {
        Box::pin(std::future::ready(Ok(())))
    }
    fn save_checkpoint(&self, _: String) -> ImportFuture<'_, Result<(), SaveError>> {
        Box::pin(std::future::ready(Ok(())))
    }
    fn report_progress(&self, _: Progress) {}
    fn sleep(&self, _: Duration) -> ImportFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}
