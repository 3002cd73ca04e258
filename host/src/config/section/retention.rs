//! The table `[retention]`: how much is kept of ended jobs.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::config::problems::Problems;
use crate::config::value::{Size, Span, Written, list, none_or, read};
use crate::domain::limits::{GIB, MIB};
use crate::domain::{Ages, DatabaseLimit, ModuleRules, RetentionRules};

/// How much of ended jobs is kept; see [`RetentionRules`] for the reasons behind the defaults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionSection {
    /// For how long completed jobs are kept after their end.
    #[serde(with = "none_or")]
    pub completed: Option<Span>,
    /// For how long failed ones.
    #[serde(with = "none_or")]
    pub failed: Option<Span>,
    /// For how long stopped ones.
    #[serde(with = "none_or")]
    pub stopped: Option<Span>,
    /// For how long the logs of ended jobs; `none` keeps them as long as the job.
    #[serde(with = "none_or")]
    pub logs: Option<Span>,
    /// For how long their checkpoints; `none` keeps them as long as the job.
    #[serde(with = "none_or")]
    pub checkpoints: Option<Span>,
    /// How many ended jobs.
    #[serde(with = "none_or")]
    pub jobs: Option<u64>,
    /// How many ended jobs of each module.
    #[serde(with = "none_or")]
    pub module_jobs: Option<u64>,
    /// Bytes of the database; `auto` takes half of its disk, 64 GiB at most.
    pub database: DatabaseBytes,
    /// What is different for some modules, such as `word-count completed=7d logs=1d jobs=1000`. In a flag or a variable,
    /// joined by commas.
    #[serde(with = "list")]
    pub modules: Vec<ModuleRules>,
    /// How often ages and numbers are looked at.
    pub look: Span,
}

/// Bytes of the database as they are written: `auto`, `none` or a size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DatabaseBytes(pub DatabaseLimit);

impl Written for DatabaseBytes {
    const WHAT: &'static str = "a size such as 20 GiB, auto or none";

    fn read(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self(DatabaseLimit::Auto)),
            "none" => Ok(Self(DatabaseLimit::Unlimited)),
            size => Size::read(size)
                .map(|Size(bytes)| Self(DatabaseLimit::Bytes(bytes)))
                .map_err(|error| format!("{error}, or auto, or none")),
        }
    }
}

impl fmt::Display for DatabaseBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            DatabaseLimit::Auto => f.write_str("auto"),
            DatabaseLimit::Unlimited => f.write_str("none"),
            DatabaseLimit::Bytes(bytes) => Size(bytes).fmt(f),
        }
    }
}

impl Serialize for DatabaseBytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DatabaseBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer)
    }
}

impl Default for RetentionSection {
    fn default() -> Self {
        let RetentionRules { ages, jobs, module_jobs, database, modules, look } = RetentionRules::default();
        Self {
            completed: ages.completed.map(Span),
            failed: ages.failed.map(Span),
            stopped: ages.stopped.map(Span),
            logs: ages.logs.map(Span),
            checkpoints: ages.checkpoints.map(Span),
            jobs,
            module_jobs,
            database: DatabaseBytes(database),
            modules,
            look: Span(look),
        }
    }
}

impl RetentionSection {
    /// The same as the program's own type.
    pub fn rules(&self) -> RetentionRules {
        let age = |span: Option<Span>| span.map(|span| span.0);
        RetentionRules {
            ages: Ages {
                completed: age(self.completed),
                failed: age(self.failed),
                stopped: age(self.stopped),
                logs: age(self.logs),
                checkpoints: age(self.checkpoints),
            },
            jobs: self.jobs,
            module_jobs: self.module_jobs,
            database: self.database.0,
            modules: self.modules.clone(),
            look: self.look.0,
        }
    }

    pub(in crate::config) fn check(&self, problems: &mut Problems) {
        let span = |text| Span(humantime::parse_duration(text).expect("written here"));
        let ages = &(span("1s")..=span("3650d"));
        for (key, age) in [
            ("retention.completed", self.completed),
            ("retention.failed", self.failed),
            ("retention.stopped", self.stopped),
            ("retention.logs", self.logs),
            ("retention.checkpoints", self.checkpoints),
        ] {
            if let Some(age) = age {
                problems.range(key, &age, ages, "nobody could read what goes at once; write none to keep it for ever");
            }
        }
        for (key, jobs) in [("retention.jobs", self.jobs), ("retention.module_jobs", self.module_jobs)] {
            if let Some(jobs) = jobs {
                problems.range(
                    key,
                    &jobs,
                    &(1..=1_000_000_000),
                    "nobody could read a job that goes at its end; write none for any number",
                );
            }
        }
        if let DatabaseLimit::Bytes(bytes) = self.database.0 {
            let all = &(Size(16 * MIB)..=Size(64 * 1024 * GIB));
            problems.range("retention.database", &Size(bytes), all, "less holds no modules and no jobs");
        }
        let all = self.modules.iter().map(|rules| rules.module.as_str());
        if let Some(twice) = all.clone().find(|name| all.clone().filter(|other| other == name).count() > 1) {
            problems.add("retention.modules", format!("has two rules of `{twice}`; write one with all it says"));
        }
        problems.range(
            "retention.look",
            &self.look,
            &(span("1s")..=span("1h")),
            "each look is some questions to the database",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_has_a_size_or_a_word() {
        for text in ["auto", "none", "20 GiB"] {
            assert_eq!(DatabaseBytes::read(text).expect(text).to_string(), text);
        }
        let error = DatabaseBytes::read("much").expect_err("no size");
        assert!(error.contains("auto") && error.contains("none") && error.contains("2 GiB"), "{error}");
    }
}
