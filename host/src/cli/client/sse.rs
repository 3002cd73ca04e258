//! Reads server-sent events, as the HTML standard defines their lines.

use std::io::{self, BufRead};

/// One event.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Event {
    /// The data, its lines joined.
    pub(in crate::cli) data: String,
    /// The newest id so far.
    pub(in crate::cli) id: Option<String>,
}

/// Takes events off a stream.
#[derive(Debug)]
pub(in crate::cli) struct EventReader<R> {
    lines: R,
    last_id: Option<String>,
    at_start: bool,
}

impl<R: BufRead> EventReader<R> {
    /// Reads from the beginning of a stream.
    pub(in crate::cli) const fn new(lines: R) -> Self {
        Self { lines, last_id: None, at_start: true }
    }

    /// The next event; `None` at the end of the stream. What was begun and not ended by an empty line is no event.
    pub(in crate::cli) fn next(&mut self) -> io::Result<Option<Event>> {
        let mut data: Option<String> = None;
        while let Some(line) = self.line()? {
            if line.is_empty() {
                if let Some(data) = data.take() {
                    return Ok(Some(Event { data, id: self.last_id.clone() }));
                }
                continue;
            }
            let (name, value) = line.split_once(':').unwrap_or((&line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match name {
                "data" => match &mut data {
                    Some(data) => {
                        data.push('\n');
                        data.push_str(value);
                    }
                    None => data = Some(value.to_owned()),
                },
                "id" if !value.contains('\0') => self.last_id = Some(value.to_owned()),
                // A line that begins with a colon keeps the connection alive; `event` and `retry` are not used.
                _ => {}
            }
        }
        Ok(None)
    }

    /// One line without its end; `None` at the end of the stream, also in the middle of a line.
    fn line(&mut self) -> io::Result<Option<String>> {
        let mut bytes = Vec::new();
        self.lines.read_until(b'\n', &mut bytes)?;
        if bytes.pop() != Some(b'\n') {
            return Ok(None);
        }
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
        let mut line = String::from_utf8_lossy(&bytes).into_owned();
        if std::mem::take(&mut self.at_start) && line.starts_with('\u{feff}') {
            line.remove(0);
        }
        Ok(Some(line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(stream: &str) -> Vec<Event> {
        let mut reader = EventReader::new(stream.as_bytes());
        std::iter::from_fn(|| reader.next().expect("bytes in memory")).collect()
    }

    fn event(data: &str, id: Option<&str>) -> Event {
        Event { data: data.to_owned(), id: id.map(str::to_owned) }
    }

    #[test]
    fn events_have_data_of_several_lines_and_keep_the_last_id() {
        let stream = "\u{feff}: hello\n\nid: 1\ndata: {\"a\":1}\n\ndata:x\ndata:  y\nretry: 5\n\n:\n\nid\ndata\r\n\r\n";
        assert_eq!(events(stream), [event("{\"a\":1}", Some("1")), event("x\n y", Some("1")), event("", Some(""))]);
    }

    #[test]
    fn an_event_that_was_cut_off_is_none() {
        assert_eq!(events("data: whole\n\ndata: half\n"), [event("whole", None)]);
        assert_eq!(events("data: whole\n\ndata: ha"), [event("whole", None)]);
    }
}
