//! Masks the strings of a JSON text, and leaves every other byte as it is.

use std::borrow::Cow;

use super::Masker;

/// The text with all its strings masked. Text that is not valid JSON is masked as text.
pub(super) fn masked(masker: &Masker, text: String) -> String {
    let mut out = String::new();
    let (mut written, mut at) = (0, 0);
    while let Some((start, end)) = next_token(text.as_bytes(), at) {
        at = end;
        let token = &text[start..end];
        let Some(instead) = instead_of(masker, token) else { continue };
        out.push_str(&text[written..start]);
        out.push_str(&instead);
        written = end;
    }
    if written == 0 {
        return text;
    }
    out.push_str(&text[written..]);
    out
}

/// A string or number that holds a secret, as a string without it.
fn instead_of(masker: &Masker, token: &str) -> Option<String> {
    let said = if token.starts_with('"') { read(token) } else { Cow::Borrowed(token) };
    match masker.text(&said) {
        Cow::Borrowed(_) => None,
        Cow::Owned(instead) => Some(serde_json::Value::from(instead).to_string()),
    }
}

/// What a string says. One that does not read is refused later by whoever checks the text.
fn read(token: &str) -> Cow<'_, str> {
    serde_json::from_str::<String>(token).map_or(Cow::Borrowed(token), Cow::Owned)
}

/// The next string, with its quotes, or the next number.
fn next_token(text: &[u8], from: usize) -> Option<(usize, usize)> {
    let begins = |byte: &u8| *byte == b'"' || is_of_number(*byte);
    let start = from + text.get(from..)?.iter().position(begins)?;
    let rest = &text[start + 1..];
    let length = if text[start] == b'"' {
        let mut escaped = false;
        let closes = |byte: &u8| {
            let closes = *byte == b'"' && !escaped;
            escaped = *byte == b'\\' && !escaped;
            closes
        };
        rest.iter().position(closes)? + 1
    } else {
        rest.iter().position(|byte| !is_of_number(*byte)).unwrap_or(rest.len())
    };
    Some((start, start + 1 + length))
}

/// Also the `e` of `true` and the like, which hold no secret.
fn is_of_number(byte: u8) -> bool {
    byte.is_ascii_digit() || b"+-.eE".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::super::masker::tests::masker;

    #[test]
    fn strings_are_found_however_they_are_escaped_and_the_rest_stays() {
        let masker = masker(&[("key", "ab\"cd/ef-é"), ("pin", "123456789")]);
        for (text, expected) in [
            (r#"{"a": "ab\"cd/ef-é", "n":1.50}"#, r#"{"a": "{cofferdam-secret:key}", "n":1.50}"#),
            (r#"{"a":"x ab\u0022cd\/ef-\u00e9 y"}"#, r#"{"a":"x {cofferdam-secret:key} y"}"#),
            (r#"{"ab\"cd\/ef-é":[1,"\\",""]}"#, r#"{"{cofferdam-secret:key}":[1,"\\",""]}"#),
            (
                r#"{"n":123456789,"t":true,"m":[-123456789.0]}"#,
                r#"{"n":"{cofferdam-secret:pin}","t":true,"m":["-{cofferdam-secret:pin}.0"]}"#,
            ),
        ] {
            assert_eq!(masker.json(text.to_owned()), expected);
        }
    }

    #[test]
    fn text_that_is_no_json_is_left_to_whoever_checks_it() {
        let masker = masker(&[("key", "abcdefgh")]);
        for text in ["", "{", "\"abc", "{\"a\":\"\\", "[1,2"] {
            assert_eq!(masker.json(text.to_owned()), text);
        }
    }
}
