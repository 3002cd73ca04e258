//! A log stream as it comes from the socket, looked at as little as checking it allows: that its lines are numbered 1, 2,
//! 3 … without hole or repeat, and that its end says so.
//!
//! Nothing is copied but lines that two reads share, and no JSON is read. Else the reader would be what a measurement of
//! the host measures.

use anyhow::{Context, Result, bail, ensure};
use memchr::{memchr, memmem};

const LOG: &[u8] = br#"data: {"type":"log","seq":"#;
const END: &[u8] = br#"data: {"type":"end","#;
const GAP: &[u8] = br#"data: {"type":"gap","#;

/// One stream: the answer to `GET /v1/jobs/{id}/logs/stream` from its first byte.
pub(crate) struct Numbers {
    part: Part,
    /// What came of a line that is not whole yet: of the content, and of what surrounds it.
    begun: Vec<u8>,
    size: Vec<u8>,
    last: u64,
    has_ended: bool,
}

/// What comes next.
enum Part {
    Head,
    /// The line with a chunk's size.
    Size,
    /// So many bytes of a chunk.
    Chunk(usize),
    /// The line break after a chunk.
    Break,
}

impl Numbers {
    pub(crate) const fn new() -> Self {
        Self { part: Part::Head, begun: Vec::new(), size: Vec::new(), last: 0, has_ended: false }
    }

    /// The number of the last line.
    pub(crate) const fn last(&self) -> u64 {
        self.last
    }

    /// Whether the stream has said that the job has completed.
    pub(crate) const fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// Takes the next bytes; each line of the log is shown with its number.
    pub(crate) fn take(&mut self, mut bytes: &[u8], show: &mut dyn FnMut(u64, &[u8])) -> Result<()> {
        while !bytes.is_empty() {
            bytes = match self.part {
                Part::Head => self.take_head(bytes)?,
                Part::Size => self.take_size(bytes)?,
                Part::Chunk(left) => {
                    let count = left.min(bytes.len());
                    self.part = if count == left { Part::Break } else { Part::Chunk(left - count) };
                    self.take_content(&bytes[..count], show)?;
                    &bytes[count..]
                }
                Part::Break => match memchr(b'\n', bytes) {
                    Some(at) => {
                        self.part = Part::Size;
                        &bytes[at + 1..]
                    }
                    None => &[],
                },
            };
        }
        Ok(())
    }

