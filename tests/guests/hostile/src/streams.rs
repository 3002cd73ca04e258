//! The standard streams, which the host turns into log lines.

use std::io::{Write, stderr, stdout};

use cofferdam_sdk::{Failure, Job};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::behaviour::Behave;

/// Writes what a line reader could stumble over: invalid UTF-8, a character cut in two by a flush, a carriage return,
/// an empty line, and a last line without its end, on both streams.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct WriteStreams {}

impl Behave for WriteStreams {
    fn behave(self, _: &Job) -> Result<(), Failure> {
        write_pieces(&mut stdout().lock(), b"out")?;
        write_pieces(&mut stderr().lock(), b"err")?;
        Ok(())
    }
}

/// Lines as a reader should see them, with `NAME` for the stream's: `NAME: plain`, `NAME: bad \u{fffd} byte`,
/// `NAME: cut ä`, an empty line, `NAME: no end`.
fn write_pieces(stream: &mut impl Write, name: &[u8]) -> Result<(), Failure> {
    let pieces: [&[u8]; 5] = [b": plain\r\n", b": bad \xff byte\n", b": cut \xc3", b"\xa4\n\n", b": no end"];
    for (number, piece) in pieces.into_iter().enumerate() {
        // The fourth piece ends the line of the third.
        if number != 3 {
            stream.write_all(name)?;
        }
        stream.write_all(piece)?;
        stream.flush()?;
    }
    Ok(())
}

/// Writes to stdout as fast as it can, without ever ending the line.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct FloodStdout {
    /// How many bytes, rounded up to 64 KiB; for ever unless given.
    bytes: Option<u64>,
}

impl Behave for FloodStdout {
    fn behave(self, _: &Job) -> Result<(), Failure> {
        let piece = vec![b'x'; 64 * 1024];
        let mut stdout = stdout().lock();
        let mut left = self.bytes.unwrap_or(u64::MAX);
        while left > 0 {
            stdout.write_all(&piece)?;
            left = left.saturating_sub(piece.len() as u64);
        }
        stdout.flush()?;
        Ok(())
    }
}
