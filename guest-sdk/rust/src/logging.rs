//! Logging: one function of our own, and the `log` crate's macros.
//!
//! The generated code installs the logger before the module's function runs.

use crate::{LogLevel, host};

/// Logs one message. It is stored before anyone sees it. Levels other than `Critical` are also reached through the
/// `log` crate's macros.
pub fn log(level: LogLevel, message: impl AsRef<str>) {
    host::log(level, message.as_ref());
}

/// Sends the `log` crate's records to the host.
struct HostLogger;

impl log::Log for HostLogger {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let level = match record.level() {
            log::Level::Error => LogLevel::Error,
            log::Level::Warn => LogLevel::Warn,
            log::Level::Info => LogLevel::Info,
            log::Level::Debug => LogLevel::Debug,
            log::Level::Trace => LogLevel::Trace,
        };
        match record.args().as_str() {
            Some(message) => host::log(level, message),
            None => host::log(level, &record.args().to_string()),
        }
    }

    fn flush(&self) {}
}

/// Makes the `log` crate's macros reach the host. Does nothing when a logger is there already.
pub(crate) fn install() {
    if log::set_logger(&HostLogger).is_ok() {
        log::set_max_level(log::LevelFilter::Trace);
    }
}
