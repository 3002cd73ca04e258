//! That every behaviour of the hostile guest has a test of its name, and every kind of write one that dies at it.

use std::collections::BTreeSet;

use super::source::{Kind, Source};

/// The names in the hostile guest's list, which are lines `name: theme::Type,` in a macro.
pub(crate) fn behaviours_of(list: &Source) -> Vec<String> {
    let is_entry = |at: &usize| {
        list.is(at + 1, &Kind::Mark(':')) && list.word(at + 2).is_some() && list.is(at + 3, &Kind::PathSeparator)
    };
    let entries = (0..list.tokens.len()).filter(is_entry);
    entries.filter_map(|at| list.word(at)).filter(|name| *name != "callback").map(str::to_owned).collect()
}

/// The behaviours for which no source has a function of that name.
pub(crate) fn untested(behaviours: &[String], tests: &[Source]) -> Vec<String> {
    let functions: BTreeSet<&str> = tests.iter().flat_map(Source::functions).collect();
    let missing = behaviours.iter().filter(|name| !functions.contains(name.as_str()));
    missing
        .map(|name| format!("the hostile guest's behaviour `{name}` has no test: write `fn {name}()` in tests/"))
        .collect()
}

/// The kinds of writes that a match over all of them names, as `=> "kind"`, and which the crash tests do not.
pub(crate) fn unbroken(kinds: &str, crash_tests: &str) -> Vec<String> {
    let named = kinds.lines().filter_map(|line| line.split_once("=> \"")?.1.split_once('"'));
    let missing = named.filter(|(kind, _)| !crash_tests.contains(&format!("\"{kind}\"")));
    missing.map(|(kind, _)| format!("no test lets the host die at a commit of `{kind}`")).collect()
}
