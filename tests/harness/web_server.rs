//! A small web server on this machine for guests to call, which notes what it was asked.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::raw_request::head;

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
        Self::serving(serve)
    }

    /// The same over TLS, with a certificate for this name; gives the certificate, which vouches for itself, in PEM.
    pub(crate) fn start_tls(name: &str) -> (Self, String) {
        let made = rcgen::generate_simple_self_signed([name.to_owned()]).expect("a certificate");
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|config| config.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key))
            .expect("a certificate and its key");
        let config = Arc::new(config);
        let server = Self::serving(move |stream, notes| {
            let connection = ServerConnection::new(Arc::clone(&config)).expect("a configuration that fits");
            serve(StreamOwned::new(connection, stream), notes);
        });
        (server, made.cert.pem())
    }

    fn serving(serve: impl Fn(TcpStream, &Mutex<Vec<Asked>>) + Send + Sync + 'static) -> Self {
        let serve = Arc::new(serve);
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let asked = Arc::new(Mutex::new(Vec::new()));
        let notes = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (serve, notes) = (Arc::clone(&serve), Arc::clone(&notes));
                // Nobody keeps a test waiting.
                let _ = stream.set_read_timeout(Some(Duration::from_mins(1)));
                thread::spawn(move || serve(stream, &notes));
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

fn serve(stream: impl Read + Write, notes: &Mutex<Vec<Asked>>) {
    let mut reader = BufReader::new(stream);
    while let Some(asked) = read(&mut reader) {
        notes.lock().unwrap_or_else(PoisonError::into_inner).push(asked.clone());
        if answer(reader.get_mut(), &asked).is_err() {
            return;
        }
    }
}

fn read(reader: &mut BufReader<impl Read>) -> Option<Asked> {
    let (line, lines) = head(reader)?;
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
fn chunk(reader: &mut BufReader<impl Read>) -> Option<Vec<u8>> {
    let mut size = String::new();
    reader.read_line(&mut size).ok()?;
    let size = usize::from_str_radix(size.trim_end(), 16).ok()?;
    let mut part = vec![0; size + 2];
    reader.read_exact(&mut part).ok()?;
    part.truncate(size);
    (size > 0).then_some(part)
}

fn answer(stream: &mut (impl Read + Write), asked: &Asked) -> std::io::Result<()> {
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
    write!(stream, "HTTP/1.1 {head}\r\ncontent-length: {}\r\n\r\n{body}", body.len())?;
    stream.flush()
}

/// Waits until the other end goes away.
fn silent(stream: &mut (impl Read + Write)) -> std::io::Result<()> {
    stream.flush()?;
    stream.read_exact(&mut [0; 1])
}
