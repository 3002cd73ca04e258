//! Server-sent events: the data of each, as JSON.

use std::io::{BufRead, BufReader};

use anyhow::{Context, Result};
use serde_json::Value;

use super::http::Body;

/// The events of one answer.
pub(super) struct EventStream<'a> {
    lines: BufReader<Body<'a>>,
}

impl<'a> EventStream<'a> {
    pub(super) fn new(body: Body<'a>) -> Self {
        Self { lines: BufReader::new(body) }
    }
}

impl Iterator for EventStream<'_> {
    type Item = Result<Value>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut data = String::new();
        let mut line = String::new();
        loop {
            line.clear();
            match self.lines.read_line(&mut line) {
                Ok(0) => return None,
                Err(error) => return Some(Err(error).context("the event stream broke off")),
                Ok(_) => {}
            }
            let content = line.trim_end_matches(['\r', '\n']);
            if let Some(more) = content.strip_prefix("data:") {
                data.push_str(more);
            } else if content.is_empty() && !data.is_empty() {
                let event = serde_json::from_str(&data);
                return Some(event.with_context(|| format!("an event that is no JSON: {data}")));
            }
        }
    }
}
