//! That every behaviour of the hostile guest has a test of its name.

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
    let functions = functions(tests);
    let missing = behaviours.iter().filter(|name| !functions.contains(name.as_str()));
    missing
        .map(|name| format!("the hostile guest's behaviour `{name}` has no test: write `fn {name}()` in tests/"))
        .collect()
}

/// The tests that the third column of a table of promises names, and which no source has; and rows without any.
pub(crate) fn unproven(promises: &str, tests: &[Source]) -> Vec<String> {
    let functions = functions(tests);
    let mut complaints = Vec::new();
    for row in promises.lines() {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [_, number, _, named, ..] = cells[..] else { continue };
        if number.parse::<u32>().is_err() {
            continue;
        }
        let named: Vec<&str> = named.split('`').skip(1).step_by(2).collect();
        if named.is_empty() {
            complaints.push(format!("promise {number} names no test"));
        }
        let missing = named.into_iter().filter(|name| !functions.contains(name));
        complaints.extend(missing.map(|name| format!("promise {number} names `{name}`, which is no test")));
    }
    complaints
}

/// The names of all functions.
fn functions(sources: &[Source]) -> BTreeSet<&str> {
    sources
        .iter()
        .flat_map(|source| {
            (0..source.tokens.len()).filter(|at| source.word(*at) == Some("fn")).map(|at| source.word(at + 1))
        })
        .flatten()
        .collect()
}
