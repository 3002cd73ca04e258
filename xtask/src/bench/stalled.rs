//! What readers that never read cost those who log: lines a second with a hundred of them and without.

use std::io::{self, Write as _};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpStream};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use rustix::net::{AddressFamily, SocketType, bind, connect, socket};

use super::idle::cpu_time;
use super::log_lines::{Flood, flood};
use super::report::{Figure, Goal, Report, median};
use crate::server::{Api, Server, Start};

/// Readers that stall.
pub(super) const READERS: u8 = 100;
/// What they ask for: far more than what the kernel takes in for them.
const THEIR_LOG: Flood = Flood { jobs: 1, lines: 200_000 };
const OTHERS: Flood = Flood { jobs: 4, lines: 100_000 };
/// Between two looks whether the host still sends to the readers, and how long that may last.
const LOOK: Duration = Duration::from_millis(400);
const PATIENCE: Duration = Duration::from_mins(1);
/// With and without readers in turn, so that a change of the machine's mood meets both.
const TURNS: usize = 5;

/// On a host of its own, in an empty folder, with a module's bytes.
pub(super) fn measure(binary: &Path, folder: &Path, module: &[u8], report: &mut Report) -> Result<()> {
    let settings = ["node.stream_send_time=5m".to_owned()];
    let server = Server::start(&Start { settings: &settings, ..Start::usual(binary, "127.0.0.1:0", folder) })?;
    let address = server.address();
    let mut api = Api::connect(address)?;
    api.add_module(module)?;
    let (ids, _) = flood(&mut api, address, &THEIR_LOG)?;
    let mut rates = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        rates.0.push(flood(&mut api, address, &OTHERS)?.1);
        let readers = (0..READERS).map(|number| stall(Ipv4Addr::new(127, 0, 0, 1 + number % 2), address, &ids[0]));
        let readers = readers.collect::<io::Result<Vec<TcpStream>>>()?;
        wait_until_quiet(server.pid())?;
        rates.1.push(flood(&mut api, address, &OTHERS)?.1);
        drop(readers);
    }
    report.add(Figure {
        key: "log_lines_beside_stalled_readers_ratio".into(),
        what: format!("log lines a second beside {READERS} stalled readers, to those without; medians of {TURNS}"),
        value: median(rates.1) / median(rates.0),
        unit: "×",
        goal: Some(Goal::AtLeast(0.95)),
    });
    server.stop()
}

/// Until then the host fills what the kernel takes in for each of them, some megabytes; only then they stall.
fn wait_until_quiet(pid: u32) -> Result<()> {
    let start = Instant::now();
    let mut before = cpu_time(pid)?;
    loop {
        sleep(LOOK);
        let now = cpu_time(pid)?;
        if now.saturating_sub(before) < LOOK / 20 {
            return Ok(());
        }
        if start.elapsed() > PATIENCE {
            bail!("the host was still busy with its readers after {} s", PATIENCE.as_secs());
        }
        before = now;
    }
}

/// One address may have 64 streams, so they come from several.
fn stall(from: Ipv4Addr, host: SocketAddr, job: &str) -> io::Result<TcpStream> {
    let socket = socket(AddressFamily::INET, SocketType::STREAM, None)?;
    bind(&socket, &SocketAddrV4::new(from, 0))?;
    connect(&socket, &host)?;
    let mut stream = TcpStream::from(socket);
    write!(stream, "GET /v1/jobs/{job}/logs/stream HTTP/1.1\r\nhost: {host}\r\n\r\n")?;
    Ok(stream)
}
