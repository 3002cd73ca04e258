//! A job's log as server-sent events: stored lines, then live ones, on one sequence.

use serde_json::json;

use crate::harness::{EventStream, Host, Message, Request, Shared, Status, assert_dense, lines_and_end};

static HOST: Shared = Shared::new();

fn seqs(messages: &[Message]) -> Vec<u64> {
    messages
        .iter()
        .map(|message| match message {
            Message::Log(line) => line.seq,
            other @ (Message::Gap { .. } | Message::End { .. }) => panic!("{other:?} among the lines"),
        })
        .collect()
}

#[test]
fn an_ended_job_streams_its_whole_log_and_then_its_status() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "flood_log", "lines": 3000, "bytes": 200}));
    job.reaches(Status::Completed);
    let (lines, status) = lines_and_end(job.events(0).read_to_end());
    assert_eq!((lines.len(), status), (3000, Status::Completed));
    assert_eq!(lines, job.log(), "a stream and the pages tell the same");
}

#[test]
fn a_running_job_streams_what_is_stored_and_then_what_comes() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "honour_stop_request"}));
    job.says("waiting for a stop request");
    let mut events = job.events(0);
    let stored = events.next().expect("the stored line");
    assert!(matches!(&stored, Message::Log(line) if line.message == "waiting for a stop request"), "{stored:?}");
    job.stop();
    let followed = events.next().expect("the live line");
    assert!(
        matches!(&followed, Message::Log(line) if line.message == "asked to stop" && line.seq == 2),
        "{followed:?}"
    );
    assert_eq!(events.read_to_end(), [Message::End { status: Status::Stopped, last_seq: 2 }]);
}

#[test]
fn a_stream_opened_before_the_first_line_misses_nothing() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "count", "to": 50, "pause_ms": 5}));
    let (lines, status) = lines_and_end(job.events(0).read_to_end());
    assert_eq!(status, Status::Completed);
    assert_dense(&lines);
    assert_eq!(lines, job.log());
}

#[test]
fn a_pending_job_can_be_followed_and_its_end_without_a_line_is_told() {
    let host = Host::with(&["node.slots=1"]);
    let first = host.hostile(json!({"behaviour": "sleep_for_ever"}));
    first.reaches(Status::Running);
    let second = host.hostile(json!({"behaviour": "count"}));
    let events = second.events(0);
    second.stop();
    assert_eq!(events.read_to_end(), [Message::End { status: Status::Stopped, last_seq: 0 }]);
    first.stop_and_wait();
}

#[test]
fn reconnects_while_a_guest_logs_leave_neither_hole_nor_repeat() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "flood_log", "lines": 40_000, "bytes": 60}));
    let (mut seen, mut connections) = (Vec::new(), 0);
    let end = loop {
        connections += 1;
        let mut events = job.events(seen.len() as u64);
        // Some are cut in the middle of a page, some at its beginning.
        let some: Vec<_> = events.by_ref().take(700 * connections).collect();
        match some.split_last() {
            Some((Message::End { status, last_seq }, lines)) => {
                seen.extend(seqs(lines));
                break (*status, *last_seq);
            }
            _ => seen.extend(seqs(&some)),
        }
    };
    assert!(connections > 5, "{connections} connections");
    assert_eq!(end, (Status::Completed, 40_000));
    assert!(seen.into_iter().eq(1..=40_000), "the lines of all connections together are 1, 2, 3 …");
}

#[test]
fn the_last_event_id_goes_before_after_and_after_the_end_the_answer_is_204() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "flood_log", "lines": 10, "bytes": 10}));
    job.reaches(Status::Completed);
    let open = |query: &str, id: &str| {
        Request::new("GET", &job.path(&format!("/logs/stream{query}"))).header("last-event-id", id)
    };

    let mut events = EventStream::open(&host, open("?after=2", "8"));
    let first = events.next().expect("a line");
    assert!(matches!(first, Message::Log(line) if line.seq == 9));
    assert_eq!(events.last_event_id, "9");
    let rest: Vec<_> = events.by_ref().collect();
    assert_eq!(rest.last(), Some(&Message::End { status: Status::Completed, last_seq: 10 }));
    assert_eq!(events.last_event_id, "10", "a browser that reconnects after the end says so");

    let answer = host.send(open("", "10")).expect(204);
    assert!(answer.body.is_empty());
    host.send(open("", "x")).problem(400, "invalid_header");
    host.send(open("?batch=perhaps", "1")).problem(400, "invalid_query");
}

#[test]
fn a_resumed_job_streams_on_after_its_old_end() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "honour_stop_request"}));
    job.says("waiting for a stop request");
    job.stop_and_wait();
    assert_eq!(job.events(2).read_to_end(), [Message::End { status: Status::Stopped, last_seq: 2 }]);
    job.go_on();
    let mut events = job.events(2);
    assert!(matches!(events.next(), Some(Message::Log(line)) if (line.seq, line.attempt) == (3, 2)));
    job.stop_and_wait();
    let rest = events.read_to_end();
    assert_eq!(rest.last(), Some(&Message::End { status: Status::Stopped, last_seq: 4 }));
}

#[test]
fn many_readers_of_one_log_all_see_the_same() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "count", "to": 200, "pause_ms": 2}));
    let readers: Vec<_> = (0..20)
        .map(|_| {
            let events = job.events(0);
            std::thread::spawn(move || lines_and_end(events.read_to_end()))
        })
        .collect();
    let seen: Vec<_> = readers.into_iter().map(|reader| reader.join().expect("a reader")).collect();
    let log = job.log();
    assert!(seen.iter().all(|(lines, status)| *lines == log && *status == Status::Completed));
}
