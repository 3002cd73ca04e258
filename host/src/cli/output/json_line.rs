//! JSON as one line, without changing any of its numbers or the order of its keys.

use std::borrow::Cow;

use super::{Look, escape};

/// Valid JSON without the white space between its tokens: one line, as programs read it.
pub(in crate::cli) fn json_line(json: &str) -> String {
    let mut line = String::with_capacity(json.len());
    let (mut in_string, mut escaped) = (false, false);
    for character in json.chars() {
        if !in_string && character.is_ascii_whitespace() {
            continue;
        }
        line.push(character);
        match character {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            _ => {}
        }
    }
    line
}

/// One line of JSON as a stream may show it.
pub(in crate::cli) fn shown_json(json: &str, look: Look) -> String {
    let line = json_line(json);
    match look {
        Look::Plain => line,
        Look::Mono | Look::Colour => match escape::json(&line) {
            Cow::Borrowed(_) => line,
            Cow::Owned(escaped) => escaped,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_white_space_between_tokens_goes() {
        let json = "{\n  \"a b\" : \"x \\\" y\\\\\" ,\n \"n\": [ 1.10, 12345678901234567890 ]\n}";
        assert_eq!(json_line(json), "{\"a b\":\"x \\\" y\\\\\",\"n\":[1.10,12345678901234567890]}");
    }
}
