//! Reaching for the network, which nobody granted.

use std::net::{TcpListener, UdpSocket};

use serde_json::json;

use super::bounds::{HOST, complete};

#[test]
pub(super) fn open_sockets() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.set_nonblocking(true).expect("a socket can");
    let port = listener.local_addr().expect("it is bound").port();
    let datagrams = UdpSocket::bind(("127.0.0.1", port)).expect("nobody else has the number for datagrams");
    datagrams.set_nonblocking(true).expect("a socket can");
    let host = HOST.host();
    let job = complete(&host, json!({ "behaviour": "open_sockets", "port": port }));
    assert_eq!(job.data().len(), 4, "each attempt was answered with an error: {:?}", job.data());
    assert!(listener.accept().is_err(), "a connection came through");
    assert!(datagrams.recv(&mut [0]).is_err(), "a datagram came through");
}
