//! Text of every kind, which must come through the language unchanged.

use std::fmt::Write;

use serde_json::json;

use super::subject::{Subject, error_of};

/// Each is something that a language, its JSON or its logging is known to trip over.
const TEXTS: [&str; 13] = [
    "combining: e\u{301} a\u{308}\u{304} \u{1100}\u{1161}\u{11a8} ﬁ İ ß",
    "emoji: 👩‍👩‍👧‍👦 🏳️‍🌈 🇺🇳 🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} ☝🏿",
    "right to left: שלום \u{202e}abc\u{202c} مرحبا \u{2067}x\u{2069}",
    "beyond 16 bits: 𝕬𝖆 𐐷 𠜎 \u{10ffff}",
    "no characters: \u{ffff} \u{fffe} \u{fdd0} \u{1ffff}",
    "beside the surrogates: \u{d7ff} \u{e000} \u{fffd}",
    "\u{feff}a mark of the byte order in front",
    "control: \u{1} \u{7} \u{8} \u{c} \u{e} \u{1b}[31m \u{1f} \u{7f} \u{80} \u{85} \u{9f}",
    "breaks: \n \r\n \r \t \u{b} \u{2028} \u{2029} \n",
    "quotes: \" ' ` \\ \\u0041 \\n / </script> &amp; <!-- ]]>",
    "formats: %s %d %n %% %c {} {0} {name} ${x} $1 #{y} %(a)s %o %O %j",
    "  spaces around and \u{a0} \u{3000} \u{200b}  ",
    "null",
];

/// A byte 0 ends a text in C, which has no place for it in a failure's message.
const NUL: &str = "\u{0}a\u{0}\u{0}b\u{0}";

pub(super) fn odd_texts(subject: &mut Subject) {
    for text in TEXTS.into_iter().chain([NUL]) {
        let inputs = json!({ "behaviour": "echo", "text": text });
        let job = subject.complete_with(&inputs, json!({ "settings": { "prefix": text } }));
        let [result] = job.data().try_into().expect("one result");
        assert_eq!((result["text"].as_str(), result["prefix"].as_str()), (Some(text), Some(text)));
        assert_eq!(job.messages(), [text]);
    }
}

pub(super) fn megabyte(subject: &mut Subject) {
    let text = megabyte_of_text();
    let job = subject.complete(&json!({ "behaviour": "echo", "text": text }));
    let [result] = job.data().try_into().expect("one result");
    assert_same(result["text"].as_str().expect("a text"), &text);
    let log = job.log();
    assert!(log.iter().zip(0..).all(|(line, at)| line.continued == (at > 0)));
    assert_same(&job.messages().concat(), &text);
}

/// 2^20 bytes, no part of which is like another.
fn megabyte_of_text() -> String {
    const BYTES: usize = 1 << 20;
    let mut text = String::with_capacity(BYTES + 256);
    for (number, piece) in TEXTS.iter().cycle().enumerate() {
        write!(text, "{number}{piece}").expect("a string takes everything");
        if text.len() >= BYTES {
            break;
        }
    }
    text.truncate(text.floor_char_boundary(BYTES));
    text.extend(std::iter::repeat_n('.', BYTES - text.len()));
    text
}

/// Compares without showing a megabyte.
#[track_caller]
fn assert_same(found: &str, expected: &str) {
    if found != expected {
        let same = found.bytes().zip(expected.bytes()).take_while(|(found, expected)| found == expected).count();
        panic!("{} bytes instead of {}, other ones from byte {same} on", found.len(), expected.len());
    }
}

pub(super) fn failure_messages(subject: &mut Subject) {
    for text in TEXTS {
        let view = subject.start(&json!({ "behaviour": "permanent", "text": text })).ended();
        assert_eq!(error_of(view).message, text);
    }
}
