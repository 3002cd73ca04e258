//! HTTP/1.1 as far as the tasks need it: one keep-alive connection, requests one after the other, bodies by length or in
//! chunks. It costs little CPU, since the bench runs on the same cores as the server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// Longer than any answer takes, stops with a grace period included.
const ANSWER_LIMIT: Duration = Duration::from_mins(1);

/// What is asked.
pub(crate) struct Request<'a> {
    pub(crate) method: &'a str,
    /// With its query.
    pub(crate) path: &'a str,
    pub(crate) media_type: &'a str,
    pub(crate) body: &'a [u8],
}

impl<'a> Request<'a> {
    pub(crate) const fn get(path: &'a str) -> Self {
        Self { method: "GET", path, media_type: "", body: &[] }
    }
}

/// A connection that is kept open.
pub(crate) struct Connection {
    address: SocketAddr,
    stream: BufReader<TcpStream>,
    closes: bool,
    /// The request as it is sent, and each line of the answer's head: kept, so that nothing is allocated anew.
    head: Vec<u8>,
}

impl Connection {
    pub(crate) fn open(address: SocketAddr) -> Result<Self> {
        Ok(Self { address, stream: connect(address)?, closes: false, head: Vec::new() })
    }

    /// Sends a request and gives the status and the whole body.
    pub(crate) fn send(&mut self, request: &Request<'_>) -> Result<(u16, Vec<u8>)> {
        let (status, mut body) = self.send_and_stream(request)?;
        let mut bytes = Vec::with_capacity(body.length());
        body.read_to_end(&mut bytes)?;
        Ok((status, bytes))
    }

    /// Sends a request and gives the status and the body as it comes. It must be read to its end before the next request.
    pub(crate) fn send_and_stream(&mut self, request: &Request<'_>) -> Result<(u16, Body<'_>)> {
        if self.closes {
            self.stream = connect(self.address)?;
            self.closes = false;
        }
        self.head.clear();
        write!(self.head, "{} {} HTTP/1.1\r\nhost: {}\r\n", request.method, request.path, self.address)?;
        if !request.media_type.is_empty() {
            write!(self.head, "content-type: {}\r\n", request.media_type)?;
        }
        if request.method != "GET" {
            write!(self.head, "content-length: {}\r\n", request.body.len())?;
        }
        self.head.extend_from_slice(b"\r\n");
        self.head.extend_from_slice(request.body);
        self.stream.get_mut().write_all(&self.head)?;
        self.read_head().with_context(|| format!("{} {}", request.method, request.path))
    }

    fn read_head(&mut self) -> Result<(u16, Body<'_>)> {
        let first = self.read_line()?;
        let status = first.split(|&byte| byte == b' ').nth(1).and_then(|code| str::from_utf8(code).ok()?.parse().ok());
        let status = status.with_context(|| {
            format!("the answer starts with `{}`, not with a status line", String::from_utf8_lossy(first))
        })?;
        let mut framing = if status == 204 { Framing::Length(0) } else { Framing::UntilClose };
        let mut closes = false;
        while let Some((name, value)) = header(self.read_line()?) {
            if name.eq_ignore_ascii_case(b"content-length") {
                let length = str::from_utf8(value).ok().and_then(|value| value.parse().ok());
                framing = Framing::Length(length.context("a content-length that is no number")?);
            } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
                framing = Framing::Chunks { left: 0, begun: false };
            } else if name.eq_ignore_ascii_case(b"connection") {
                closes = value.eq_ignore_ascii_case(b"close");
            }
        }
        self.closes = closes || matches!(framing, Framing::UntilClose);
        Ok((status, Body { stream: &mut self.stream, framing }))
    }

    /// Without what ends it.
    fn read_line(&mut self) -> Result<&[u8]> {
        self.head.clear();
        if self.stream.read_until(b'\n', &mut self.head)? == 0 {
            bail!("the server closed the connection");
        }
        Ok(self.head.trim_ascii_end())
    }
}

/// Name and value; nothing at the end of the head.
fn header(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = line.iter().position(|&byte| byte == b':')?;
    Some((&line[..colon], line[colon + 1..].trim_ascii()))
}

fn connect(address: SocketAddr) -> Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect(address).with_context(|| format!("cannot connect to {address}"))?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(ANSWER_LIMIT))?;
    Ok(BufReader::new(stream))
}

