//! Finds the secrets of one guest in a text.

use std::borrow::Cow;
use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};

use super::{forms, json};
use crate::domain::{AttemptEnd, JobError, JsonObject};
use crate::sandbox::{GuestJob, GuestSecret, RunEnd};

/// The secrets of one guest, in all their forms. It shows none of them.
pub(in crate::sandbox) struct Masker {
    finder: AhoCorasick,
    /// What stands for each form of the finder.
    placeholders: Vec<String>,
    longest: usize,
}

impl Masker {
    /// For these secrets; `None` when there are none.
    pub(in crate::sandbox) fn new(secrets: &[GuestSecret]) -> Option<Self> {
        let (mut patterns, mut placeholders) = (Vec::new(), Vec::new());
        for secret in secrets {
            for form in Self::forms(secret) {
                patterns.push(form);
                placeholders.push(secret.name.placeholder());
            }
        }
        let longest = patterns.iter().map(String::len).max()?;
        let finder = AhoCorasickBuilder::new()
            .match_kind(MatchKind::LeftmostLongest)
            .build(&patterns)
            .expect("secrets are few and short");
        Some(Self { finder, placeholders, longest })
    }

    /// All forms in which a secret's value is recognised.
    pub(in crate::sandbox) fn forms(secret: &GuestSecret) -> BTreeSet<String> {
        forms::of(secret.value.reveal())
    }

    /// The length of the longest form: what has to be kept back where a text is cut.
    pub(in crate::sandbox) fn longest(&self) -> usize {
        self.longest
    }

    /// The text with the secrets' placeholders instead of their values.
    pub(in crate::sandbox) fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.finder.is_match(text) {
            Cow::Owned(self.finder.replace_all(text, &self.placeholders))
        } else {
            text.into()
        }
    }

    /// The same for a text that one already has.
    pub(in crate::sandbox) fn owned(&self, text: String) -> String {
        match self.text(&text) {
            Cow::Owned(masked) => masked,
            Cow::Borrowed(_) => text,
        }
    }

    /// The same for a JSON text, which stays valid: strings are read before they are searched, however they were
    /// escaped.
    pub(in crate::sandbox) fn json(&self, text: String) -> String {
        json::masked(self, text)
    }

    /// The same for what a guest is given: whoever wrote a value into it did not mean the guest to see it.
    pub(in crate::sandbox) fn job(&self, job: GuestJob) -> GuestJob {
        let masked = |json: &JsonObject| JsonObject::from_stored(self.json(json.as_str().to_owned()));
        GuestJob {
            inputs: masked(&job.inputs),
            settings: masked(&job.settings),
            checkpoint: job.checkpoint.as_ref().map(masked),
            ..job
        }
    }

    /// The same for how a run ended, if the guest trapped.
    pub(in crate::sandbox) fn end(&self, end: RunEnd) -> RunEnd {
        let end = match end {
            RunEnd::Ended(end) => end,
            RunEnd::NoRoom => return RunEnd::NoRoom,
        };
        RunEnd::Ended(match end {
            AttemptEnd::Trapped(error) => AttemptEnd::Trapped(JobError {
                code: error.code,
                message: self.owned(error.message),
                backtrace: error.backtrace.map(|text| self.owned(text)),
            }),
            end @ (AttemptEnd::Returned | AttemptEnd::Permanent(_) | AttemptEnd::Retryable(_) | AttemptEnd::Forced) => {
                end
            }
        })
    }

    /// The best place to cut these bytes, at or before `at`, without cutting a value: after one that reaches over it.
    pub(in crate::sandbox) fn cut_before(&self, bytes: &[u8], at: usize) -> usize {
        self.finder
            .find_iter(bytes)
            .find(|found| found.start() < at && at < found.end())
            .map_or(at, |found| found.end())
    }
}

impl std::fmt::Debug for Masker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Masker(…)")
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::{SecretName, SecretValue};

    pub(in crate::sandbox::masking) fn masker(secrets: &[(&str, &str)]) -> Masker {
        let secret = |(name, value): &(&str, &str)| GuestSecret {
            name: SecretName::parse(*name).expect("a name"),
            hosts: Vec::new(),
            value: SecretValue::parse((*value).to_owned()).expect("a value"),
        };
        Masker::new(&secrets.iter().map(secret).collect::<Vec<_>>()).expect("there are secrets")
    }

    #[test]
    fn every_value_becomes_its_placeholder_and_nothing_else_changes() {
        let masker = masker(&[("long", "abcdefgh-ijkl"), ("short", "abcdefgh")]);
        assert_eq!(
            masker.text("x abcdefgh-ijkl y abcdefgh z"),
            "x {cofferdam-secret:long} y {cofferdam-secret:short} z"
        );
        assert!(matches!(masker.text("abcdefg"), Cow::Borrowed("abcdefg")));
        assert!(Masker::new(&[]).is_none());
    }

    #[test]
    fn a_cut_never_goes_through_a_value() {
        let masker = masker(&[("key", "abcdefgh")]);
        let text = b"..abcdefgh..";
        assert_eq!(
            (0..=12).map(|at| masker.cut_before(text, at)).collect::<Vec<_>>(),
            [0, 1, 2, 10, 10, 10, 10, 10, 10, 10, 10, 11, 12]
        );
    }
}
