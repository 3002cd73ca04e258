//! HTTPS: who is believed at the other end.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use serde_json::{Value, json};

use crate::harness::{Guest, Host, Job, Level, Source, Status, WebServer, cofferdam};

const OPEN: [&str; 2] = ["grants.http=https://*:*", "grants.private_networks=127.0.0.0/8"];

/// Has the guest ask the server at this port by its name; gives the answer and what the log says.
fn asked(host: &Host, port: u16) -> (Value, Vec<String>) {
    let authority = format!("localhost:{port}");
    host.grant(Guest::Hostile, &json!({ "http": [{ "host": format!("https://{authority}"), "private": true }] }));
    let call = json!({ "scheme": "https", "authority": authority, "path": "/hello" });
    let job = host.hostile(json!({ "behaviour": "call_out", "calls": [call] }));
    job.reaches(Status::Completed);
    (job.data().remove(0), warnings(&job))
}

fn warnings(job: &Job) -> Vec<String> {
    let of_host = job.log().into_iter().filter(|line| line.source == Source::Host && line.level == Level::Warn);
    of_host.map(|line| line.message).collect()
}

#[test]
fn an_authority_is_trusted_only_where_the_operator_says_so_and_for_its_names() {
    let (server, root) = WebServer::start_tls("localhost");
    let (other, other_root) = WebServer::start_tls("other.example");
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.display().to_string()
    };
    let begin = |server: &WebServer| {
        format!("module cannot reach https://localhost:{}: its certificate is not trusted: ", server.port())
    };

    let host = Host::with(&OPEN);
    let (answer, said) = asked(&host, server.port());
    assert_eq!(answer["error"], "ErrorCode::TlsCertificateError", "{answer}");
    let expected = begin(&server) + "no authority that this host knows has signed it (setting grants.http_roots)";
    assert_eq!(said, [expected]);

    let roots = format!("grants.http_roots={},{}", file("one.pem", &root), file("other.pem", &other_root));
    let host = Host::with(&[OPEN[0], OPEN[1], &roots]);
    let (answer, said) = asked(&host, server.port());
    assert_eq!(
        (&answer["status"], &answer["body"], said.len()),
        (&json!(200), &json!("hello"), 0),
        "{answer} {said:?}"
    );

    // The authority is trusted, but the certificate is somebody else's.
    let (answer, said) = asked(&host, other.port());
    assert_eq!(answer["error"], "ErrorCode::TlsCertificateError", "{answer}");
    assert!(said.len() == 1 && said[0].starts_with(&begin(&other)) && said[0].contains("other.example"), "{said:?}");
    assert!(other.asked().is_empty());
}

#[test]
fn what_speaks_no_tls_is_no_https() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("it is bound").port();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // The answer is read before the connection ends only if everything that was sent has been.
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
        }
    });
    let (answer, said) = asked(&Host::with(&OPEN), port);
    assert_eq!((&answer["error"], said.len()), (&json!("ErrorCode::TlsProtocolError"), 0), "{said:?}");
}

#[test]
fn a_file_without_certificates_is_named_at_the_start() {
    let output = cofferdam(["serve", "--listen", "127.0.0.1:0", "--set", "grants.http_roots=/dev/null"]).output();
    let output = output.expect("it can be started");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("grants.http_roots") && said.contains("`/dev/null` is no file with certificates"), "{said}");
}
