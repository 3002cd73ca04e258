//! One job, asked over HTTP.

use serde::Deserialize;
use serde_json::{Value, json};

use super::client::{Answer, Client, Request};
use super::stream::EventStream;
use super::views::{JobView, LogLine, LogPage, Message, ResultRow, Status, StopAnswer};
use super::wait::eventually;
use super::web_socket::LogSocket;

/// A job that was started.
#[derive(Clone)]
pub(crate) struct Job {
    client: Client,
    pub(crate) id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResultPage {
    results: Vec<ResultRow>,
    next_after: u64,
}

impl Job {
    pub(super) fn new(client: &Client, id: &str) -> Self {
        Self { client: client.clone(), id: id.to_owned() }
    }

    /// The path of something that a job has, such as `/logs`; of itself for an empty text.
    pub(crate) fn path(&self, part: &str) -> String {
        format!("/v1/jobs/{}{part}", self.id)
    }

    #[track_caller]
    pub(crate) fn get(&self, part: &str) -> Answer {
        self.client.get(&self.path(part))
    }

    #[track_caller]
    pub(crate) fn show(&self) -> JobView {
        self.get("").read(200)
    }

    /// Waits until something is true of the job. Fails at once when it has ended and can never become true.
    #[track_caller]
    pub(crate) fn until(&self, what: &str, is_true: impl Fn(&JobView) -> bool) -> JobView {
        eventually(what, || {
            let job = self.show();
            let found = is_true(&job);
            assert!(found || !job.status.is_ended(), "waited for this: {what}; but the job ended: {job:#?}");
            found.then_some(job)
        })
    }

    /// Waits until the job has this status.
    #[track_caller]
    pub(crate) fn reaches(&self, status: Status) -> JobView {
        self.until(&format!("the job is {status:?}"), |job| job.status == status)
    }

    /// Waits for the end, whichever it is.
    #[track_caller]
    pub(crate) fn ended(&self) -> JobView {
        self.until("the job has ended", |job| job.status.is_ended())
    }

    /// Waits until this is a line of the log.
    #[track_caller]
    pub(crate) fn says(&self, message: &str) -> LogLine {
        eventually(&format!("`{message}` in the log"), || self.log().into_iter().find(|line| line.message == message))
    }

    #[track_caller]
    pub(crate) fn stop(&self) -> StopAnswer {
        self.client.send(Request::new("POST", &self.path("/stop"))).read(200)
    }

    /// Asks for the stop and waits for the end.
    #[track_caller]
    pub(crate) fn stop_and_wait(&self) -> StopAnswer {
        self.client.send(Request::new("POST", &self.path("/stop?wait=true"))).read(200)
    }

    #[track_caller]
    pub(crate) fn resume(&self, body: &Value) -> Answer {
        self.client.post(&self.path("/resume"), body)
    }

    /// Resumes from the last checkpoint.
    #[track_caller]
    pub(crate) fn go_on(&self) -> JobView {
        self.resume(&json!({})).read(200)
    }

    #[track_caller]
    pub(crate) fn delete(&self) -> Answer {
        self.client.delete(&self.path(""))
    }

    #[track_caller]
    pub(crate) fn log_page(&self, query: &str) -> LogPage {
        self.get(&format!("/logs?{query}")).read(200)
    }

    /// The whole log so far, page by page.
    #[track_caller]
    pub(crate) fn log(&self) -> Vec<LogLine> {
        let mut log = Vec::new();
        let mut after = 0;
        loop {
            let page = self.log_page(&format!("after={after}&limit=1000"));
            if page.lines.is_empty() {
                return log;
            }
            log.extend(page.lines);
            after = page.next_after;
        }
    }

    /// The messages of the log so far.
    #[track_caller]
    pub(crate) fn messages(&self) -> Vec<String> {
        self.log().into_iter().map(|line| line.message).collect()
    }

    /// The log as server-sent events, after the line with this number.
    #[track_caller]
    pub(crate) fn events(&self, after: u64) -> EventStream {
        EventStream::open(&self.client, Request::new("GET", &self.path(&format!("/logs/stream?after={after}"))))
    }

    /// The log as a WebSocket, with this query.
    #[track_caller]
    pub(crate) fn web_socket(&self, query: &str) -> LogSocket {
        LogSocket::open(self.client.address(), &self.path(&format!("/logs/stream?{query}")))
    }

    /// The results that count.
    #[track_caller]
    pub(crate) fn results(&self) -> Vec<ResultRow> {
        self.all_results("superseded=false")
    }

    /// The results that count and those that do not any more.
    #[track_caller]
    pub(crate) fn results_with_superseded(&self) -> Vec<ResultRow> {
        self.all_results("superseded=true")
    }

    /// The data of the results that count.
    #[track_caller]
    pub(crate) fn data(&self) -> Vec<Value> {
        self.results().into_iter().map(|row| row.data).collect()
    }

    #[track_caller]
    fn all_results(&self, query: &str) -> Vec<ResultRow> {
        let mut results = Vec::new();
        let mut after = 0;
        loop {
            let page: ResultPage = self.get(&format!("/results?after={after}&limit=1000&{query}")).read(200);
            if page.results.is_empty() {
                return results;
            }
            results.extend(page.results);
            after = page.next_after;
        }
    }
}

/// Fails unless the numbers are 1, 2, 3 … without a hole or a repeat.
#[track_caller]
pub(crate) fn assert_dense(lines: &[LogLine]) {
    for (expected, line) in (1..).zip(lines) {
        assert_eq!(line.seq, expected, "the log's numbers have a hole or a repeat: {line:?}");
    }
}

/// The lines of a stream that has ended well: everything but its last message.
#[track_caller]
pub(crate) fn lines_and_end(mut messages: Vec<Message>) -> (Vec<LogLine>, Status) {
    let Some(Message::End { status, last_seq }) = messages.pop() else {
        panic!("the stream did not end with `end`");
    };
    let lines: Vec<_> = messages
        .into_iter()
        .map(|message| match message {
            Message::Log(line) => line,
            other @ (Message::Gap { .. } | Message::End { .. }) => panic!("{other:?} among the lines"),
        })
        .collect();
    assert_eq!(lines.last().map_or(last_seq, |line| line.seq), last_seq, "lines are missing before the end");
    (lines, status)
}
