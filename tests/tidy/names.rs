//! What things may be called, and that folders say what they are.

use std::collections::BTreeSet;

use super::source::{Kind, Source};

/// Words that say nothing of what is inside.
const BANNED: [&str; 10] =
    ["util", "utils", "utility", "utilities", "common", "helper", "helpers", "misc", "manager", "managers"];

/// Files, folders, modules and types whose name has a banned word in it.
pub(crate) fn banned_names(sources: &[Source]) -> Vec<String> {
    let mut complaints = Vec::new();
    for source in sources {
        for part in source.path.trim_end_matches(".rs").split('/') {
            complaints.extend(banned_word(part).map(|word| complaint(&source.path, part, word)));
        }
        for at in 0..source.tokens.len() {
            let declares = matches!(source.word(at), Some("struct" | "enum" | "trait" | "type" | "mod" | "union"));
            if declares && let Some(name) = source.word(at + 1) {
                complaints.extend(banned_word(name).map(|word| complaint(&source.place(at), name, word)));
            }
        }
    }
    complaints
}

fn complaint(place: &str, name: &str, word: &str) -> String {
    format!("{place}: `{name}` says `{word}`, which says nothing: name the thing that it does")
}

fn banned_word(name: &str) -> Option<&'static str> {
    let words: Vec<String> = words(name);
    BANNED.into_iter().find(|banned| words.iter().any(|word| word == banned))
}

/// `snake_case`, `kebab-case` and `CamelCase` taken apart.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for letter in name.chars() {
        let starts = letter.is_uppercase() || !letter.is_alphanumeric();
        if starts {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut()
            && letter.is_alphanumeric()
        {
            word.extend(letter.to_lowercase());
        }
    }
    words
}

/// `mod.rs` files with a function in them.
pub(crate) fn logic_in_mod_rs(sources: &[Source]) -> Vec<String> {
    let mut complaints = Vec::new();
    for source in sources.iter().filter(|source| source.path.ends_with("/mod.rs")) {
        for at in 0..source.tokens.len() {
            if source.is(at, &Kind::Word("fn".into()))
                && let Some(name) = source.word(at + 1)
            {
                let place = source.place(at);
                complaints.push(format!(
                    "{place}: `fn {name}` in a table of contents: give it a file that says what it does"
                ));
            }
        }
    }
    complaints
}

/// Folders directly in `host/src/` that ARCHITECTURE.md does not name; those inside them explain themselves.
pub(crate) fn unnamed_folders(sources: &[Source], architecture: &str) -> Vec<String> {
    let folder = |source: &Source| Some(source.path.strip_prefix("host/src/")?.split_once('/')?.0.to_owned());
    let folders: BTreeSet<String> = sources.iter().filter_map(folder).collect();
    let unnamed = folders.iter().filter(|name| !architecture.contains(&format!("{name}/")));
    unnamed.map(|name| format!("host/src/{name}/: ARCHITECTURE.md does not say what it is for")).collect()
}
