//! The host's side of a guest that has secrets: the same, with every text masked first.

use std::sync::Arc;
use std::time::Duration;

use super::Masker;
use crate::domain::{LogLevel, Progress, RunUsage};
use crate::sandbox::{GuestLine, ImportFuture, JobImports, SaveError};

/// Masks what a guest hands over, and passes it on.
pub(in crate::sandbox) struct MaskedImports {
    imports: Arc<dyn JobImports>,
    masker: Arc<Masker>,
}

impl MaskedImports {
    /// Around these.
    pub(in crate::sandbox) fn new(imports: Arc<dyn JobImports>, masker: Arc<Masker>) -> Self {
        Self { imports, masker }
    }

    fn line(&self, line: GuestLine) -> GuestLine {
        GuestLine { message: self.masker.owned(line.message), ..line }
    }
}

impl JobImports for MaskedImports {
    fn job_id(&self) -> String {
        self.imports.job_id()
    }

    fn is_cancelled(&self) -> bool {
        self.imports.is_cancelled()
    }

    fn try_log(&self, line: GuestLine) -> Result<(), GuestLine> {
        self.imports.try_log(self.line(line))
    }

    fn log(&self, line: GuestLine) -> ImportFuture<'_, ()> {
        // It comes from `try_log`, masked.
        self.imports.log(line)
    }

    fn save_result(&self, data: String) -> ImportFuture<'_, Result<(), SaveError>> {
        self.imports.save_result(self.masker.json(data))
    }

    fn save_checkpoint(&self, checkpoint: String) -> ImportFuture<'_, Result<(), SaveError>> {
        self.imports.save_checkpoint(self.masker.json(checkpoint))
    }

    fn report_usage(&self, usage: RunUsage) {
        self.imports.report_usage(usage);
    }

    fn report_progress(&self, progress: Progress) {
        self.imports.report_progress(progress);
    }

    fn note(&self, level: LogLevel, message: String) -> ImportFuture<'_, ()> {
        self.imports.note(level, self.masker.owned(message))
    }

    fn told_to_stop(&self) -> ImportFuture<'_, ()> {
        self.imports.told_to_stop()
    }

    fn sleep(&self, time: Duration) -> ImportFuture<'_, ()> {
        self.imports.sleep(time)
    }
}
