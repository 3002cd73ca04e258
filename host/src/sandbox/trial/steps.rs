//! What each of these tests does: a sandbox, a guest in it, a run, and its end.

use std::sync::Arc;

use cofferdam_text_guest::TextGuest;
use tokio_util::sync::CancellationToken;

use super::TestImports;
use crate::domain::{AttemptEnd, ErrorCode, JobError, JobId, JsonObject};
use crate::sandbox::{
    AdmissionError, Allowance, Compiler, GuestJob, Program, RunEnd, RunReport, Sandbox, SandboxConfig,
};

/// A small sandbox without a cache on disk.
pub(in crate::sandbox) fn sandbox() -> Sandbox {
    Sandbox::new(SandboxConfig { slots: 8, ..SandboxConfig::new(Compiler::InProcess) }).expect("a sandbox")
}

/// Adds a guest.
pub(in crate::sandbox) async fn admit(sandbox: &Sandbox, bytes: Vec<u8>) -> Result<Program, AdmissionError> {
    sandbox.admit(Sandbox::digest_of(&bytes), bytes.into()).await
}

/// A job with a checkpoint.
pub(in crate::sandbox) fn job() -> GuestJob {
    GuestJob {
        id: JobId::new(),
        attempt: 2,
        inputs: JsonObject::parse(r#"{"in":1}"#).expect("JSON"),
        settings: JsonObject::empty(),
        checkpoint: Some(JsonObject::parse(r#"{"at":7}"#).expect("JSON")),
        allowance: Allowance::default(),
    }
}

/// Runs a guest that nobody interrupts.
pub(in crate::sandbox) async fn run(guest: TextGuest, imports: &Arc<TestImports>) -> RunReport {
    let sandbox = sandbox();
    let program = admit(&sandbox, guest.component()).await.expect("admitted");
    let report = sandbox.run(&program, job(), Arc::clone(imports) as _, CancellationToken::new()).await;
    assert_eq!(sandbox.guest_memory_bytes(), 0, "all memory is given back");
    report
}

/// The error of a guest that trapped.
pub(in crate::sandbox) fn trapped(report: RunReport, code: ErrorCode) -> JobError {
    match report.end {
        RunEnd::Ended(AttemptEnd::Trapped(error)) => {
            assert_eq!(error.code, code, "{error:?}");
            error
        }
        other => panic!("{other:?}"),
    }
}
