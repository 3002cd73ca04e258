//! Reaching for what nobody granted: each must be answered with an error that the module can handle, never with a trap.

use cofferdam_text_guest::TextGuest;

use super::super::row::{Expected, Row, run};

const SECRETS: &str = "secrets of the host";
const FILES: &str = "files";
pub(super) const NETWORK: &str = "the network";
/// It was answered with the error `access-denied`.
const DENIED: Expected = Expected::Answers(&[1, 1]);

/// Makes a socket and, if that is allowed, does this with 127.0.0.1 and a port; tells whether it failed, and how.
fn socket(kind: &str, call: &str) -> String {
    format!(
        "(call ${kind} (i32.const 0) (i32.const 64))
         (if (i32.load8_u (i32.const 64))
           (then (i32.store8 (i32.const 65) (i32.load8_u (i32.const 68))))
           (else
             (call ${call} (i32.load (i32.const 68)) (call $network) (i32.const 0) (i32.const 7171)
               (i32.const 127) (i32.const 0) (i32.const 0) (i32.const 1)
               (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 64))))
         (i32.store16 (i32.const 240) (i32.load16_u (i32.const 64)))
         (call $tell (i32.load8_u (i32.const 240))) (call $tell (i32.load8_u (i32.const 241)))"
    )
}

/// Sends a request in clear (0) or over TLS (1), and tells whether that failed, and how.
pub(super) fn request(scheme: u8, authority: &str) -> TextGuest {
    let (length, path) = (authority.len(), 4096 + authority.len());
    run(&format!(
        "(local $request i32) (local $answer i32)
        (local.set $request (call $http_request (call $fields)))
        (drop (call $http_scheme (local.get $request) (i32.const 1) (i32.const {scheme}) (i32.const 0) (i32.const 0)))
        (drop (call $http_authority (local.get $request) (i32.const 1) (i32.const 4096) (i32.const {length})))
        (drop (call $http_path (local.get $request) (i32.const 1) (i32.const {path}) (i32.const 8)))
        (call $http_send (local.get $request) (i32.const 0) (i32.const 0) (i32.const 5120))
        (if (i32.load8_u (i32.const 5120))
          (then (local.set $answer (i32.const 5120)))
          (else
            (local.set $request (i32.load (i32.const 5128)))
            (call $block (call $http_answered (local.get $request)))
            (call $http_answer (local.get $request) (i32.const 5120))
            (local.set $answer (i32.const 5136))))
        (call $tell (i32.load8_u (local.get $answer))) (call $tell (i32.load8_u offset=8 (local.get $answer)))"
    ))
    .with_text(&format!("{authority}/healthz"))
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        Row::job(
            "read-the-environment",
            SECRETS,
            "counts the variables and arguments that it can see",
            Expected::Answers(&[0, 0]),
            run("(call $get_environment (i32.const 64)) (call $tell (i32.load (i32.const 68)))
                (call $get_arguments (i32.const 64)) (call $tell (i32.load (i32.const 68)))"),
        ),
        Row::job(
            "read-standard-input",
            SECRETS,
            "reads from standard input, which is closed",
            Expected::Answers(&[1, 1]),
            run("(call $read (call $stdin) (i64.const 100) (i32.const 64))
                (i32.store (i32.const 240) (i32.load8_u (i32.const 68)))
                (call $tell (i32.load8_u (i32.const 64))) (call $tell (i32.load (i32.const 240)))"),
        ),
        Row::job(
            "look-for-folders",
            FILES,
            "counts the folders that it can reach",
            Expected::Answers(&[0]),
            run("(call $get_directories (i32.const 64)) (call $tell (i32.load (i32.const 68)))"),
        ),
        Row::job(
            "connect-by-tcp",
            NETWORK,
            "connects to a port of the host by TCP",
            DENIED,
            run(&socket("tcp_socket", "tcp_connect")),
        ),
        Row::job(
            "listen-by-tcp",
            NETWORK,
            "binds a port of the host by TCP",
            DENIED,
            run(&socket("tcp_socket", "tcp_bind")),
        ),
        Row::job(
            "bind-by-udp",
            NETWORK,
            "binds a port of the host by UDP",
            DENIED,
            run(&socket("udp_socket", "udp_bind")),
        ),
        Row::job(
            "resolve-a-name",
            NETWORK,
            "asks for the addresses of a name",
            Expected::Answers(&[1, 20]),
            run("(call $resolve (call $network) (i32.const 4096) (i32.const 9) (i32.const 64))
                (i32.store (i32.const 240) (i32.load8_u (i32.const 68)))
                (call $tell (i32.load8_u (i32.const 64))) (call $tell (i32.load (i32.const 240)))")
            .with_text("localhost"),
        ),
        Row::job(
            "send-by-http",
            NETWORK,
            "sends an HTTP request to the host",
            Expected::Answers(&[1, 15]),
            request(0, "127.0.0.1:7171"),
        ),
    ]
}
