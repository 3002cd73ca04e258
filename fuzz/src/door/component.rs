//! Uploads, up to the point where a component would be compiled.

use std::sync::LazyLock;

use cofferdam::sandbox::fuzzing;
use cofferdam_text_guest::TextGuest;

/// A sound module.
static SOUND: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let run = "(call $print (call $stdout) (i32.const 4096) (i32.const 2) (i32.const 64)) (call $tell (i32.const 7))";
    TextGuest { run: run.to_owned(), ..TextGuest::named("sound") }.with_text("hi").component()
});

/// Any bytes.
pub(crate) fn upload(bytes: &[u8]) {
    fuzzing::component(bytes);
}

/// A sound module in which each three bytes of the input change one: two say where, the third how.
pub(crate) fn component(edits: &[u8]) {
    let mut bytes = SOUND.clone();
    for edit in edits.chunks_exact(3) {
        let at = usize::from(u16::from_le_bytes([edit[0], edit[1]])) % bytes.len();
        bytes[at] = edit[2];
    }
    fuzzing::component(&bytes);
}
