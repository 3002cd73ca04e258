//! Crates and calls that belong to one place of the host, so that they can be replaced or reasoned about there.

use super::paths::{Named, named_paths};
use super::source::Source;

struct Rule {
    /// Whether a path is of this kind.
    matches: fn(&[String]) -> bool,
    /// Where it may stand, below `host/src/`.
    allowed: &'static [&'static str],
    /// Whether tests may do it anywhere.
    free_in_tests: bool,
    reason: &'static str,
}

const RULES: [Rule; 4] = [
    Rule {
        matches: |path| matches!(path[0].as_str(), "axum" | "utoipa_axum"),
        allowed: &["api/"],
        free_in_tests: false,
        reason: "HTTP ends in api/: what lies below must work without it",
    },
    Rule {
        matches: |path| path[0] == "sqlx",
        allowed: &["store/"],
        free_in_tests: false,
        reason: "only store/ knows of SQL: everything else asks it by a fixed verb",
    },
    Rule {
        matches: |path| path[0].starts_with("wasmtime"),
        allowed: &["sandbox/"],
        free_in_tests: false,
        reason: "only sandbox/ knows of wasmtime, whose types change with each release",
    },
    Rule {
        matches: is_spawn,
        allowed: &["app.rs", "lifecycle.rs", "scheduler/", "sandbox/"],
        free_in_tests: true,
        reason: "a task that nobody tracks outlives the shutdown: hand it to a tracker",
    },
];

/// A variable may be called like a crate; an import names the crate.
fn is_word_alone(source: &Source, path: &Named) -> bool {
    path.segments.len() == 1 && path.at.checked_sub(1).and_then(|before| source.word(before)) != Some("use")
}

fn is_spawn(path: &[String]) -> bool {
    let parts: Vec<&str> = path.iter().map(String::as_str).collect();
    matches!(parts.as_slice(), ["tokio" | "task", "spawn"] | ["tokio", "task", "spawn" | "spawn_local"])
}

/// Every path of the host's sources that stands where it must not.
pub(crate) fn out_of_place(sources: &[Source]) -> Vec<String> {
    sources.iter().flat_map(misplaced_in).collect()
}

fn misplaced_in(source: &Source) -> Vec<String> {
    let Some(inside) = source.path.strip_prefix("host/src/") else { return Vec::new() };
    let mut complaints = Vec::new();
    for path in named_paths(source) {
        for rule in &RULES {
            let excused = rule.free_in_tests && source.tokens[path.at].in_test;
            let is_allowed = rule.allowed.iter().any(|allowed| inside.starts_with(allowed));
            if (rule.matches)(&path.segments) && !is_allowed && !excused && !is_word_alone(source, &path) {
                let (place, text, allowed) = (source.place(path.at), path.text(), rule.allowed.join(", "));
                complaints.push(format!("{place}: `{text}` belongs to {allowed} alone: {}", rule.reason));
            }
        }
    }
    complaints
}
