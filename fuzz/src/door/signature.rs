//! Signatures of minisign, and the keys that they are checked with.

use cofferdam::registry::fuzzing::believes;

/// A key, and its signature of the bytes `test`.
const KEY: &str = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
const SIGNATURE: &str = "untrusted comment: signature from minisign secret key
RUQf6LRCGA9i559r3g7V1qNyJDApGip8MfqcadIgT9CuhV3EMhHoN1mGTkUidF/z7SrlQgXdy8ofjb7bNJJylDOocrCo8KLzZwo=
trusted comment: timestamp:1633700835\tfile:test\tprehashed
wLMDjy9FLAuxZ3q4NlEvkgtyhrr0gtTu6KC4KBJdITbbOeAi1zBIYo0v4iTgt8jJpIidRJnp94ABQkJAgAooBQ==";
const SIGNED: &[u8] = b"test";

/// Nothing is believed but that one signature of those bytes, whatever is written around it. The input is parted at NULs:
/// a signature, what it should be of, and a key.
pub(crate) fn signature(input: &[u8]) {
    let mut parts = input.splitn(3, |byte| *byte == 0);
    let (written, component) = (parts.next().unwrap_or_default(), parts.next().unwrap_or(SIGNED));
    if believes(KEY, SIGNATURE, component) == Some(true) {
        assert_eq!(component, SIGNED);
    }
    if let Ok(text) = std::str::from_utf8(written) {
        only_the_known_one(text, component);
        if let Some(key) = parts.next().and_then(|key| std::str::from_utf8(key).ok()) {
            believes(key, text, component);
            let own = believes(key, SIGNATURE, SIGNED) == Some(true);
            assert!(!own || key.trim() == KEY, "`{key}` is another key");
        }
    }
    if let Ok(text) = String::from_utf8(changed(input)) {
        only_the_known_one(&text, SIGNED);
    }
}

fn only_the_known_one(text: &str, component: &[u8]) {
    // The first line is anybody's; the others are what was signed, and with what.
    let signed = |text: &str| text.lines().skip(1).take(3).map(|line| line.trim().to_owned()).collect::<Vec<_>>();
    if believes(KEY, text, component) == Some(true) {
        assert_eq!((component, signed(text)), (SIGNED, signed(SIGNATURE)));
    }
}

/// The known signature, in which each two bytes of the input change one.
fn changed(edits: &[u8]) -> Vec<u8> {
    let mut text = SIGNATURE.as_bytes().to_vec();
    for edit in edits.chunks_exact(2) {
        let at = usize::from(edit[0]) % text.len();
        text[at] = edit[1];
    }
    text
}
