//! Log lines on their way to the store: packed as they come, so that nothing is built twice.

use crate::domain::{LogLevel, LogSource, Timestamp};
use crate::store::PackedLine;

/// A chunk is handed over when it holds this much.
pub(super) const CHUNK_BYTES: usize = 64 << 10;

/// One line to log.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'m> {
    pub(super) time: Timestamp,
    pub(super) level: LogLevel,
    pub(super) source: LogSource,
    pub(super) continued: bool,
    pub(super) message: &'m str,
}

/// Lines that are not handed over yet.
pub(super) struct ChunkBuilder {
    json: String,
    lines: u64,
    message_bytes: u64,
}

/// Lines packed for the store.
pub(super) struct Packed {
    pub(super) json: String,
    pub(super) lines: u64,
    pub(super) message_bytes: u64,
}

impl ChunkBuilder {
    pub(super) fn new() -> Self {
        Self { json: String::from("["), lines: 0, message_bytes: 0 }
    }

    pub(super) fn push(&mut self, line: Line<'_>) {
        if self.lines > 0 {
            self.json.push(',');
        }
        let packed = PackedLine(line.time.millis(), line.level, line.source, line.continued, line.message);
        self.json.push_str(&serde_json::to_string(&packed).expect("a line of text is always JSON"));
        self.lines += 1;
        self.message_bytes += line.message.len() as u64;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines == 0
    }

    pub(super) fn bytes(&self) -> usize {
        self.json.len()
    }

    pub(super) fn is_full(&self) -> bool {
        self.bytes() >= CHUNK_BYTES
    }

    /// Takes the lines out; the builder starts anew.
    pub(super) fn take(&mut self) -> Packed {
        let Self { mut json, lines, message_bytes } = std::mem::replace(self, Self::new());
        json.push(']');
        Packed { json, lines, message_bytes }
    }
}
