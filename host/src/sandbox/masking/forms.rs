//! The forms in which a secret value is recognised: as it is, and as common encoders write it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

/// What encoders of URLs leave as it is, beside letters and digits: each in its own way.
const KEPT: [&[u8]; 7] = [
    // What no encoder has to change: curl, Go's queries, most libraries.
    b"-._~",
    // Python's `quote`.
    b"-._~/",
    // JavaScript's `encodeURIComponent`.
    b"-._~!*'()",
    // JavaScript's `encodeURI`.
    b"-._~!*'();,/?:@&=+$#",
    // Forms of browsers, `URLSearchParams`, Java.
    b"-._*",
    // Forms of PHP.
    b"-._",
    // Go's paths.
    b"-._~$&+=:@",
];

/// All forms of a value. None is shorter than the value.
pub(super) fn of(value: &str) -> BTreeSet<String> {
    let mut forms = BTreeSet::from([value.to_owned()]);
    for offset in 0..3 {
        forms.insert(inside_base64(&STANDARD, value, offset));
        forms.insert(inside_base64(&URL_SAFE, value, offset));
    }
    for escapes in [json_escape, json_escape_ascii, json_escape_html] {
        let json = json_escaped(value, escapes);
        for json in [json.replace('/', "\\/"), json] {
            // What a program prints of a JSON text that is in a JSON text.
            forms.insert(json_escaped(&json, json_escape));
            forms.insert(json);
        }
    }
    forms.insert(encoded(value, |code, byte| write!(code, "{byte:02x}"), |_| false));
    forms.insert(encoded(value, |code, byte| write!(code, "{byte:02X}"), |_| false));
    for kept in KEPT {
        let is_kept = |byte: u8| byte.is_ascii_alphanumeric() || kept.contains(&byte);
        for url in [
            encoded(value, |code, byte| write!(code, "%{byte:02X}"), is_kept),
            encoded(value, |code, byte| write!(code, "%{byte:02x}"), is_kept),
        ] {
            forms.insert(url.replace("%20", "+"));
            forms.insert(url);
        }
    }
    forms
}

/// The characters of a Base64 text that depend on this value alone, when `offset` bytes (of three) stand before it.
fn inside_base64(engine: &impl Engine, value: &str, offset: usize) -> String {
    let mut bytes = vec![0; offset];
    bytes.extend_from_slice(value.as_bytes());
    let whole = bytes.len() * 8 / 6;
    let first = (offset * 8).div_ceil(6);
    engine.encode(&bytes)[first..whole].to_owned()
}

/// A value inside of a JSON string. It has no control character.
fn json_escaped(value: &str, escapes: impl Fn(char) -> bool) -> String {
    let mut text = String::with_capacity(value.len());
    for letter in value.chars() {
        match letter {
            '"' | '\\' => text.extend(['\\', letter]),
            _ if escapes(letter) => {
                for unit in letter.encode_utf16(&mut [0; 2]) {
                    write!(text, "\\u{unit:04x}").expect("a string takes all");
                }
            }
            _ => text.push(letter),
        }
    }
    text
}

/// Most encoders write what they need not escape as it is.
fn json_escape(_: char) -> bool {
    false
}

/// Python's and PHP's write ASCII alone.
fn json_escape_ascii(letter: char) -> bool {
    !letter.is_ascii()
}

/// Go's writes what can stand in a page.
fn json_escape_html(letter: char) -> bool {
    matches!(letter, '<' | '>' | '&' | '\u{2028}' | '\u{2029}')
}

fn encoded(value: &str, code: impl Fn(&mut String, u8) -> std::fmt::Result, kept: impl Fn(u8) -> bool) -> String {
    let mut text = String::with_capacity(value.len() * 3);
    for byte in value.bytes() {
        if kept(byte) {
            text.push(byte.into());
        } else {
            code(&mut text, byte).expect("a string takes all");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_found_wherever_the_value_stands() {
        for value in ["p4ss/w0rd+9", "12345678", "123456789", "1234567890"] {
            let forms = of(value);
            for before in ["", "a", "ab", "abc", "user:"] {
                for after in ["", "x", "xy", "\n"] {
                    for text in [
                        STANDARD.encode(format!("{before}{value}{after}")),
                        URL_SAFE.encode(format!("{before}{value}{after}")),
                    ] {
                        assert!(forms.iter().any(|form| text.contains(form.as_str())), "{before}{value}{after}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_forms_of_common_encoders_are_there() {
        let forms = of("a\"b/c d&é");
        for form in [
            // Go's JSON, Python's JSON and the same inside of JSON, PHP's JSON.
            "a\\\"b/c d\\u0026é",
            "a\\\"b/c d&\\u00e9",
            "a\\\\\\\"b/c d&\\\\u00e9",
            "a\\\"b\\/c d&\\u00e9",
            // Python's `quote`; a form in small letters.
            "a%22b/c%20d%26%C3%A9",
            "a%22b%2fc+d%26%c3%a9",
            "a\"b/c d&é",
            "a\\\"b/c d&é",
            "a\\\"b\\/c d&é",
            "a\\\\\\\"b/c d&é",
            "a%22b%2Fc%20d%26%C3%A9",
            "a%22b%2fc%20d%26%c3%a9",
            "a%22b/c%20d&%C3%A9",
            "a%22b%2Fc+d%26%C3%A9",
            "6122622f63206426c3a9",
            "6122622F63206426C3A9",
        ] {
            assert!(forms.contains(form), "{form}");
        }
        let forms = of("it's (p!ss*~)&\u{1f511}");
        for form in [
            // `encodeURIComponent`, `URLSearchParams`, PHP, Python's JSON.
            "it's%20(p!ss*~)%26%F0%9F%94%91",
            "it%27s+%28p%21ss*%7E%29%26%F0%9F%94%91",
            "it%27s+%28p%21ss%2A%7E%29%26%F0%9F%94%91",
            "it's (p!ss*~)&\\ud83d\\udd11",
        ] {
            assert!(forms.contains(form), "{form}");
        }
    }
}