    fn take_head<'b>(&mut self, bytes: &'b [u8]) -> Result<&'b [u8]> {
        let before = self.begun.len();
        self.begun.extend_from_slice(bytes);
        let Some(at) = memmem::find(&self.begun, b"\r\n\r\n") else { return Ok(&[]) };
        let is_taken = self.begun.starts_with(b"HTTP/1.1 200 ");
        ensure!(is_taken, "the stream was refused: {}", String::from_utf8_lossy(&self.begun));
        self.begun.clear();
        self.part = Part::Size;
        Ok(&bytes[at + 4 - before..])
    }

    fn take_size<'b>(&mut self, bytes: &'b [u8]) -> Result<&'b [u8]> {
        let Some(at) = memchr(b'\n', bytes) else {
            ensure!(self.size.len() < 32, "a chunk's size that does not end");
            self.size.extend_from_slice(bytes);
            return Ok(&[]);
        };
        self.size.extend_from_slice(&bytes[..at]);
        let digits = str::from_utf8(&self.size).ok().map(|size| size.split(';').next().unwrap_or_default().trim());
        let size = digits.and_then(|digits| usize::from_str_radix(digits, 16).ok());
        let size = size.with_context(|| format!("chunk size `{}`", String::from_utf8_lossy(&self.size)))?;
        self.size.clear();
        self.part = if size == 0 { Part::Break } else { Part::Chunk(size) };
        Ok(&bytes[at + 1..])
    }

    fn take_content(&mut self, mut content: &[u8], show: &mut dyn FnMut(u64, &[u8])) -> Result<()> {
        while let Some(at) = memchr(b'\n', content) {
            if self.begun.is_empty() {
                self.take_line(&content[..at], show)?;
            } else {
                let mut line = std::mem::take(&mut self.begun);
                line.extend_from_slice(&content[..at]);
                self.take_line(&line, show)?;
                line.clear();
                self.begun = line;
            }
            content = &content[at + 1..];
        }
        self.begun.extend_from_slice(content);
        Ok(())
    }

    fn take_line(&mut self, line: &[u8], show: &mut dyn FnMut(u64, &[u8])) -> Result<()> {
        let text = || String::from_utf8_lossy(line);
        if let Some(rest) = line.strip_prefix(LOG) {
            let number = leading_number(rest);
            ensure!(number == self.last + 1, "after line {} came: {}", self.last, text());
            self.last = number;
            show(number, line);
        } else if line.starts_with(END) {
            let finder = br#""last_seq":"#;
            let at = memmem::find(line, finder).with_context(|| format!("an end without a number: {}", text()))?;
            let last = leading_number(&line[at + finder.len()..]);
            ensure!(last == self.last, "the last line is {}, and the end says {last}", self.last);
            ensure!(memmem::find(line, br#""completed""#).is_some(), "the job has not completed: {}", text());
            self.has_ended = true;
        } else if line.starts_with(GAP) {
            bail!("lines were left out: {}", text());
        }
        Ok(())
    }
}

fn leading_number(text: &[u8]) -> u64 {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";

    fn event(number: u64) -> String {
        format!("id: {number}\ndata: {{\"type\":\"log\",\"seq\":{number},\"message\":\"x\"}}\n\n")
    }

    fn end(last: u64) -> String {
        format!("id: {last}\ndata: {{\"type\":\"end\",\"status\":\"completed\",\"last_seq\":{last}}}\n\n")
    }

    /// In chunks of so many bytes.
    fn answer(body: &str, bytes: usize) -> Vec<u8> {
        let chunks = body.as_bytes().chunks(bytes);
        let chunk = |chunk: &[u8]| [format!("{:X}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat();
        [HEAD.as_bytes(), &chunks.flat_map(chunk).collect::<Vec<u8>>(), b"0\r\n\r\n"].concat()
    }

    fn read(answer: &[u8], at_once: usize) -> Result<(Numbers, Vec<u64>)> {
        let (mut numbers, mut seen) = (Numbers::new(), Vec::new());
        for bytes in answer.chunks(at_once) {
            numbers.take(bytes, &mut |number, _| seen.push(number))?;
        }
        Ok((numbers, seen))
    }

    #[test]
    fn lines_are_counted_however_the_stream_is_cut() {
        let body = [": still here\n\n", &event(1), &event(2), &event(3), &end(3)].concat();
        for chunk in [1, 7, 64, 1000] {
            for at_once in [1, 5, 100, 10_000] {
                let (numbers, seen) = read(&answer(&body, chunk), at_once).expect("it is in order");
                assert_eq!(seen, [1, 2, 3], "chunks of {chunk}, reads of {at_once}");
                assert!(numbers.has_ended() && numbers.last() == 3);
            }
        }
    }

    #[test]
    fn holes_repeats_refusals_and_wrong_ends_are_errors() {
        let failed = end(1).replace("completed", "failed");
        for body in [event(2), event(1) + &event(1), event(1) + &end(2), event(1) + &failed] {
            assert!(read(&answer(&body, 50), 20).is_err(), "{body}");
        }
        let gap = "data: {\"type\":\"gap\",\"from\":1,\"to\":2,\"reason\":\"retention\"}\n\n";
        assert!(read(&answer(gap, 50), 20).is_err());
        assert!(read(b"HTTP/1.1 429 Too Many Requests\r\n\r\n", 100).is_err());
        let (numbers, _) = read(&answer(&event(1), 50), 20).expect("so far it is in order");
        assert!(!numbers.has_ended());
    }
}
