//! One Rust source as a flat list of tokens, with lines, brackets that know their partner, and what is only for tests.

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};

/// A Rust source.
pub(crate) struct Source {
    /// From the root of the checkout, with `/`.
    pub(crate) path: String,
    /// How many lines it has.
    pub(crate) lines: usize,
    pub(crate) tokens: Vec<Token>,
}

/// One token.
pub(crate) struct Token {
    pub(crate) kind: Kind,
    /// Counted from 1.
    pub(crate) line: usize,
    /// Below `#[cfg(test)]` or in a file of tests.
    pub(crate) in_test: bool,
}

/// What a token is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Word(String),
    /// `::`, which is the only mark of more than one character that matters here.
    PathSeparator,
    Mark(char),
    /// With the index of its partner.
    Open(Delimiter, usize),
    Close(Delimiter),
    Literal,
}

impl Source {
    /// Reads one.
    pub(crate) fn parse(path: &str, text: &str) -> Self {
        let stream: TokenStream = text.parse().unwrap_or_else(|error| panic!("{path} is no Rust source: {error}"));
        let is_test = path.ends_with("/tests.rs") || path.contains("/tests/") || path.starts_with("tests/");
        let mut tokens = Vec::new();
        flatten(stream, is_test, &mut tokens);
        Self { path: path.to_owned(), lines: text.lines().count(), tokens }
    }

    /// The word at this index, if it is one.
    pub(crate) fn word(&self, index: usize) -> Option<&str> {
        match &self.tokens.get(index)?.kind {
            Kind::Word(word) => Some(word),
            Kind::PathSeparator | Kind::Mark(_) | Kind::Open(..) | Kind::Close(_) | Kind::Literal => None,
        }
    }

    /// The names of all functions.
    pub(crate) fn functions(&self) -> impl Iterator<Item = &str> {
        (0..self.tokens.len()).filter(|at| self.word(*at) == Some("fn")).filter_map(|at| self.word(at + 1))
    }

    /// Whether a token of this kind is at this index.
    pub(crate) fn is(&self, index: usize, kind: &Kind) -> bool {
        self.tokens.get(index).is_some_and(|token| token.kind == *kind)
    }

    /// `path:line` of a token, for complaints.
    pub(crate) fn place(&self, index: usize) -> String {
        format!("{}:{}", self.path, self.tokens[index].line)
    }
}

fn flatten(stream: TokenStream, in_test: bool, tokens: &mut Vec<Token>) {
    let mut trees = stream.into_iter();
    let mut next_item_in_test = false;
    while let Some(tree) = trees.next() {
        let line = tree.span().start().line;
        let here = in_test || next_item_in_test;
        let mut push = |kind| tokens.push(Token { kind, line, in_test: here });
        match tree {
            TokenTree::Ident(word) => push(Kind::Word(word.to_string())),
            TokenTree::Literal(_) => push(Kind::Literal),
            TokenTree::Punct(mark) if mark.as_char() == ':' && mark.spacing() == Spacing::Joint => {
                trees.next();
                push(Kind::PathSeparator);
            }
            TokenTree::Punct(mark) => {
                push(Kind::Mark(mark.as_char()));
                next_item_in_test &= mark.as_char() != ';';
            }
            TokenTree::Group(group) => {
                next_item_in_test |= is_cfg_test(&group);
                let ends_item = group.delimiter() == Delimiter::Brace;
                flatten_group(&group, here, tokens);
                next_item_in_test &= !ends_item;
            }
        }
    }
}

fn flatten_group(group: &Group, in_test: bool, tokens: &mut Vec<Token>) {
    let open = tokens.len();
    let delimiter = group.delimiter();
    tokens.push(Token { kind: Kind::Open(delimiter, open), line: group.span_open().start().line, in_test });
    flatten(group.stream(), in_test, tokens);
    let close = tokens.len();
    tokens.push(Token { kind: Kind::Close(delimiter), line: group.span_close().start().line, in_test });
    tokens[open].kind = Kind::Open(delimiter, close);
}

fn is_cfg_test(group: &Group) -> bool {
    group.delimiter() == Delimiter::Bracket && group.stream().to_string().replace(' ', "") == "cfg(test)"
}
