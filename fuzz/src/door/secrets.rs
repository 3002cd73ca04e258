//! Secrets in what modules say.

use std::fmt::Write as _;

use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, Engine};
use cofferdam::sandbox::fuzzing::Masking;
use serde_json::Value;

/// Reads what stands in the middle of a Base64 text.
const ANY_CUT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);

/// What becomes of values that were whole, however they were written and encoded: nothing of them is left in clear, and
/// what holds none comes through as it was.
///
/// The first two bytes are the longest line and how much is written at once; the rest is parted at `0xff`: two values, and
/// what is said. In that, the bytes below 16, but for line breaks, stand for a value in one of its encodings.
pub(crate) fn masker(input: &[u8]) {
    let [line_bytes, step, rest @ ..] = input else { return };
    let (line_bytes, step) = (usize::from(*line_bytes).max(4), usize::from(*step).max(1));
    let mut parts = rest.splitn(3, |byte| *byte == 0xff);
    let mut value = || parts.next().and_then(|bytes| std::str::from_utf8(bytes).ok()).filter(|value| is_apart(value));
    let (Some(one), Some(two)) = (value(), value()) else { return };
    let values = [one, two];
    let Some(masking) = Masking::of(&[("one", one), ("two", two)]) else { return };
    let said = said(parts.next().unwrap_or_default(), values);

    let lines = masking.lines(&said, step, line_bytes);
    let joined = lines.iter().enumerate().fold(String::new(), |joined, (at, (line, continued))| {
        joined + if at > 0 && !continued { "\n" } else { "" } + line
    });
    in_clear_nowhere(&joined, values);
    let Ok(said) = String::from_utf8(said) else { return };
    let masked = masking.text(&said);
    in_clear_nowhere(&masked, values);
    assert!(masking.holds(&said) || masked == said);
    if !said.contains('\r') {
        assert_eq!(joined, masked.strip_suffix('\n').unwrap_or(&masked), "it does not matter how it was written");
    }
    json(&masking, &said, values);
}

/// A value that has nothing in common with what stands in its place: else a leak could not be told from that.
fn is_apart(value: &str) -> bool {
    !value.contains(['{', '}', ':']) && !"cofferdam-secret".contains(value)
}

/// JSON stays JSON: each string becomes what it would be as a text, and the rest stays.
fn json(masking: &Masking, said: &str, values: [&str; 2]) {
    let document = serde_json::json!({ said: [said, 1, null, { "deep": said }], "": true });
    let plain = document.to_string();
    for text in [in_ascii(&plain), plain] {
        let masked = masking.json(&text);
        let read: Value = serde_json::from_str(&masked).expect("it stays valid");
        let expected = serde_json::json!({
            masking.text(said): [masking.text(said), 1, null, { "deep": masking.text(said) }], "": true
        });
        assert_eq!(read, expected);
        if !masking.holds(said) {
            assert_eq!(masked, text);
        }
    }
    let masked = masking.json(said);
    if serde_json::from_str::<Value>(said).is_ok() {
        let read = serde_json::from_str(&masked).expect("it stays valid");
        in_strings_nowhere(&read, values);
    }
}

fn in_strings_nowhere(read: &Value, values: [&str; 2]) {
    match read {
        Value::String(text) => in_clear_nowhere(text, values),
        Value::Array(entries) => entries.iter().for_each(|entry| in_strings_nowhere(entry, values)),
        Value::Object(fields) => fields.iter().for_each(|(name, field)| {
            in_clear_nowhere(name, values);
            in_strings_nowhere(field, values);
        }),
        Value::Number(number) => in_clear_nowhere(&number.to_string(), values),
        Value::Null | Value::Bool(_) => {}
    }
}

/// What is said, with the values in their encodings.
fn said(script: &[u8], values: [&str; 2]) -> Vec<u8> {
    let mut said = Vec::new();
    for byte in script {
        match *byte {
            byte if byte >= 16 || byte == b'\n' => said.push(byte),
            byte => {
                let value = values[usize::from(byte % 2)];
                said.extend_from_slice(encodings(value)[usize::from(byte / 2)].as_bytes());
            }
        }
    }
    said
}

/// A value as it is, and as encoders write it that have nothing to do with those of the host.
fn encodings(value: &str) -> [String; 8] {
    let json = serde_json::to_string(value).expect("a string");
    [
        value.to_owned(),
        STANDARD.encode(format!("me:{value}")),
        URL_SAFE.encode(value),
        coded(value, |_| false, ""),
        in_url(value, "-._~/"),
        in_url(value, "*-._").replace("%20", "+"),
        in_ascii(&json[1..json.len() - 1]),
        json[1..json.len() - 1].replace('/', "\\/"),
    ]
}

fn in_url(value: &str, kept: &str) -> String {
    coded(value, |byte| byte.is_ascii_alphanumeric() || kept.as_bytes().contains(&byte), "%")
}

/// Each byte in two digits, with a mark before them, but for those that are kept.
fn coded(value: &str, is_kept: impl Fn(u8) -> bool, mark: &str) -> String {
    let mut text = String::new();
    for byte in value.bytes() {
        if is_kept(byte) {
            text.push(byte.into());
        } else {
            write!(text, "{mark}{byte:02X}").expect("a string takes all");
        }
    }
    text
}

/// A JSON text as ASCII alone.
fn in_ascii(json: &str) -> String {
    let mut ascii = String::new();
    for letter in json.chars() {
        if letter.is_ascii() {
            ascii.push(letter);
        } else {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                write!(ascii, "\\u{unit:04x}").expect("a string takes all");
            }
        }
    }
    ascii
}

/// Looks for the values by decoding what can be decoded.
fn in_clear_nowhere(text: &str, values: [&str; 2]) {
    for value in values {
        let others = [encodings(value)[3].to_lowercase(), in_url(value, "-._~"), in_url(value, "-._~!*'()")];
        for encoding in encodings(value).into_iter().chain(others) {
            assert!(!text.contains(&encoding), "`{encoding}` of `{value}` is in clear in `{text}`");
        }
    }
    in_base64_nowhere(text, "+/", &GeneralPurpose::new(&alphabet::STANDARD, ANY_CUT), values);
    in_base64_nowhere(text, "-_", &GeneralPurpose::new(&alphabet::URL_SAFE, ANY_CUT), values);
}

fn in_base64_nowhere(text: &str, last: &str, engine: &impl Engine, values: [&str; 2]) {
    let is_digit = |letter: char| letter.is_ascii_alphanumeric() || last.contains(letter);
    for run in text.split(|letter| !is_digit(letter)).filter(|run| run.len() > 8) {
        for from in 0..4 {
            let run = &run[from..];
            let run = if run.len() % 4 == 1 { &run[..run.len() - 1] } else { run };
            let decoded = engine.decode(run).expect("digits alone");
            for value in values {
                let found = decoded.windows(value.len()).any(|part| part == value.as_bytes());
                assert!(!found, "`{value}` is in Base64 in `{text}`");
            }
        }
    }
}
