//! Collects what is wrong with the values, so that an operator sees all of it at once.

use std::fmt::Display;
use std::ops::RangeInclusive;

/// Values that are out of their range: the key and what would be right.
#[derive(Debug, Default)]
pub(super) struct Problems(Vec<(&'static str, String)>);

impl Problems {
    /// Notes a value that lies outside its range, with the reason for that range.
    pub(super) fn range<T: PartialOrd + Display>(
        &mut self,
        key: &'static str,
        value: &T,
        range: &RangeInclusive<T>,
        reason: &str,
    ) {
        if !range.contains(value) {
            let (low, high) = (range.start(), range.end());
            self.0.push((key, format!("is {value}; it must be {low} to {high}: {reason}")));
        }
    }

    /// Notes anything else that is wrong with a value.
    pub(super) fn add(&mut self, key: &'static str, sentence: String) {
        self.0.push((key, sentence));
    }

    /// What was noted: key and sentence.
    pub(super) fn into_inner(self) -> Vec<(&'static str, String)> {
        self.0
    }
}
