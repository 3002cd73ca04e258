//! A host inside the test process: keeps in memory what a module says, one state a thread.
//!
//! It checks what the real host checks of a saved value, that it is a JSON object, and has no limits.

use std::cell::RefCell;

use serde_json::Value;

use crate::testing::Recording;
use crate::{LogLevel, SaveError};

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) recording: Recording,
    /// `is_cancelled` answers `true` once it was asked this many times.
    pub(crate) cancel_after: Option<u64>,
    pub(crate) asked: u64,
}

thread_local! {
    pub(crate) static STATE: RefCell<State> = RefCell::default();
}

fn with<T>(change: impl FnOnce(&mut State) -> T) -> T {
    STATE.with_borrow_mut(change)
}

pub(crate) fn is_cancelled() -> bool {
    with(|state| {
        state.asked += 1;
        state.cancel_after.is_some_and(|after| state.asked > after)
    })
}

pub(crate) fn log(level: LogLevel, message: &str) {
    with(|state| state.recording.log.push((level, message.to_owned())));
}

pub(crate) fn save_result(json: &str) -> Result<(), SaveError> {
    let result = object(json)?;
    with(|state| state.recording.results.push(result));
    Ok(())
}

pub(crate) fn save_checkpoint(json: &str) -> Result<(), SaveError> {
    let checkpoint = object(json)?;
    with(|state| {
        state.recording.checkpoints.push(checkpoint);
        state.recording.final_results = state.recording.results.len();
    });
    Ok(())
}

pub(crate) fn report_progress(done: u64, total: Option<u64>) {
    with(|state| state.recording.progress.push((done, total)));
}

pub(crate) fn sleep(milliseconds: u64) {
    with(|state| state.recording.slept_ms = state.recording.slept_ms.saturating_add(milliseconds));
}

fn object(json: &str) -> Result<Value, SaveError> {
    match serde_json::from_str(json) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err(SaveError::InvalidJson("the text is not an object".into())),
        Err(error) => Err(SaveError::InvalidJson(error.to_string())),
    }
}
