//! What is different for one module: written `NAME completed=7d logs=1d jobs=1000`.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::AgeOf;
use crate::domain::InWords;

/// The word for "as long as there is room".
const EVER: &str = "none";
/// How the number of jobs is called.
const JOBS: &str = "jobs";

/// Rules of one module's jobs; what is not said is as for all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleRules {
    /// The module's name.
    pub module: String,
    /// Ages; `None` keeps for ever.
    pub ages: BTreeMap<AgeOf, Option<Duration>>,
    /// How many ended jobs; the inner `None` is any number.
    pub jobs: Option<Option<u64>>,
}

/// Text that gives no rules of a module.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is no rule of a module: {reason}; write it as `word-count completed=7d logs=1d jobs=1000`, with any of completed, failed, stopped, logs, checkpoints and jobs, and none for no limit"
)]
pub struct InvalidModuleRules {
    text: String,
    reason: String,
}

impl FromStr for ModuleRules {
    type Err = InvalidModuleRules;

    fn from_str(text: &str) -> Result<Self, InvalidModuleRules> {
        let refuse = |reason: String| InvalidModuleRules { text: text.to_owned(), reason };
        let mut words = text.split_whitespace();
        let module = words.next().filter(|name| !name.contains('=')).ok_or_else(|| refuse("it has no name".into()))?;
        let mut rules = Self { module: module.to_owned(), ages: BTreeMap::new(), jobs: None };
        for word in words {
            let (name, value) = word.split_once('=').ok_or_else(|| refuse(format!("`{word}` has no `=`")))?;
            rules.set(name, value).map_err(refuse)?;
        }
        if rules.ages.is_empty() && rules.jobs.is_none() {
            return Err(refuse("it says nothing of the module".to_owned()));
        }
        Ok(rules)
    }
}

impl ModuleRules {
    fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        if name == JOBS {
            let jobs =
                if value == EVER { None } else { Some(value.parse().map_err(|_| format!("`{value}` is no number"))?) };
            return if self.jobs.replace(jobs).is_some() { Err(format!("`{name}` stands twice")) } else { Ok(()) };
        }
        let what = AgeOf::ALL.into_iter().find(|what| what.as_str() == name);
        let what = what.ok_or_else(|| format!("`{name}` is nothing that is kept"))?;
        let age = if value == EVER {
            None
        } else {
            Some(humantime::parse_duration(value).map_err(|error| format!("`{value}` is no duration ({error})"))?)
        };
        if self.ages.insert(what, age).is_some() { Err(format!("`{name}` stands twice")) } else { Ok(()) }
    }
}

impl fmt::Display for ModuleRules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.module)?;
        for (what, age) in &self.ages {
            let age = age.map_or(EVER.to_owned(), |age| InWords(age).to_string().replace(' ', ""));
            write!(f, " {}={age}", what.as_str())?;
        }
        match self.jobs {
            Some(Some(jobs)) => write!(f, " {JOBS}={jobs}"),
            Some(None) => write!(f, " {JOBS}={EVER}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_and_written_back() {
        let text = "word-count completed=1day 12h logs=none jobs=1000";
        assert!(text.parse::<ModuleRules>().is_err(), "a space ends a rule");
        let rules: ModuleRules = "word-count completed=1day12h logs=none jobs=1000".parse().expect("rules");
        assert_eq!(rules.ages[&AgeOf::Completed], Some(Duration::from_hours(36)));
        assert_eq!((rules.ages[&AgeOf::Logs], rules.jobs), (None, Some(Some(1_000))));
        assert_eq!(rules.to_string().parse(), Ok(rules));
    }

    #[test]
    fn what_is_no_rule_is_told_why() {
        for (text, reason) in [
            ("", "it has no name"),
            ("completed=1d", "it has no name"),
            ("word-count", "says nothing"),
            ("word-count completed", "has no `=`"),
            ("word-count results=1d", "is nothing that is kept"),
            ("word-count logs=90", "is no duration"),
            ("word-count jobs=many", "is no number"),
            ("word-count logs=1d logs=2d", "stands twice"),
        ] {
            let error = text.parse::<ModuleRules>().expect_err(text).to_string();
            assert!(error.contains(reason) && error.contains("completed=7d"), "{error}");
        }
    }
}
