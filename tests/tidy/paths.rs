//! Every path that a source names, with the groups of `use` taken apart and `crate`, `self` and `super` resolved.

use proc_macro2::Delimiter;

use super::source::{Kind, Source};

/// One path, such as `crate::domain::JobId` or `tokio::spawn`.
pub(crate) struct Named {
    /// As written, group prefixes included.
    pub(crate) segments: Vec<String>,
    /// The index of its first token.
    pub(crate) at: usize,
    /// The modules around it, from the crate's root.
    pub(crate) module: Vec<String>,
}

impl Named {
    /// The path from the crate's root when it starts with `crate`, `self` or `super`, else nothing.
    pub(crate) fn inside_crate(&self) -> Option<Vec<&str>> {
        let mut resolved: Vec<&str> = match self.segments.first()?.as_str() {
            "crate" => Vec::new(),
            "self" | "super" => self.module.iter().map(String::as_str).collect(),
            _ => return None,
        };
        for segment in &self.segments {
            match segment.as_str() {
                "crate" | "self" => {}
                "super" => {
                    resolved.pop();
                }
                name => resolved.push(name),
            }
        }
        Some(resolved)
    }

    /// As it would be written in one piece.
    pub(crate) fn text(&self) -> String {
        self.segments.join("::")
    }
}

/// Every path of a source; a word alone is one too.
pub(crate) fn named_paths(source: &Source) -> Vec<Named> {
    let taken = vec![false; source.tokens.len()];
    let mut reader = Reader { source, found: Vec::new(), taken, module: Vec::new() };
    let mut around: Vec<(usize, String)> = Vec::new();
    let file = module_of_file(&source.path);
    for at in 0..source.tokens.len() {
        around.retain(|(close, _)| at < *close);
        if source.word(at) == Some("mod")
            && let Some(name) = source.word(at + 1)
            && let Some(Kind::Open(Delimiter::Brace, close)) = source.tokens.get(at + 2).map(|token| &token.kind)
        {
            around.push((*close, name.to_owned()));
        }
        let continues = at > 0
            && (source.is(at - 1, &Kind::PathSeparator) && at > 1 && source.word(at - 2).is_some()
                || source.is(at - 1, &Kind::Mark('.')));
        if source.word(at).is_some() && !continues && !reader.taken[at] {
            let inline = around.iter().map(|(_, name)| name.clone());
            reader.module = file.iter().cloned().chain(inline).collect();
            reader.read(at, &[]);
        }
    }
    reader.found
}

struct Reader<'a> {
    source: &'a Source,
    found: Vec<Named>,
    taken: Vec<bool>,
    module: Vec<String>,
}

impl Reader<'_> {
    fn read(&mut self, start: usize, prefix: &[String]) {
        let mut segments = prefix.to_vec();
        let mut at = start;
        while let Some(word) = self.source.word(at) {
            segments.push(word.to_owned());
            self.taken[at] = true;
            if !self.source.is(at + 1, &Kind::PathSeparator) {
                break;
            }
            at += 2;
            if let Some(Kind::Open(Delimiter::Brace, close)) = self.source.tokens.get(at).map(|token| &token.kind) {
                self.read_group(at, *close, &segments);
                return;
            }
        }
        self.found.push(Named { segments, at: start, module: self.module.clone() });
    }

    fn read_group(&mut self, open: usize, close: usize, prefix: &[String]) {
        for at in open + 1..close {
            let begins = at == open + 1 || self.source.is(at - 1, &Kind::Mark(','));
            if begins && self.source.word(at).is_some() && !self.taken[at] {
                self.read(at, prefix);
            }
        }
    }
}

/// The module that a file is, from its crate's `src/`.
fn module_of_file(path: &str) -> Vec<String> {
    let inside = path.split_once("src/").map_or(path, |(_, inside)| inside);
    let parts = inside.trim_end_matches(".rs").split('/').map(str::to_owned);
    parts.filter(|part| !matches!(part.as_str(), "mod" | "lib" | "main")).collect()
}
