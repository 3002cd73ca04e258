//! Reaching for the network, by WASI's own calls: a C library for wasm without sockets, such as Debian's, builds it too.

use cofferdam_sdk::{Failure, Job};
use schemars::JsonSchema;
use serde::Deserialize;
use wasip2::sockets::instance_network::instance_network;
use wasip2::sockets::ip_name_lookup::resolve_addresses;
use wasip2::sockets::network::{ErrorCode, IpAddressFamily, IpSocketAddress, Ipv4SocketAddress};
use wasip2::sockets::tcp_create_socket::create_tcp_socket;
use wasip2::sockets::udp::OutgoingDatagram;
use wasip2::sockets::udp_create_socket::create_udp_socket;

use crate::behaviour::Behave;
use crate::reach_out::refused;

/// Tries to connect, to listen, to send a datagram and to look up a name.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct OpenSockets {
    /// A port of this machine that something listens on, so that a refusal can only be the sandbox's.
    #[serde(default = "any_port")]
    port: u16,
}

impl Behave for OpenSockets {
    fn behave(self, job: &Job) -> Result<(), Failure> {
        refused(job, "connect by TCP", connect(self.port))?;
        refused(job, "listen on TCP", listen())?;
        refused(job, "send a datagram", send_datagram(self.port))?;
        refused(job, "look up a name", look_up("localhost"))
    }
}

fn connect(port: u16) -> Result<(), ErrorCode> {
    let socket = create_tcp_socket(IpAddressFamily::Ipv4)?;
    socket.start_connect(&instance_network(), loopback(port))?;
    socket.subscribe().block();
    socket.finish_connect().map(drop)
}

fn listen() -> Result<(), ErrorCode> {
    let socket = create_tcp_socket(IpAddressFamily::Ipv4)?;
    socket.start_bind(&instance_network(), loopback(0))?;
    socket.subscribe().block();
    socket.finish_bind()?;
    socket.start_listen()?;
    socket.subscribe().block();
    socket.finish_listen()
}

fn send_datagram(port: u16) -> Result<(), ErrorCode> {
    let socket = create_udp_socket(IpAddressFamily::Ipv4)?;
    socket.start_bind(&instance_network(), loopback(0))?;
    socket.subscribe().block();
    socket.finish_bind()?;
    let (_, outgoing) = socket.stream(None)?;
    outgoing.subscribe().block();
    outgoing.check_send()?;
    let datagram = OutgoingDatagram { data: b"hostile".to_vec(), remote_address: Some(loopback(port)) };
    outgoing.send(&[datagram]).map(drop)
}

fn look_up(name: &str) -> Result<(), ErrorCode> {
    let addresses = resolve_addresses(&instance_network(), name)?;
    addresses.subscribe().block();
    addresses.resolve_next_address().map(drop)
}

const fn loopback(port: u16) -> IpSocketAddress {
    IpSocketAddress::Ipv4(Ipv4SocketAddress { port, address: (127, 0, 0, 1) })
}

fn any_port() -> u16 {
    80
}
