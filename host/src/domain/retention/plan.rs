//! What the rules mean at a time: which jobs that ended before when, and how many of which module.

use super::{AgeOf, RetentionRules};
use crate::domain::Timestamp;

/// The jobs of which modules.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Which {
    /// Of all but these.
    AllBut(Vec<String>),
    /// Of this one.
    Only(String),
}

impl Which {
    /// Of all.
    pub const ALL: Self = Self::AllBut(Vec::new());
}

/// What is too old.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgeRule {
    /// What goes.
    pub what: AgeOf,
    /// Of jobs that ended at this time or before.
    pub before: Timestamp,
    /// Of which modules.
    pub which: Which,
}

/// How many ended jobs there may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountRule {
    /// Of which modules.
    pub which: Which,
    /// So many.
    pub most: u64,
}

impl RetentionRules {
    /// What is too old now. Jobs that go as a whole come first: nothing has to be taken from them before.
    pub fn ages_at(&self, now: Timestamp) -> Vec<AgeRule> {
        let mut rules = Vec::new();
        for what in AgeOf::ALL {
            let own = || self.modules.iter().filter_map(move |rules| Some((rules, *rules.ages.get(&what)?)));
            if let Some(age) = self.ages.get(what) {
                let others = own().map(|(rules, _)| rules.module.clone()).collect();
                rules.push(AgeRule { what, before: now.before(age), which: Which::AllBut(others) });
            }
            let own = own().filter_map(|(rules, age)| Some((rules.module.clone(), age?)));
            rules.extend(own.map(|(name, age)| AgeRule { what, before: now.before(age), which: Which::Only(name) }));
        }
        rules
    }

    /// How many ended jobs there may be: of the modules that have a number of their own, and of all together.
    pub fn counts(&self) -> Vec<CountRule> {
        let own = self.modules.iter().filter_map(|rules| {
            let most = rules.jobs??;
            Some(CountRule { which: Which::Only(rules.module.clone()), most })
        });
        own.chain(self.jobs.map(|most| CountRule { which: Which::ALL, most })).collect()
    }

    /// How many ended jobs there may be of each module without a number of its own; and the modules that have one.
    pub fn count_of_each(&self) -> Option<(u64, Vec<String>)> {
        let own = self.modules.iter().filter(|rules| rules.jobs.is_some());
        self.module_jobs.map(|most| (most, own.map(|rules| rules.module.clone()).collect()))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);
    const DAY: Duration = Duration::from_hours(24);

    #[test]
    fn each_status_and_the_logs_have_their_age() {
        let rules = RetentionRules::default().ages_at(NOW);
        let ages: Vec<_> = rules.iter().map(|rule| (rule.what, NOW.since(rule.before))).collect();
        let (month, quarter) = (30 * DAY, 90 * DAY);
        assert_eq!(
            ages,
            [(AgeOf::Completed, month), (AgeOf::Failed, quarter), (AgeOf::Stopped, quarter), (AgeOf::Logs, month)]
        );
        assert!(rules.iter().all(|rule| rule.which == Which::ALL));
    }

    #[test]
    fn a_module_with_an_age_of_its_own_is_none_of_the_others() {
        let modules =
            vec!["fast completed=1d".parse().expect("rules"), "archive completed=none logs=7d".parse().expect("rules")];
        let rules = RetentionRules { modules, ..RetentionRules::default() }.ages_at(NOW);
        let of = |what| rules.iter().filter(|rule| rule.what == what).cloned().collect::<Vec<_>>();
        let own =
            |what, name: &str, age| AgeRule { what, before: NOW.before(age), which: Which::Only(name.to_owned()) };
        let others = |what, names: [&str; 2], age| AgeRule {
            what,
            before: NOW.before(age),
            which: Which::AllBut(names.into_iter().filter(|name| !name.is_empty()).map(str::to_owned).collect()),
        };
        assert_eq!(
            of(AgeOf::Completed),
            [others(AgeOf::Completed, ["fast", "archive"], 30 * DAY), own(AgeOf::Completed, "fast", DAY)]
        );
        assert_eq!(
            of(AgeOf::Logs),
            [others(AgeOf::Logs, ["archive", ""], 30 * DAY), own(AgeOf::Logs, "archive", 7 * DAY)]
        );
    }

    #[test]
    fn numbers_are_of_all_and_of_modules() {
        let rules = RetentionRules {
            jobs: Some(10),
            module_jobs: Some(3),
            modules: vec!["fast jobs=1".parse().expect("rules"), "archive jobs=none".parse().expect("rules")],
            ..RetentionRules::default()
        };
        let fast = CountRule { which: Which::Only("fast".to_owned()), most: 1 };
        assert_eq!(rules.counts(), [fast, CountRule { which: Which::ALL, most: 10 }]);
        assert_eq!(rules.count_of_each(), Some((3, vec!["fast".to_owned(), "archive".to_owned()])));
    }
}
