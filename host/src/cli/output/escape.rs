//! Makes text from guests harmless for a terminal: nothing in it may move the cursor, colour, hide or reverse anything.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::Look;

/// Keeps line breaks and tabs; every other control character is written out, such as `\x1b`.
pub(in crate::cli) fn text(text: &str) -> Cow<'_, str> {
    replaced(text, |character| is_harmful(character) && !matches!(character, '\n' | '\t'))
}

/// The same in one line: line breaks and tabs are written out, too.
pub(in crate::cli) fn one_line(text: &str) -> Cow<'_, str> {
    replaced(text, is_harmful)
}

/// JSON stays JSON: what JSON itself does not escape is written as `\u009b`.
pub(in crate::cli) fn json(text: &str) -> Cow<'_, str> {
    if !text.contains(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            // Between tokens; inside of strings JSON has escaped them already.
            '\n' | '\t' | '\r' => escaped.push(character),
            _ if is_harmful(character) => {
                write!(escaped, "\\u{:04x}", u32::from(character)).expect("writing to a string cannot fail");
            }
            _ => escaped.push(character),
        }
    }
    Cow::Owned(escaped)
}

/// Escapes for a terminal; a pipe gets the text as it is.
pub(in crate::cli) fn for_look(look: Look, text: &str) -> Cow<'_, str> {
    if look.is_terminal() { self::text(text) } else { Cow::Borrowed(text) }
}

fn replaced(text: &str, replace: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&replace) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            _ if !replace(character) => escaped.push(character),
            '\n' => escaped.push_str("\\n"),
            '\t' => escaped.push_str("\\t"),
            '\r' => escaped.push_str("\\r"),
            _ if character.is_ascii() => {
                write!(escaped, "\\x{:02x}", u32::from(character)).expect("writing to a string cannot fail");
            }
            _ => write!(escaped, "\\u{{{:x}}}", u32::from(character)).expect("writing to a string cannot fail"),
        }
    }
    Cow::Owned(escaped)
}

/// Control characters of both sets (a lone U+009B starts a sequence on some terminals), line separators, and the marks
/// that reorder what follows (CVE-2021-42574).
fn is_harmful(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_a_terminal_goes_through() {
        let hostile = "a\u{1b}]0;title\u{7}\u{9b}2J\u{8}\r\u{202e}b\u{7f}";
        assert_eq!(text(hostile), "a\\x1b]0;title\\x07\\u{9b}2J\\x08\\r\\u{202e}b\\x7f");
        assert!(!one_line(hostile).contains(is_harmful));
    }

    #[test]
    fn ordinary_text_and_line_breaks_stay() {
        let ordinary = "zwei\n\tZeilen: ü 日本語 🦀";
        assert!(matches!(text(ordinary), Cow::Borrowed(_)));
        assert_eq!(one_line(ordinary), "zwei\\n\\tZeilen: ü 日本語 🦀");
    }

    #[test]
    fn escaped_json_has_the_same_value() {
        let plain = "{\n\t\"a\": \"\u{9b}2J\u{202e}\u{7f}\"}";
        let escaped = json(plain);
        assert!(!escaped.contains(|c| is_harmful(c) && !matches!(c, '\n' | '\t')));
        let parse = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
        assert_eq!(parse(&escaped), parse(plain));
    }
}
