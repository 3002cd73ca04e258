//! A log stream as server-sent events: each line is one event whose `id` is its number.

use super::message::MessageJson;
use crate::api::stream::sse::Source;
use crate::scheduler::{LogEvent, LogSubscription, StreamCut};

impl Source for LogSubscription {
    type Event = LogEvent;

    async fn next(&mut self) -> Result<Option<LogEvent>, StreamCut> {
        Self::next(self).await
    }

    fn messages(event: &LogEvent) -> impl Iterator<Item = (String, Vec<u8>)> + Send {
        MessageJson::each(event).map(|message| {
            let mut text = Vec::with_capacity(256);
            message.write_to(&mut text);
            (message.position().to_string(), text)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::stream::PIECE_BYTES;
    use crate::api::stream::sse::encode;
    use crate::domain::{LogLevel, LogLine, LogSource, Status, Timestamp};

    fn line(seq: u64, message: &str) -> LogLine {
        LogLine {
            seq,
            time: Timestamp::from_millis(0),
            attempt: 1,
            level: LogLevel::Info,
            source: LogSource::Guest,
            message: message.to_owned(),
            continued: false,
        }
    }

    #[test]
    fn each_message_is_one_event_with_its_number() {
        let lines = LogEvent::Lines(vec![line(1, "a\nb"), line(2, "c")]);
        let text: Vec<u8> = encode(LogSubscription::messages(&lines)).flatten().collect();
        let text = String::from_utf8(text).expect("text");
        let events: Vec<_> = text.split_terminator("\n\n").collect();
        assert_eq!(events.len(), 2, "{text}");
        assert!(events[0].starts_with("id: 1\ndata: {\"type\":\"log\",\"seq\":1,"), "{text}");
        assert!(events[0].contains(r"a\nb") && events[0].lines().count() == 2, "{text}");
        assert!(events[1].starts_with("id: 2\ndata: "), "{text}");
        let end = LogEvent::End { status: Status::Failed, last_seq: 2 };
        let text: Vec<u8> = encode(LogSubscription::messages(&end)).flatten().collect();
        assert_eq!(text, b"id: 2\ndata: {\"type\":\"end\",\"status\":\"failed\",\"last_seq\":2}\n\n");
    }

    #[test]
    fn a_page_goes_out_in_few_pieces_of_bounded_size() {
        let message = "x".repeat(1000);
        let lines = LogEvent::Lines((1..=1000).map(|seq| line(seq, &message)).collect());
        let pieces: Vec<_> = encode(LogSubscription::messages(&lines)).collect();
        assert!(pieces.len() < 20, "{}", pieces.len());
        assert!(pieces.iter().all(|piece| piece.len() < PIECE_BYTES + 2000));
        assert_eq!(pieces.concat().windows(4).filter(|part| part == b"id: ").count(), 1000);
    }
}
