//! Many readers of log streams on one thread, each of which keeps up and checks what it gets.
//!
//! A host lets one address have 64 streams, so they come from several addresses of loopback.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use rustix::net::{AddressFamily, SocketType, bind, connect, socket};

use super::numbers::Numbers;

/// Of one address; some are left for others who come from there.
const STREAMS_EACH: usize = 50;
/// What one read takes in.
const BUFFER_BYTES: usize = 256 * 1024;
/// When nothing came for so long, nothing will.
const STALL: Duration = Duration::from_secs(30);

/// All of them.
pub(crate) struct Crowd {
    poll: Poll,
    readers: Vec<Reader>,
}

struct Reader {
    stream: TcpStream,
    numbers: Numbers,
    job: String,
}

/// A line that a reader has got.
pub(crate) struct Got<'l> {
    /// When.
    pub(crate) at: Instant,
    pub(crate) number: u64,
    /// From `data: {"type":"log"` to the end of the line.
    pub(crate) line: &'l [u8],
}

impl Crowd {
    /// Opens a stream for each of these jobs, from its first line on.
    pub(crate) fn follow<'j>(host: SocketAddr, jobs: impl IntoIterator<Item = &'j str>) -> Result<Self> {
        let poll = Poll::new()?;
        let mut readers = Vec::new();
        for (at, job) in jobs.into_iter().enumerate() {
            let from = Ipv4Addr::new(127, 0, 0, u8::try_from(1 + at / STREAMS_EACH)?);
            let stream = ask_for_stream(from, host, job).context("cannot open a stream")?;
            stream.set_nonblocking(true)?;
            let mut stream = TcpStream::from_std(stream);
            poll.registry().register(&mut stream, Token(at), Interest::READABLE)?;
            readers.push(Reader { stream, numbers: Numbers::new(), job: job.to_owned() });
        }
        Ok(Self { poll, readers })
    }

    /// Reads until every stream has ended; each must have been whole and in order, and its job completed.
    pub(crate) fn read_to_end(self, show: impl FnMut(&Got<'_>)) -> Result<()> {
        self.read_until(Numbers::has_ended, show).map(drop)
    }

    /// Reads until this is so of every stream. What comes later of one is read, too.
    pub(crate) fn read_until(
        mut self,
        is_enough: impl Fn(&Numbers) -> bool,
        mut show: impl FnMut(&Got<'_>),
    ) -> Result<Self> {
        let (mut events, mut buffer) = (Events::with_capacity(1024), vec![0; BUFFER_BYTES]);
        let mut waiting = self.readers.iter().filter(|reader| !is_enough(&reader.numbers)).count();
        let mut last = Instant::now();
        while waiting > 0 {
            self.poll.poll(&mut events, Some(STALL / 10))?;
            ensure!(last.elapsed() < STALL, "{waiting} streams say nothing any more");
            for event in &events {
                last = Instant::now();
                let reader = &mut self.readers[event.token().0];
                let was_enough = is_enough(&reader.numbers);
                reader.read(&mut buffer, &mut show).with_context(|| format!("the stream of job {}", reader.job))?;
                waiting -= usize::from(!was_enough && is_enough(&reader.numbers));
            }
        }
        Ok(self)
    }
}

impl Reader {
    /// All that has come.
    fn read(&mut self, buffer: &mut [u8], show: &mut impl FnMut(&Got<'_>)) -> Result<()> {
        loop {
            match self.stream.read(buffer) {
                Ok(0) => {
                    ensure!(self.numbers.has_ended(), "ended after line {} and before the job", self.numbers.last());
                    return Ok(());
                }
                Ok(count) => {
                    let at = Instant::now();
                    self.numbers.take(&buffer[..count], &mut |number, line| show(&Got { at, number, line }))?;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// Asks from this address for a job's log stream, and reads nothing of it.
pub(crate) fn ask_for_stream(from: Ipv4Addr, host: SocketAddr, job: &str) -> io::Result<std::net::TcpStream> {
    let socket = socket(AddressFamily::INET, SocketType::STREAM, None)?;
    bind(&socket, &SocketAddrV4::new(from, 0))?;
    connect(&socket, &host)?;
    let mut stream = std::net::TcpStream::from(socket);
    write!(stream, "GET /v1/jobs/{job}/logs/stream HTTP/1.1\r\nhost: {host}\r\n\r\n")?;
    Ok(stream)
}
