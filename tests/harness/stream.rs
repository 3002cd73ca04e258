//! Server-sent events, as the WHATWG's living standard reads them.

use std::io::{BufRead, BufReader};
use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use ureq::BodyReader;

use super::client::{Client, Request};
use super::views::Message;

/// The events of one answer, read while they come; each holds one message.
pub(crate) struct EventStream<M = Message> {
    lines: BufReader<BodyReader<'static>>,
    /// The last event's id, as a browser would send it back.
    pub(crate) last_event_id: String,
    messages: PhantomData<M>,
}

impl<M: DeserializeOwned> EventStream<M> {
    #[track_caller]
    pub(crate) fn open(client: &Client, request: Request) -> Self {
        let response = client.open(request).expect("the stream opens");
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self {
            lines: BufReader::new(response.into_body().into_reader()),
            last_event_id: String::new(),
            messages: PhantomData,
        }
    }

    /// Reads to the end of the answer; whether it ended well the messages tell.
    pub(crate) fn read_to_end(self) -> Vec<M> {
        self.collect()
    }
}

impl<M: DeserializeOwned> Iterator for EventStream<M> {
    type Item = M;

    /// Nothing also when the host died in the middle.
    fn next(&mut self) -> Option<M> {
        let mut data = Vec::new();
        let mut line = String::new();
        loop {
            line.clear();
            if self.lines.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let content = line.strip_suffix('\n').expect("the host ends what it sends with line feeds");
            match content.split_once(": ").unwrap_or((content, "")) {
                ("id", id) => id.clone_into(&mut self.last_event_id),
                ("data", piece) => data.push(piece.to_owned()),
                ("", _) if content.starts_with(':') => {}
                ("", "") if data.is_empty() => {}
                ("", "") => {
                    let data = data.join("\n");
                    return Some(serde_json::from_str(&data).unwrap_or_else(|error| panic!("{error} in {data}")));
                }
                _ => panic!("no field that this API sends: `{content}`"),
            }
        }
    }
}
