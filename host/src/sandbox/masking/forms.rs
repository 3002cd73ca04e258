//! The forms in which a secret value is recognised: as it is, and as common encoders write it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

/// All forms of a value. None is shorter than the value.
pub(super) fn of(value: &str) -> BTreeSet<String> {
    let mut forms = BTreeSet::from([value.to_owned()]);
    for offset in 0..3 {
        forms.insert(inside_base64(&STANDARD, value, offset));
        forms.insert(inside_base64(&URL_SAFE, value, offset));
    }
    for json in [json_escaped(value), json_escaped(value).replace('/', "\\/")] {
        // What a program prints of a JSON text that is in a JSON text.
        forms.insert(json_escaped(&json));
        forms.insert(json);
    }
    forms.insert(encoded(value, |code, byte| write!(code, "{byte:02x}"), |_| false));
    forms.insert(encoded(value, |code, byte| write!(code, "{byte:02X}"), |_| false));
    for kept in [is_unreserved, is_kept_by_uris] {
        let upper = encoded(value, |code, byte| write!(code, "%{byte:02X}"), kept);
        forms.insert(upper.replace("%20", "+"));
        forms.insert(upper);
        forms.insert(encoded(value, |code, byte| write!(code, "%{byte:02x}"), kept));
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

fn json_escaped(value: &str) -> String {
    let quoted = serde_json::Value::from(value).to_string();
    quoted[1..quoted.len() - 1].to_owned()
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

/// What no encoder of URLs changes.
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// What encoders of whole URLs leave as it is, JavaScript's `encodeURI` among them.
fn is_kept_by_uris(byte: u8) -> bool {
    is_unreserved(byte) || b";,/?:@&=+$!*'()#".contains(&byte)
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
    }
}
