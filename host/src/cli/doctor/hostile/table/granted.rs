//! Going beyond a grant. The grants are such as every host allows by default: limits, and servers over TLS.

use super::super::row::{Expected, Row, run};
use super::processor::{PROCESSOR, SPIN};
use super::reach::{NETWORK, request};

const IN_CLEAR: u8 = 0;
const OVER_TLS: u8 = 1;
/// It was answered with the error `HTTP-request-denied`.
const DENIED: Expected = Expected::Answers(&[1, 15]);
/// It was answered with the error `destination-IP-prohibited`.
const PROHIBITED: Expected = Expected::Answers(&[1, 4]);
const LOCALHOST: &str = r#"{"http": ["localhost"]}"#;

pub(super) fn rows() -> Vec<Row> {
    vec![
        Row::job(
            "spend-its-processor-time",
            PROCESSOR,
            "was granted 300 ms on a processor, and loops for ever",
            Expected::Fails("cpu-limit", "used up its time on a processor"),
            run(SPIN),
        )
        .granted(r#"{"limits": {"cpu_time": "300ms"}}"#),
        Row::job(
            "call-this-machine-by-name",
            NETWORK,
            "was granted `localhost`, and sends a request there",
            PROHIBITED,
            request(OVER_TLS, "localhost"),
        )
        .granted(LOCALHOST),
        Row::job(
            "call-a-clouds-metadata",
            NETWORK,
            "was granted 169.254.169.254, and sends a request there",
            PROHIBITED,
            request(OVER_TLS, "169.254.169.254"),
        )
        .granted(r#"{"http": ["169.254.169.254"]}"#),
        Row::job(
            "call-another-port",
            NETWORK,
            "was granted `localhost`, and sends a request to another port of it",
            DENIED,
            request(OVER_TLS, "localhost:8443"),
        )
        .granted(LOCALHOST),
        Row::job(
            "call-in-clear",
            NETWORK,
            "was granted `localhost` over TLS, and sends a request without",
            DENIED,
            request(IN_CLEAR, "localhost:443"),
        )
        .granted(LOCALHOST),
        Row::job(
            "call-the-name-above",
            NETWORK,
            "was granted every name below `example.org`, and sends a request to that name itself",
            DENIED,
            request(OVER_TLS, "example.org"),
        )
        .granted(r#"{"http": ["*.example.org"]}"#),
    ]
}
