//! The client against a server that says exactly what a test wants.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;

use super::*;
use crate::cli::failure::Verbosity;
use crate::cli::output::{Bar, Look};
use crate::cli::{Exit, Failure};
use crate::domain::{JobId, Status};

const JOB: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

/// Answers one connection after the other with the given bytes, and gives what was asked.
fn server(answers: Vec<String>) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    let asked = std::thread::spawn(move || {
        let answer = |answer: &String| {
            let (mut stream, _) = listener.accept().expect("a connection");
            let request = request(&stream);
            stream.write_all(answer.as_bytes()).expect("the client reads");
            request
        };
        answers.iter().map(answer).collect()
    });
    (url, asked)
}

fn request(stream: &TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a line");
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a number");
        }
        head.push_str(&line);
        if line == "\r\n" {
            let mut body = vec![0; length];
            reader.read_exact(&mut body).expect("the body");
            return head + &String::from_utf8_lossy(&body);
        }
    }
}

fn json(status: &str, body: &str) -> String {
    let head = format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\nconnection: close\r\n");
    format!("{head}content-length: {}\r\n\r\n{body}", body.len())
}

fn events(events: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n{events}")
}

fn line(seq: u64) -> String {
    format!(
        "id: {seq}\ndata: {{\"type\":\"log\",\"seq\":{seq},\"time\":\"2026-01-01T00:00:00.000Z\",\"attempt\":1,\
         \"level\":\"info\",\"source\":\"guest\",\"message\":\"m\"}}\n\n"
    )
}

fn job() -> JobId {
    JOB.parse().expect("an id")
}

fn brief(failure: &Failure) -> String {
    failure.render(Look::Plain, Verbosity::Brief)
}

/// Follows and gives the numbers of the lines, or `gap`.
fn followed(url: &str) -> (Vec<String>, Result<Option<Status>, Failure>) {
    let client = Client::new(url, None, None).expect("an address");
    let mut seen = Vec::new();
    let status = LogFollower::new(&client, job(), 0).impatient().run(|message, _| {
        match message {
            Followed::Log(line) => seen.push(line.seq.to_string()),
            Followed::Gap { from, to, .. } => seen.push(format!("{from}-{to}")),
            Followed::End { .. } | Followed::Unknown => {}
        }
        Ok(())
    });
    (seen, status)
}

#[test]
fn a_cut_log_is_taken_up_again_without_a_hole_or_a_repeat() {
    let half = "data: {\"type\":\"log\",\"seq\":3";
    let end = "data: {\"type\":\"end\",\"status\":\"stopped\",\"last_seq\":9}\n\n";
    let gap = "data: {\"type\":\"gap\",\"from\":4,\"to\":7,\"reason\":\"retention\"}\n\n";
    let (url, asked) = server(vec![
        events(&format!("{}{}: alive\n\n{half}", line(1), line(2))),
        json("503 Service Unavailable", "{\"detail\":\"shutting down\"}"),
        events(&format!("{}{}{gap}", line(2), line(3))),
        events(&format!("data: {{\"type\":\"later\"}}\n\n{}{}{end}", line(8), line(9))),
    ]);
    let (seen, status) = followed(&url);
    assert_eq!(seen, ["1", "2", "3", "4-7", "8", "9"]);
    assert_eq!(status, Ok(Some(Status::Stopped)));
    let asked = asked.join().expect("the server ran");
    let after: Vec<_> = asked.iter().map(|request| request.lines().next().unwrap_or_default()).collect();
    let path = |after| format!("GET /v1/jobs/{JOB}/logs/stream?after={after} HTTP/1.1");
    assert_eq!(after, [path(0), path(2), path(2), path(7)]);
}

#[test]
fn following_ends_at_once_when_nothing_more_comes_or_nobody_answers_at_first() {
    let (url, _) = server(vec!["HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n".to_owned()]);
    assert_eq!(followed(&url), (Vec::new(), Ok(None)));
    let (url, _) = server(vec![json("404 Not Found", "{\"detail\":\"there is no job\",\"code\":\"unknown_job\"}")]);
    assert!(followed(&url).1.is_err_and(|failure| brief(&failure).contains("there is no job")));
}

#[test]
fn nobody_there_says_how_to_start_a_server() {
    let unused = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
    let url = format!("http://{unused}");
    let failure = Client::new(&url, None, None).expect("an address").status().expect_err("nobody listens");
    assert_eq!(failure.exit(), Exit::Failed);
    let text = brief(&failure);
    assert!(text.contains(&url) && text.contains("refused") && text.contains("`cofferdam serve`"), "{text}");
    assert!(followed(&url).1.is_err_and(|failure| brief(&failure).contains("`cofferdam serve`")));
}

#[test]
fn a_request_carries_token_body_and_query() {
    let answers =
        vec![json("201 Created", "{\"id\":1}"), json("200 OK", "{\"jobs\":[{\"a\":1.10}],\"next_cursor\":\"x\"}")];
    let (url, asked) = server(answers);
    let client = Client::new(&format!("{url}/"), Some("secret"), None).expect("an address");
    assert_eq!(
        client.add_module((b"\0asm", &Bar::hidden()), AddQuery { replace: true, dry_run: false }, Origin::default()),
        Ok(("{\"id\":1}".to_owned(), Added::New))
    );
    let query = JobQuery {
        schedule: None,
        status: Some(Status::Failed),
        module: "a@1.0.0".parse().ok(),
        labels: vec![("team".to_owned(), "a b".to_owned()), ("stage".to_owned(), "=".to_owned())],
        limit: 5,
        cursor: Some("a&b=c".to_owned()),
    };
    let page = client.jobs(&query).expect("a page");
    assert_eq!(page.entries.iter().map(|entry| entry.get()).collect::<Vec<_>>(), ["{\"a\":1.10}"]);
    assert_eq!(page.next.as_deref(), Some("x"));
    let asked = asked.join().expect("the server ran");
    assert!(asked[0].starts_with("POST /v1/modules?replace=true HTTP/1.1\r\n"), "{}", asked[0]);
    assert!(asked[0].contains("application/wasm") && asked[0].ends_with("\r\n\r\n\0asm"), "{}", asked[0]);
    assert!(asked[0].to_ascii_lowercase().contains("authorization: bearer secret"), "{}", asked[0]);
    assert!(
        asked[1]
            .contains("status=failed&module_id=a%401.0.0&labels=team%3Da%20b%2Cstage%3D%3D&limit=5&cursor=a%26b%3Dc"),
        "{}",
        asked[1]
    );
}

#[test]
fn an_answer_that_is_not_understood_is_a_failure_and_not_a_panic() {
    let (url, _) = server(vec![json("200 OK", "<html>")]);
    let client = Client::new(&url, None, None).expect("an address");
    let failure = client.jobs(&JobQuery::default()).expect_err("HTML is no JSON");
    assert!(brief(&failure).contains("was not understood"), "{}", brief(&failure));
}

#[test]
fn an_address_that_is_none_is_wrong_usage() {
    for url in ["", "localhost:7171", "ftp://x", "http://", "http://a/path", "http://a b"] {
        let failure = Client::new(url, None, None).expect_err(url);
        assert!(failure.exit() == Exit::Usage && brief(&failure).contains("http://127.0.0.1:7171"), "{url}");
    }
}