/// Where a body ends.
enum Framing {
    Length(u64),
    Chunks { left: u64, begun: bool },
    UntilClose,
}

/// An answer's body.
pub(crate) struct Body<'a> {
    stream: &'a mut BufReader<TcpStream>,
    framing: Framing,
}

impl Body<'_> {
    /// As many bytes as are still to come, where that is known.
    fn length(&self) -> usize {
        match self.framing {
            Framing::Length(length) => usize::try_from(length).unwrap_or(0),
            Framing::Chunks { .. } | Framing::UntilClose => 0,
        }
    }
}

impl Read for Body<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match &mut self.framing {
            Framing::UntilClose => self.stream.read(buffer),
            Framing::Length(left) => read_some(self.stream, left, buffer),
            Framing::Chunks { left, begun } => {
                if *left == 0 {
                    *left = next_chunk(self.stream, *begun)?;
                    *begun = true;
                    if *left == 0 {
                        self.framing = Framing::Length(0);
                        return Ok(0);
                    }
                }
                read_some(self.stream, left, buffer)
            }
        }
    }
}

fn read_some(stream: &mut impl Read, left: &mut u64, buffer: &mut [u8]) -> std::io::Result<usize> {
    let most = usize::try_from(*left).unwrap_or(usize::MAX).min(buffer.len());
    // A buffered reader waits for the next answer even when asked for nothing.
    if most == 0 {
        return Ok(0);
    }
    let count = stream.read(&mut buffer[..most])?;
    if count == 0 {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    *left -= count as u64;
    Ok(count)
}

/// The next chunk's size; 0 is the last one, whose end is read too.
fn next_chunk(stream: &mut impl BufRead, begun: bool) -> std::io::Result<u64> {
    let mut line = String::new();
    if begun {
        stream.read_line(&mut line)?;
        line.clear();
    }
    stream.read_line(&mut line)?;
    let digits = line.split(';').next().unwrap_or_default().trim();
    let size = u64::from_str_radix(digits, 16).map_err(|_| std::io::Error::other(format!("chunk size `{digits}`")))?;
    if size == 0 {
        line.clear();
        stream.read_line(&mut line)?;
    }
    Ok(size)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    /// A server that answers each request on one connection with the next of these, and gives what it was sent.
    fn serve(answers: &'static [&'static str]) -> (SocketAddr, std::thread::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let server = std::thread::spawn(move || {
            let (stream, _) = listener.accept().expect("a client");
            let mut stream = BufReader::new(stream);
            let answer = |answer: &&str| {
                let mut lines = Vec::new();
                while lines.last().is_none_or(|line: &String| !line.trim().is_empty()) {
                    let mut line = String::new();
                    stream.read_line(&mut line).expect("a head");
                    lines.push(line);
                }
                stream.get_mut().write_all(answer.as_bytes()).expect("the client reads");
                lines.concat()
            };
            answers.iter().map(answer).collect()
        });
        (address, server)
    }

    #[test]
    fn a_connection_is_used_again_after_bodies_of_every_framing() {
        let (address, server) = serve(&[
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nsec\r\n3;x=y\r\nond\r\n0\r\n\r\n",
            "HTTP/1.1 204 No Content\r\n\r\n",
            "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n",
        ]);
        let mut connection = Connection::open(address).expect("it listens");
        let mut ask = || connection.send(&Request::get("/v1/status")).expect("an answer");
        assert_eq!(ask(), (200, b"first".to_vec()));
        assert_eq!(ask(), (200, b"second".to_vec()));
        assert_eq!(ask(), (204, Vec::new()));
        assert_eq!(ask(), (404, Vec::new()));
        let asked = server.join().expect("the server saw four requests");
        assert!(asked.iter().all(|head| head.starts_with("GET /v1/status HTTP/1.1\r\nhost: 127.0.0.1:")), "{asked:?}");
    }

    #[test]
    fn an_answer_that_breaks_off_is_an_error() {
        for answer in [
            &["HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort"],
            &["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nshort"],
            &["nonsense\r\n\r\n"],
            &[""],
        ] {
            let (address, server) = serve(answer);
            let mut connection = Connection::open(address).expect("it listens");
            let asked = std::thread::spawn(move || connection.send(&Request::get("/")).is_err());
            server.join().expect("the server saw one request");
            assert!(asked.join().expect("no panic"), "{answer:?}");
        }
    }
}
