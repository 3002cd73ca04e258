//! That every promise of the documentation names tests that there are.

use std::collections::BTreeSet;

use super::source::Source;

/// The tests that the third column of a table of promises names, and which no source has; and rows without any.
pub(crate) fn unproven(promises: &str, tests: &[Source]) -> Vec<String> {
    let functions: BTreeSet<&str> = tests.iter().flat_map(Source::functions).collect();
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
