//! A progress bar on stderr, for people alone.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Look;

/// Shows that something goes on, and how far it is. In a pipe it shows nothing.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Bar(ProgressBar);

const WAITING: &str = "{spinner} {msg} {elapsed}";
const COUNTING: &str = "{spinner} {msg} {human_pos} {elapsed}";
const SENDING: &str = "{spinner} {msg} [{bar:30}] {binary_bytes}/{binary_total_bytes} {binary_bytes_per_sec}";
const CELLS: &str = "█▉▊▋▌▍▎▏ ";
const MEASURED: &str = "{spinner} {msg} [{bar:30}] {human_pos}/{human_len} {percent} % {eta} left";

impl Bar {
    /// A bar that turns from now on.
    pub(in crate::cli) fn start(look: Look, message: impl Into<String>) -> Self {
        if !look.is_terminal() {
            return Self::hidden();
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        bar.set_style(template(WAITING));
        bar.set_message(message.into());
        bar.enable_steady_tick(Duration::from_millis(120));
        Self(bar)
    }

    /// A bar that nobody sees.
    pub(in crate::cli) fn hidden() -> Self {
        Self(ProgressBar::hidden())
    }

    /// Shows another message.
    pub(in crate::cli) fn say(&self, message: impl Into<String>) {
        self.0.set_message(message.into());
    }

    /// Shows how much is done, and of how much when that is known.
    pub(in crate::cli) fn set(&self, done: u64, total: Option<u64>) {
        match (self.0.length(), total) {
            (was, Some(total)) if was != Some(total) => {
                self.0.set_style(template(MEASURED).progress_chars(CELLS));
                self.0.set_length(total);
            }
            (_, None) if self.0.position() == 0 => self.0.set_style(template(COUNTING)),
            (_, Some(_) | None) => {}
        }
        self.0.set_position(done);
    }

    /// Shows how many bytes are on their way, until all are; what then happens turns without a measure.
    pub(in crate::cli) fn sent(&self, bytes: u64, total: u64) {
        if bytes == total {
            self.0.unset_length();
            self.0.set_style(template(WAITING));
        } else {
            if self.0.length() != Some(total) {
                self.0.set_style(template(SENDING).progress_chars(CELLS));
                self.0.set_length(total);
            }
            self.0.set_position(bytes);
        }
    }

    /// Writes something else meanwhile, without the two getting into each other.
    pub(in crate::cli) fn suspend<T>(&self, write: impl FnOnce() -> T) -> T {
        self.0.suspend(write)
    }

    /// Takes it away.
    pub(in crate::cli) fn end(&self) {
        self.0.finish_and_clear();
    }
}

fn template(text: &str) -> ProgressStyle {
    ProgressStyle::with_template(text).expect("the templates above are valid")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_templates_are_valid() {
        for text in [WAITING, COUNTING, SENDING, MEASURED] {
            template(text);
        }
    }
}
