//! What must not stand in any text of the checkout: the paths and the registries of the machine that wrote it.

/// Where people's files are on common systems, taken apart so that this file does not complain about itself.
const HOMES: [&str; 4] =
    [concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("/Us", "ers/"), concat!("C:\\Us", "ers")];

/// Lines with a path of somebody's machine, this one's checkout included.
pub(crate) fn machine_paths(path: &str, text: &str, checkout: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    for (line, content) in text.lines().enumerate() {
        let in_a_home = HOMES.into_iter().any(|home| leads_below(content, home));
        if in_a_home || content.contains(checkout) {
            complaints.push(format!("{path}:{}: a path of one machine: it means nothing on another", line + 1));
        }
    }
    complaints
}

/// Whether a path below `home` begins there: `https://example.org/home/ada` is an address, and `/home/` alone is nobody's.
fn leads_below(line: &str, home: &str) -> bool {
    line.match_indices(home).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + home.len()..].chars().next();
        let begins =
            !before.is_some_and(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_' | '}' | '/'));
        begins && after.is_some_and(|letter| letter.is_alphanumeric() || letter == '\\')
    })
}

/// Bindings that were generated from another contract than the one that there is: each copy of the contract, by its path.
pub(crate) fn stale_bindings(contract: &str, copies: &[(String, String)]) -> Vec<String> {
    let stale = copies.iter().filter(|(_, copy)| copy != contract);
    stale
        .map(|(path, _)| {
            format!("{path} is not wit/module.wit and module-http.wit: generate the bindings beside it anew")
        })
        .collect()
}

/// Whether a lock file of npm says from which host its packages came; a folder beside it is no host.
pub(crate) fn addresses_in_lock_file(path: &str, text: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    for (line, content) in text.lines().enumerate() {
        if content.contains("\"resolved\"") && content.contains("://") {
            complaints.push(format!(
                "{path}:{}: names a registry's host: run npm with `omit-lockfile-registry-resolved=true` in .npmrc",
                line + 1
            ));
        }
    }
    complaints
}
