//! A job's log as a WebSocket.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;
use tungstenite::protocol::frame::coding::CloseCode;

use crate::harness::{Host, Message, Request, Shared, Status, assert_dense, lines_and_end};

static HOST: Shared = Shared::new();

#[test]
fn each_frame_holds_one_message_and_the_host_closes_after_the_end() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "flood_log", "lines": 1500, "bytes": 50}));
    let mut socket = job.web_socket("");
    let mut messages = Vec::new();
    let closed = loop {
        match socket.frame() {
            Ok(frame) => {
                assert_eq!(frame.len(), 1);
                messages.extend(frame);
            }
            Err(closed) => break closed,
        }
    };
    assert_eq!(closed, Some(CloseCode::Normal));
    let (lines, status) = lines_and_end(messages);
    assert_eq!((lines.len(), status), (1500, Status::Completed));
    assert_eq!(lines, job.log());
}

#[test]
fn a_batch_holds_many_messages_and_loses_none() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "flood_log", "lines": 20_000, "bytes": 50}));
    job.reaches(Status::Completed);
    let mut socket = job.web_socket("batch=true");
    let (mut messages, mut frames) = (Vec::new(), 0);
    while let Ok(frame) = socket.frame() {
        frames += 1;
        messages.extend(frame);
    }
    assert!(frames < 2_000, "{frames} frames for 20,000 lines");
    let (lines, _) = lines_and_end(messages);
    assert_dense(&lines);
    assert_eq!(lines.len(), 20_000);
}

#[test]
fn reconnects_while_a_guest_logs_leave_neither_hole_nor_repeat() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "flood_log", "lines": 40_000, "bytes": 60}));
    let (mut lines, mut connections) = (Vec::new(), 0);
    'reading: loop {
        connections += 1;
        let mut socket = job.web_socket(&format!("after={}", lines.len()));
        for _ in 0..700 * connections {
            match socket.frame().expect("the stream ends with `end`").pop() {
                Some(Message::Log(line)) => lines.push(line),
                Some(Message::End { status, last_seq }) => {
                    assert_eq!((status, last_seq), (Status::Completed, 40_000));
                    break 'reading;
                }
                other => panic!("{other:?} among the lines"),
            }
        }
    }
    assert!(connections > 5, "{connections} connections");
    assert_dense(&lines);
    assert_eq!(lines.len(), 40_000);
}

#[test]
fn what_a_client_says_is_ignored() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "honour_stop_request"}));
    job.says("waiting for a stop request");
    let mut socket = job.web_socket("after=0");
    for text in ["", "hello", "{\"type\": \"end\"}", &"x".repeat(10_000)] {
        socket.send(text).expect("the connection is open");
    }
    job.stop();
    let (messages, closed) = socket.read_to_end();
    assert_eq!((messages.len(), closed), (3, Some(CloseCode::Normal)));
}

#[test]
fn a_message_larger_than_any_client_needs_ends_its_connection_and_nothing_else() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "honour_stop_request"}));
    job.says("waiting for a stop request");
    let mut socket = job.web_socket("after=1");
    let other = job.web_socket("after=1");
    // The host may cut it off before it is sent as a whole, or after.
    drop(socket.send(&"x".repeat(1 << 20)));
    let (messages, _) = socket.read_to_end();
    assert_eq!(messages, []);
    job.stop();
    assert_eq!(other.read_to_end().0.len(), 2);
}

#[test]
fn a_wrong_handshake_is_refused_as_a_problem() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "count", "to": 1}));
    let request = Request::new("GET", &job.path("/logs/stream"));
    let request = request.header("connection", "upgrade").header("upgrade", "websocket");
    host.send(request.header("sec-websocket-version", "7")).problem(400, "bad_upgrade");

    let nobody = host.job("01890a5d-ac96-774b-bcce-b302099a8057");
    let address = host.address();
    let stream = TcpStream::connect(address).expect("the host listens");
    let refused = tungstenite::client(format!("ws://{address}{}", nobody.path("/logs/stream")), stream);
    let Err(tungstenite::HandshakeError::Failure(tungstenite::Error::Http(response))) = refused else {
        panic!("the handshake was not refused")
    };
    assert_eq!(response.status(), 404);
}

#[test]
fn a_reader_that_does_not_read_slows_nobody_and_is_cut_off() {
    let host = Host::with(&["node.stream_send_time=500ms", "job.log=64 MiB"]);
    let stalled: Vec<_> = {
        let job = host.hostile(json!({"behaviour": "flood_log", "lines": 60_000, "bytes": 400}));
        (0..5).map(|_| job.web_socket("")).chain([job.web_socket("batch=true")]).collect()
    };
    let beside = host.hostile(json!({"behaviour": "flood_log", "lines": 60_000, "bytes": 400}));
    let started = Instant::now();
    let (lines, status) = lines_and_end(beside.events(0).read_to_end());
    assert_eq!((lines.len(), status), (60_000, Status::Completed));
    assert!(started.elapsed() < Duration::from_secs(45), "{:?} beside stalled readers", started.elapsed());
    // Longer than the host waits for them: they get what was under way, and then no `end`.
    std::thread::sleep(Duration::from_secs(2));
    for socket in stalled {
        let (messages, closed) = socket.read_to_end();
        assert!(!messages.iter().any(|message| matches!(message, Message::End { .. })), "it kept up after all");
        assert!(matches!(closed, None | Some(CloseCode::Again)), "{closed:?}");
    }
    assert_eq!(host.status().jobs.completed, 2);
}

#[test]
fn one_address_may_hold_only_so_many_streams() {
    let host = Host::start();
    let job = host.hostile(json!({"behaviour": "honour_stop_request"}));
    job.says("waiting for a stop request");
    let mut sockets: Vec<_> = (0..64).map(|_| job.web_socket("after=1")).collect();
    let answer = host.get(&job.path("/logs/stream"));
    assert!(!answer.header("retry-after").is_empty());
    answer.problem(429, "too_many_streams");
    sockets.pop();
    crate::harness::eventually("a place is free again", || {
        let request = Request::new("GET", &job.path("/logs/stream?after=1"));
        (host.open(request).expect("an answer").status() == 200).then_some(())
    });
    job.stop_and_wait();
}
