//! A job's log as server-sent events: stored lines, then live ones, on one sequence.

use std::io::{self, Write as _};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpStream};

use rustix::net::{AddressFamily, SocketType, bind, connect, socket};
use serde_json::json;

use crate::harness::{
    EventStream, Host, Job, Message, Request, Shared, Status, assert_dense, eventually, lines_and_end,
};

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

/// A reader that asks for the log and then never reads. One address may have 64 streams, so more come from several.
fn stalled_reader(from: Ipv4Addr, host: SocketAddr, job: &Job) -> io::Result<TcpStream> {
    let socket = socket(AddressFamily::INET, SocketType::STREAM, None)?;
    bind(&socket, &SocketAddrV4::new(from, 0))?;
    connect(&socket, &host)?;
    let mut stream = TcpStream::from(socket);
    write!(stream, "GET {} HTTP/1.1\r\nhost: {host}\r\n\r\n", job.path("/logs/stream"))?;
    Ok(stream)
}

/// Resident memory, in KiB.
fn resident_kib(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("the process is there");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a process has memory");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

#[test]
fn a_hundred_readers_that_do_not_read_cost_little_and_are_cut_off() {
    // Long enough that all of them stall at the same time.
    let mut host = Host::with(&["node.stream_send_time=20s"]);
    let job = host.hostile(json!({"behaviour": "flood_log", "lines": 100_000, "bytes": 400}));
    job.reaches(Status::Completed);
    let before = resident_kib(host.process().id());
    let readers: Vec<TcpStream> = (0..100)
        .map(|number| stalled_reader(Ipv4Addr::new(127, 0, 0, 1 + number % 2), host.address(), &job))
        .collect::<io::Result<_>>()
        .expect("they connect");
    let beside = host.hostile(json!({"behaviour": "flood_log", "lines": 20_000, "bytes": 100}));
    let (lines, status) = lines_and_end(beside.events(0).read_to_end());
    assert_eq!((lines.len(), status), (20_000, Status::Completed));
    assert_dense(&lines);
    // Each holds a page of 1,000 lines and its pieces, about a megabyte; the log has forty.
    let grown = resident_kib(host.process().id()).saturating_sub(before);
    assert!(grown < 256 * 1024, "{grown} KiB for a hundred readers");
    // Who takes nothing for so long is cut off, and its seat is free.
    eventually("all are cut off", || readers.iter().all(is_cut).then_some(()));
}

/// Whether the host has closed the connection, seen without reading what came before.
fn is_cut(reader: &TcpStream) -> bool {
    let failed = reader.take_error().expect("a socket has a state").is_some();
    failed || (&*reader).write_all(b" ").is_err()
}
