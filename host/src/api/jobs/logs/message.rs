//! What a log stream says: lines, gaps and the end, as JSON.

use serde::Serialize;
use utoipa::ToSchema;

use super::super::job_json::StatusJson;
use super::page::LineJson;
use crate::domain::Status;
use crate::scheduler::LogEvent;

/// One message of a log stream.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
#[schema(as = LogMessage)]
pub(crate) enum MessageJson<'l> {
    /// The next line.
    Log(LineJson<'l>),
    /// Numbered lines that retention has removed.
    Gap {
        /// The first of them.
        from: u64,
        /// The last of them.
        to: u64,
        /// Why they are gone.
        reason: &'l str,
    },
    /// The job has ended; nothing follows.
    End {
        /// How.
        #[schema(value_type = StatusJson)]
        status: Status,
        /// The number of its last line.
        last_seq: u64,
    },
}

impl<'l> MessageJson<'l> {
    /// The messages of one event, in order.
    pub(crate) fn each(event: &'l LogEvent) -> Box<dyn Iterator<Item = Self> + Send + 'l> {
        match event {
            LogEvent::Lines(lines) => Box::new(lines.iter().map(|line| Self::Log(line.into()))),
            LogEvent::Gap { from, to, reason } => Box::new(std::iter::once(Self::Gap { from: *from, to: *to, reason })),
            LogEvent::End { status, last_seq } => {
                Box::new(std::iter::once(Self::End { status: *status, last_seq: *last_seq }))
            }
        }
    }

    /// Where a reader stands that has this message: the number to go on after.
    pub(crate) const fn position(&self) -> u64 {
        match self {
            Self::Log(line) => line.seq,
            Self::Gap { to, .. } => *to,
            Self::End { last_seq, .. } => *last_seq,
        }
    }

    /// Appends the message as JSON without line breaks.
    pub(crate) fn write_to(&self, buffer: &mut Vec<u8>) {
        serde_json::to_writer(buffer, self).expect("messages have text keys and go to memory");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::document::assert_documented;
    use crate::domain::{LogLevel, LogLine, LogSource, Timestamp};

    #[test]
    fn each_message_looks_as_the_api_says() {
        let line = LogLine {
            seq: 7,
            time: Timestamp::from_millis(1_700_000_000_042),
            attempt: 2,
            level: LogLevel::Warn,
            source: LogSource::Stderr,
            message: "one\ntwo".to_owned(),
            continued: true,
        };
        let lines = LogEvent::Lines(vec![line]);
        let gap = LogEvent::Gap { from: 1, to: 6, reason: "retention" };
        let end = LogEvent::End { status: Status::Completed, last_seq: 7 };
        let shown: Vec<_> = [&lines, &gap, &end]
            .into_iter()
            .flat_map(MessageJson::each)
            .map(|message| (message.position(), serde_json::to_value(message).expect("JSON")))
            .collect();
        let expected = serde_json::json!([
            [7, {"type": "log", "seq": 7, "time": "2023-11-14T22:13:20.042Z", "attempt": 2, "level": "warn",
                 "source": "stderr", "message": "one\ntwo", "continued": true}],
            [6, {"type": "gap", "from": 1, "to": 6, "reason": "retention"}],
            [7, {"type": "end", "status": "completed", "last_seq": 7}],
        ]);
        assert_eq!(serde_json::to_value(&shown).expect("JSON"), expected);
        let mut line = shown[0].1.clone();
        line.as_object_mut().expect("an object").remove("type");
        assert_documented("LogLine", &line);
    }
}
