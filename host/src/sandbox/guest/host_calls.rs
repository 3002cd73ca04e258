//! What a guest's calls do: each is handed to the job's `JobImports`, after what the guest printed before it.

use std::time::Duration;

use crate::domain::{LogLevel, LogSource, Progress};
use crate::sandbox::{GuestLine, SaveError};

use super::bindings::cofferdam::module::{job_context, types};
use super::state::GuestState;

impl job_context::Host for GuestState {
    fn job_id(&mut self) -> wasmtime::Result<String> {
        Ok(self.imports.job_id())
    }

    fn is_cancelled(&mut self) -> wasmtime::Result<bool> {
        Ok(self.imports.is_cancelled())
    }

    async fn log(&mut self, message: String, level: types::LogLevel) -> wasmtime::Result<()> {
        self.count_call();
        self.stdio.drained().await;
        let line = GuestLine { message, level: level.into(), source: LogSource::Guest, continued: false };
        if let Err(line) = self.imports.try_log(line) {
            self.imports.log(line).await;
        }
        Ok(())
    }

    async fn save_result(&mut self, data: String) -> wasmtime::Result<Result<(), types::SaveError>> {
        self.count_call();
        self.stdio.drained().await;
        Ok(self.imports.save_result(data).await.map_err(Into::into))
    }

    async fn save_checkpoint(&mut self, checkpoint: String) -> wasmtime::Result<Result<(), types::SaveError>> {
        self.count_call();
        self.stdio.drained().await;
        self.imports.report_usage(self.usage());
        Ok(self.imports.save_checkpoint(checkpoint).await.map_err(Into::into))
    }

    fn report_progress(&mut self, done: u64, total: Option<u64>) -> wasmtime::Result<()> {
        self.count_call();
        self.imports.report_progress(Progress { done, total });
        Ok(())
    }

    async fn sleep(&mut self, milliseconds: u64) -> wasmtime::Result<()> {
        self.count_call();
        self.imports.sleep(Duration::from_millis(milliseconds)).await;
        Ok(())
    }
}

impl types::Host for GuestState {}

impl From<types::LogLevel> for LogLevel {
    fn from(level: types::LogLevel) -> Self {
        match level {
            types::LogLevel::Trace => Self::Trace,
            types::LogLevel::Debug => Self::Debug,
            types::LogLevel::Info => Self::Info,
            types::LogLevel::Warn => Self::Warn,
            types::LogLevel::Error => Self::Error,
            types::LogLevel::Critical => Self::Critical,
        }
    }
}

impl From<SaveError> for types::SaveError {
    fn from(error: SaveError) -> Self {
        match error {
            SaveError::InvalidJson(reason) => Self::InvalidJson(reason),
            SaveError::TooLarge(bytes) => Self::TooLarge(bytes),
            SaveError::LimitReached(which) => Self::LimitReached(which),
        }
    }
}
