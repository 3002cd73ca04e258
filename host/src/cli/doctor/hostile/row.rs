//! One row of the table: a way to misbehave, what it attacks, and the end that the host should give it.

use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use cofferdam_text_guest::TextGuest;

use crate::domain::Grants;

/// How long a job may run that would never end.
pub(super) const RUN_LIMIT: Duration = Duration::from_secs(1);
/// How long it may go on when it was told to stop.
pub(super) const GRACE: Duration = Duration::from_millis(300);

/// A behaviour.
pub(in crate::cli::doctor) struct Row {
    /// How `--only` and the report call it.
    pub(in crate::cli::doctor) name: &'static str,
    /// What it would harm.
    pub(in crate::cli::doctor) attacks: &'static str,
    /// What it does.
    pub(in crate::cli::doctor) does: &'static str,
    /// How it should end.
    pub(in crate::cli::doctor) expected: Expected,
    pub(super) course: Course,
    /// What its module is granted, within the ceiling that every host has by default.
    pub(super) grants: Grants,
    module: Module,
}

/// Makes the module, given the name that it is to have.
type Module = Box<dyn Fn(&str) -> Vec<u8> + Send + Sync>;

/// What is done with the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    /// It is uploaded; a job is run only if the host takes it.
    Upload,
    /// It runs to its own end.
    Run,
    /// It runs with a limit of its run time.
    Limited,
    /// It is asked to stop once it runs.
    Stopped,
}

/// An end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli::doctor) enum Expected {
    /// The upload is refused with this code, in these words.
    Refused(&'static str, &'static str),
    /// The job completes, having told these numbers.
    Answers(&'static [i64]),
    /// The job completes, and its log has these words in one of its last lines.
    Says(&'static str),
    /// The job fails with this code, in these words.
    Fails(&'static str, &'static str),
    /// The job is stopped for this reason.
    Stopped(&'static str, Way),
}

/// How a stopped job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli::doctor) enum Way {
    /// By itself.
    Willing,
    /// Interrupted.
    Forced,
}

/// How most endless behaviours should end.
pub(super) const FORCED_AT_LIMIT: Expected = Expected::Stopped("duration-limit", Way::Forced);

impl Row {
    /// A module that should not even be taken.
    pub(super) fn upload(
        name: &'static str,
        attacks: &'static str,
        does: &'static str,
        (code, words): (&'static str, &'static str),
        module: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        let expected = Expected::Refused(code, words);
        let (course, grants) = (Course::Upload, Grants::default());
        Self { name, attacks, does, expected, course, grants, module: Box::new(module) }
    }

    /// A module whose `run` should end like this. A limit of its run time is set where it would never end by itself.
    pub(super) fn job(
        name: &'static str,
        attacks: &'static str,
        does: &'static str,
        expected: Expected,
        guest: TextGuest,
    ) -> Self {
        let course = match expected {
            Expected::Stopped("duration-limit", _) => Course::Limited,
            Expected::Stopped(..) => Course::Stopped,
            Expected::Refused(..) => Course::Upload,
            Expected::Answers(_) | Expected::Says(_) | Expected::Fails(..) => Course::Run,
        };
        let module = move |name: &str| TextGuest { name: name.to_owned(), ..guest.clone() }.component();
        Self { name, attacks, does, expected, course, grants: Grants::default(), module: Box::new(module) }
    }

    /// The same for a module that was granted this.
    pub(super) fn granted(self, grants: &str) -> Self {
        Self { grants: Grants::from_json(grants).expect("written beside its use"), ..self }
    }

    /// The module under this name.
    pub(super) fn component(&self, name: &str) -> Vec<u8> {
        (self.module)(name)
    }
}

/// A guest with this `run`, and one page more than the host's own calls need.
pub(super) fn run(run: &str) -> TextGuest {
    TextGuest { run: run.to_owned(), ..TextGuest::named("") }
}

/// A guest with this `run` and more memory: 19 MiB, of which everything from 131,072 on is its own.
pub(super) fn roomy(instructions: &str) -> TextGuest {
    TextGuest { pages: 300, ..run(instructions) }
}

impl Display for Expected {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(code, words) => write!(f, "refused at upload with `{code}`: “{words}”"),
            Self::Answers([]) => f.write_str("completed"),
            Self::Answers(numbers) => {
                let numbers: Vec<_> = numbers.iter().map(ToString::to_string).collect();
                write!(f, "completed with {}", numbers.join(", "))
            }
            Self::Says(words) => write!(f, "completed, its log says “{}”", words.escape_debug()),
            Self::Fails(code, words) => write!(f, "failed with `{code}`: “{words}”"),
            Self::Stopped(reason, Way::Willing) => write!(f, "stopped for `{reason}`, by itself"),
            Self::Stopped(reason, Way::Forced) => write!(f, "stopped for `{reason}`, by force"),
        }
    }
}
