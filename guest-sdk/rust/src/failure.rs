//! Why a run did not succeed.
//!
//! `Failure` is made for `?`: every error converts into a permanent failure whose message holds the error and all its
//! sources. It does not implement `Error` itself, because that conversion could not exist then.

use std::error::Error;
use std::fmt;

use crate::bindings::cofferdam::module::types;

/// Why a run did not succeed, and whether trying again may help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Running the job again would fail again.
    Permanent(String),
    /// Running the job again may succeed: the host tries again as the job's retry policy says.
    Retryable(String),
}

impl Failure {
    /// A failure that running again cannot mend. Takes a text or an error, whose sources become part of the message.
    pub fn permanent<'a>(cause: impl Into<Box<dyn Error + 'a>>) -> Self {
        Self::Permanent(with_sources(cause.into().as_ref()))
    }

    /// A failure that running again may mend. Takes a text or an error, whose sources become part of the message:
    /// `fetch().map_err(Failure::retryable)?`.
    pub fn retryable<'a>(cause: impl Into<Box<dyn Error + 'a>>) -> Self {
        Self::Retryable(with_sources(cause.into().as_ref()))
    }

    /// The text that the job's owner reads.
    pub fn message(&self) -> &str {
        match self {
            Self::Permanent(message) | Self::Retryable(message) => message,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl<E: Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Permanent(with_sources(&error))
    }
}

#[doc(hidden)]
impl Failure {
    pub fn into_raw(self) -> types::Failure {
        match self {
            Self::Permanent(message) => types::Failure::Permanent(message),
            Self::Retryable(message) => types::Failure::Retryable(message),
        }
    }
}

/// The error and its sources, joined by colons. A source that the text already ends with is not said twice.
fn with_sources(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.ends_with(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Layer(&'static str, Option<Box<Layer>>);

    impl fmt::Display for Layer {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl Error for Layer {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            self.1.as_deref().map(|layer| layer as &(dyn Error + 'static))
        }
    }

    fn layers() -> Layer {
        Layer("report not written", Some(Box::new(Layer("disk refused", Some(Box::new(Layer("no space", None)))))))
    }

    #[test]
    fn question_mark_makes_a_permanent_failure_with_all_sources() {
        fn fails() -> Result<(), Failure> {
            Err(layers())?;
            Ok(())
        }
        assert_eq!(fails(), Err(Failure::Permanent("report not written: disk refused: no space".into())));
    }

    #[test]
    fn retryable_takes_errors_and_texts() {
        let failure = Failure::retryable(layers());
        assert_eq!(failure, Failure::Retryable("report not written: disk refused: no space".into()));
        assert_eq!(Failure::retryable("later"), Failure::Retryable("later".into()));
        assert_eq!(Failure::permanent(format!("{} of 3", 2)).message(), "2 of 3");
    }

    #[test]
    fn a_source_that_the_message_repeats_is_said_once() {
        let error = Layer("cannot read: no space", Some(Box::new(Layer("no space", None))));
        assert_eq!(Failure::from(error).message(), "cannot read: no space");
    }
}
