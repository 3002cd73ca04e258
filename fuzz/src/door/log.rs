//! What modules print and log.

use cofferdam::cli::fuzzing::shown;
use cofferdam::domain::log::cut;
use cofferdam::sandbox::fuzzing::split_lines;

/// A stream's bytes as lines: none is too long, nothing is lost, and it does not matter how they were written. The first
/// two bytes are the longest line and how much is written at once.
pub(crate) fn lines(input: &[u8]) {
    let [line_bytes, step, written @ ..] = input else { return };
    let (line_bytes, step) = (usize::from(*line_bytes).max(4), usize::from(*step).max(1));
    let lines = split_lines(written, step, line_bytes);
    assert_eq!(lines, split_lines(written, usize::MAX, line_bytes));
    // An invalid byte becomes a character of three.
    assert!(lines.iter().all(|(line, _)| line.len() <= 3 * line_bytes));
    if let Ok(text) = std::str::from_utf8(written)
        && !text.contains('\r')
    {
        assert!(lines.iter().all(|(line, _)| line.len() <= line_bytes));
        let joined = lines.iter().enumerate().fold(String::new(), |joined, (at, (line, continued))| {
            joined + if at > 0 && !continued { "\n" } else { "" } + line
        });
        assert_eq!(joined, text.strip_suffix('\n').unwrap_or(text));
    }
}

/// A logged text, cut and shown. The first byte is the longest line.
pub(crate) fn texts(input: &[u8]) {
    let [line_bytes, text @ ..] = input else { return };
    let (line_bytes, text) = (usize::from(*line_bytes), String::from_utf8_lossy(text));
    let parts: Vec<&str> = cut(&text, line_bytes).collect();
    assert_eq!(parts.concat(), text);
    assert!(parts.iter().all(|part| part.len() <= line_bytes.max(4)));
    shown(&text);
}
