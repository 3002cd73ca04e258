//! Splits what a guest writes to one stream into lines. A line that is cut is not cut through a known secret.

use crate::sandbox::masking::Masker;

/// Bytes of one stream that are not yet a line. Never holds more than one line and the longest secret.
#[derive(Debug, Default)]
pub(super) struct Lines {
    rest: Vec<u8>,
    /// Whether a part of this line was given out already.
    continued: bool,
}

/// One line without its line break, or a part of one that was too long.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) message: String,
    pub(super) continued: bool,
}

impl Lines {
    /// Takes bytes, gives lines of at most `line_bytes` bytes (before invalid UTF-8 is replaced), but for the secrets at
    /// their ends.
    pub(super) fn push(
        &mut self,
        mut bytes: &[u8],
        line_bytes: usize,
        masker: Option<&Masker>,
        mut give: impl FnMut(Line),
    ) {
        let kept_back = masker.map_or(0, |masker| masker.longest() - 1);
        while !bytes.is_empty() {
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let line = &bytes[..end.unwrap_or(bytes.len())];
            // Only as much as fits: what the guest wrote at once may be far longer than a line.
            let room = (line_bytes + kept_back).saturating_sub(self.rest.len());
            if line.len() > room {
                self.rest.extend_from_slice(&line[..room]);
                bytes = &bytes[room..];
                give(self.part(line_bytes, masker));
                continue;
            }
            self.rest.extend_from_slice(line);
            match end {
                Some(end) => {
                    bytes = &bytes[end + 1..];
                    // What ends lines on Windows is a line break too.
                    self.rest.pop_if(|last| *last == b'\r');
                    give(self.line());
                }
                None => return,
            }
        }
    }

    /// The last line, if the guest did not end it.
    pub(super) fn finish(&mut self) -> Option<Line> {
        (!self.rest.is_empty()).then(|| self.line())
    }

    fn line(&mut self) -> Line {
        let message = text(std::mem::take(&mut self.rest));
        Line { message, continued: std::mem::take(&mut self.continued) }
    }

    /// A full line's worth of what is there; a character or a secret that is not complete yet stays.
    fn part(&mut self, line_bytes: usize, masker: Option<&Masker>) -> Line {
        let end = masker.map_or(line_bytes, |masker| masker.cut_before(&self.rest, line_bytes));
        let kept = self.rest.split_off(complete(&self.rest[..end]));
        let message = text(std::mem::replace(&mut self.rest, kept));
        Line { message, continued: std::mem::replace(&mut self.continued, true) }
    }
}

/// How many of the bytes do not belong to a character that is cut off at the end; never none of them.
fn complete(bytes: &[u8]) -> usize {
    let start = (1..=bytes.len().min(3)).map(|back| bytes.len() - back).find(|at| bytes[*at] & 0xc0 != 0x80);
    let Some(start) = start else { return bytes.len() };
    let needed = match bytes[start] {
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf7 => 4,
        _ => 1,
    };
    if start > 0 && bytes.len() - start < needed { start } else { bytes.len() }
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// A door for `fuzz/`: the lines of what was written so many bytes at a time, each with whether it goes on another.
#[doc(hidden)]
pub fn split_lines(written: &[u8], step: usize, line_bytes: usize) -> Vec<(String, bool)> {
    split_lines_around(None, written, step, line_bytes)
}

/// The same for a guest that has secrets.
pub(in crate::sandbox) fn split_lines_around(
    masker: Option<&Masker>,
    written: &[u8],
    step: usize,
    line_bytes: usize,
) -> Vec<(String, bool)> {
    let (mut lines, mut out) = (Lines::default(), Vec::new());
    let most = line_bytes + masker.map_or(0, Masker::longest);
    for bytes in written.chunks(step) {
        lines.push(bytes, line_bytes, masker, |line| out.push((line.message, line.continued)));
        assert!(lines.rest.len() <= most, "never more than one line and a secret is held");
    }
    out.extend(lines.finish().map(|line| (line.message, line.continued)));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_do_not_depend_on_how_they_were_written() {
        for step in [1, 2, 3, 7, 100] {
            let lines = split_lines("one\n\ntwo €\r\n\rrest\r".as_bytes(), step, 64);
            let expected = ["one", "", "two €", "\rrest\r"].map(|line| (line.to_owned(), false));
            assert_eq!(lines, expected, "{step} bytes at a time");
        }
    }

    #[test]
    fn an_endless_line_is_cut_between_characters_and_loses_nothing() {
        let written = "aé€😀".repeat(100);
        for step in [1, 5, 4096] {
            let lines = split_lines(written.as_bytes(), step, 16);
            assert_eq!(lines.iter().map(|(line, _)| line.as_str()).collect::<String>(), written);
            assert!(lines.iter().all(|(line, _)| line.len() <= 16));
            assert!(lines.iter().enumerate().all(|(at, (_, continued))| *continued == (at > 0)));
        }
    }

    #[test]
    fn a_line_that_just_fits_has_no_continuation() {
        assert_eq!(split_lines(b"12345678\nab\n", 5, 8), [("12345678".to_owned(), false), ("ab".to_owned(), false)]);
    }

    #[test]
    fn invalid_utf8_is_replaced_and_cannot_hold_up_the_stream() {
        assert_eq!(split_lines(b"a\xffb\n", 4, 8), [("a\u{fffd}b".to_owned(), false)]);
        let lines = split_lines(&[0x80; 40], 7, 8);
        assert_eq!(lines.len(), 5);
        assert_eq!(split_lines(&[0xf0; 9], 9, 8).iter().map(|(line, _)| line.chars().count()).sum::<usize>(), 9);
    }
}
