//! What readers that never read cost those who log: lines a second with a hundred of them and without.

use std::io;
use std::net::{Ipv4Addr, TcpStream};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::flood::{Flood, Readers};
use crate::bench::report::{Figure, Report, median};
use crate::bench::stage::Stage;
use crate::bench::usage::cpu_time;
use crate::server::ask_for_stream;

/// Readers that stall.
const READERS: u8 = 100;
/// What they ask for: far more than what the kernel takes in for them.
const THEIR_LOG: Flood = Flood { jobs: 1, lines: 200_000 };
const OTHERS: Flood = Flood { jobs: 4, lines: 100_000 };
/// Between two looks whether the host still sends to the readers, and how long that may last.
const LOOK: Duration = Duration::from_millis(400);
const PATIENCE: Duration = Duration::from_mins(1);
/// With and without readers in turn, so that a change of the machine's mood meets both.
const TURNS: usize = 5;

/// On a host of its own.
pub(in crate::bench) fn measure(stage: &Stage<'_>, report: &mut Report) -> Result<()> {
    let server = stage.host(report, &["node.stream_send_time=5m"])?;
    let (address, mut api) = (server.address(), stage.connect(&server, &["hostile"])?);
    let ids = THEIR_LOG.run(&mut api, address, Readers::Nobody)?.ids;
    let (mut without, mut beside) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        without.push(OTHERS.run(&mut api, address, Readers::Nobody)?.per_second);
        // One address may have 64 streams, so they come from two.
        let stall = |number| ask_for_stream(Ipv4Addr::new(127, 0, 0, 1 + number % 2), address, &ids[0]);
        let readers = (0..READERS).map(stall).collect::<io::Result<Vec<TcpStream>>>()?;
        wait_until_quiet(server.pid())?;
        beside.push(OTHERS.run(&mut api, address, Readers::Nobody)?.per_second);
        drop(readers);
    }
    let what = format!("log lines a second beside {READERS} stalled readers, to those without; medians of {TURNS}");
    let ratio = vec![median(&beside) / median(&without)];
    report.add(Figure::gain("log_lines_beside_stalled_readers_ratio", what, "×", ratio).goal(0.95));
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
