//! How large files, functions and folders may be: what a reader can hold in mind at once.

use std::collections::BTreeMap;

use proc_macro2::Delimiter;

use super::source::{Kind, Source};

/// A file is 80 to 250 lines; above this many it should be looked at,
const LARGE_FILE_LINES: usize = 400;
/// and above this many it holds more than one thing.
const MAX_FILE_LINES: usize = 600;
/// A function is at most 40 lines; what is longer than this does not fit on a screen.
const MAX_FUNCTION_LINES: usize = 70;
/// A folder with more files than this, its table of contents and its tests not counted, should be looked at,
const LARGE_FOLDER_FILES: usize = 10;
/// and with more than this it holds more than one subject.
const MAX_FOLDER_FILES: usize = 15;
const NOT_COUNTED: [&str; 4] = ["mod.rs", "lib.rs", "main.rs", "tests.rs"];

/// Files that are too long.
pub(crate) fn oversized_files(sources: &[Source]) -> Vec<String> {
    let too_long = sources.iter().filter(|source| source.lines > MAX_FILE_LINES);
    let complaint = |source: &Source| {
        format!("{}: {} lines; {MAX_FILE_LINES} are the most: split it by subject", source.path, source.lines)
    };
    too_long.map(complaint).collect()
}

/// Files that are not too long yet; worth a look, not a failure.
pub(crate) fn large_files(sources: &[Source]) -> Vec<String> {
    let large = sources.iter().filter(|source| (LARGE_FILE_LINES + 1..=MAX_FILE_LINES).contains(&source.lines));
    large.map(|source| format!("{}: {} lines", source.path, source.lines)).collect()
}

/// Functions that are too long, from `fn` to the closing brace.
pub(crate) fn long_functions(sources: &[Source]) -> Vec<String> {
    let mut complaints = Vec::new();
    for source in sources {
        for (at, name, lines) in functions(source) {
            if lines > MAX_FUNCTION_LINES {
                let place = source.place(at);
                complaints.push(format!(
                    "{place}: `{name}` has {lines} lines; {MAX_FUNCTION_LINES} are the most: give its steps names of their own"
                ));
            }
        }
    }
    complaints
}

/// Every function with a body: where it starts, its name, its lines.
fn functions(source: &Source) -> Vec<(usize, &str, usize)> {
    let starts = (0..source.tokens.len()).filter(|at| source.word(*at) == Some("fn"));
    let whole = |at: usize| {
        let name = source.word(at + 1)?;
        let end = body_end(source, at + 2)?;
        Some((at, name, source.tokens[end].line - source.tokens[at].line + 1))
    };
    starts.filter_map(whole).collect()
}

/// The closing brace of the function whose signature goes on at `at`; nothing when it has no body.
fn body_end(source: &Source, mut at: usize) -> Option<usize> {
    loop {
        match source.tokens.get(at)?.kind {
            Kind::Open(Delimiter::Brace, close) => return Some(close),
            Kind::Open(_, close) => at = close + 1,
            Kind::Mark(';') | Kind::Close(_) => return None,
            Kind::Word(_) | Kind::PathSeparator | Kind::Mark(_) | Kind::Literal => at += 1,
        }
    }
}

/// Folders with too many sources.
pub(crate) fn crowded_folders(sources: &[Source]) -> Vec<String> {
    let crowded = folders(sources).into_iter().filter(|(_, files)| *files > MAX_FOLDER_FILES);
    let complaint = |(folder, files): (&str, usize)| {
        format!("{folder}/: {files} files; {MAX_FOLDER_FILES} are the most: group those of one subject in a folder")
    };
    crowded.map(complaint).collect()
}

/// Folders that are not too large yet; worth a look, not a failure.
pub(crate) fn large_folders(sources: &[Source]) -> Vec<String> {
    let large = |files: &usize| (LARGE_FOLDER_FILES + 1..=MAX_FOLDER_FILES).contains(files);
    let found = folders(sources).into_iter().filter(|(_, files)| large(files));
    found.map(|(folder, files)| format!("{folder}/: {files} files")).collect()
}

/// Each folder with the number of its sources. Folders of tests are lists by nature, and not among them.
fn folders(sources: &[Source]) -> BTreeMap<&str, usize> {
    let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
    for source in sources {
        if let Some((folder, file)) = source.path.rsplit_once('/')
            && !NOT_COUNTED.contains(&file)
            && !folder.split('/').any(|part| part == "tests")
        {
            *folders.entry(folder).or_default() += 1;
        }
    }
    folders
}
