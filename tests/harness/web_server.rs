//! A small web server on this machine for guests to call, which notes what it was asked.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// Answers by path: `/hello`, `/echo` (what it got), `/headers` (the same of headers), `/redirect?URL`, `/bytes?N`, `/drip?N` (one byte, then silence),
/// `/header?N`, `/never` (no answer).
pub(crate) struct WebServer {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// One request.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) line: String,
    pub(crate) headers: Vec<String>,
    pub(crate) body: String,
}

impl WebServer {
    /// Starts it on a free port; it ends with the tests.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let asked = Arc::new(Mutex::new(Vec::new()));
        let notes = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let notes = Arc::clone(&notes);
                thread::spawn(move || serve(&stream, &notes));
            }
        });
        Self { address, asked }
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Everything that it was asked.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn serve(stream: &TcpStream, notes: &Mutex<Vec<Asked>>) {
    // Nobody keeps a test waiting.
    let _ = stream.set_read_timeout(Some(Duration::from_mins(1)));
    let mut reader = BufReader::new(stream);
    while let Some(asked) = read(&mut reader) {
        notes.lock().unwrap_or_else(PoisonError::into_inner).push(asked.clone());
        if answer(stream, &asked).is_err() {
            return;
        }
    }
}

fn read(reader: &mut BufReader<&TcpStream>) -> Option<Asked> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            text => lines.push(text.to_owned()),
        }
    }
    let line = lines.remove(0);
    let value = |name: &str| lines.iter().find_map(|line| line.to_lowercase().strip_prefix(name).map(str::to_owned));
    let mut body = Vec::new();
    if let Some(length) = value("content-length: ") {
        body.resize(length.parse().ok()?, 0);
        reader.read_exact(&mut body).ok()?;
    } else if value("transfer-encoding: chunked").is_some() {
        while let Some(part) = chunk(reader) {
            body.extend(part);
        }
    }
    Some(Asked { line, headers: lines, body: String::from_utf8_lossy(&body).into_owned() })
}

/// The next chunk of a body; `None` after the last.
fn chunk(reader: &mut BufReader<&TcpStream>) -> Option<Vec<u8>> {
    let mut size = String::new();
    reader.read_line(&mut size).ok()?;
    let size = usize::from_str_radix(size.trim_end(), 16).ok()?;
    let mut part = vec![0; size + 2];
    reader.read_exact(&mut part).ok()?;
    part.truncate(size);
    (size > 0).then_some(part)
}

fn answer(mut stream: &TcpStream, asked: &Asked) -> std::io::Result<()> {
    let target = asked.line.split(' ').nth(1).unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let number = query.parse().unwrap_or(0);
    let (head, body) = match path {
        "/hello" => ("200 OK".to_owned(), "hello".to_owned()),
        "/echo" => ("200 OK".to_owned(), asked.body.clone()),
        "/headers" => ("200 OK".to_owned(), asked.headers.join("\n")),
        "/redirect" => (format!("302 Found\r\nlocation: {query}"), String::new()),
        "/bytes" => ("200 OK".to_owned(), "x".repeat(number)),
        "/header" => (format!("200 OK\r\nx-long: {}", "x".repeat(number)), String::new()),
        "/drip" => {
            write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {number}\r\n\r\nx")?;
            return silent(stream);
        }
        "/never" => return silent(stream),
        _ => ("404 Not Found".to_owned(), String::new()),
    };
    write!(stream, "HTTP/1.1 {head}\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

/// Waits until the other end goes away.
fn silent(mut stream: &TcpStream) -> std::io::Result<()> {
    stream.read_exact(&mut [0; 1])
}
