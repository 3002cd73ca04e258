//! A request as a test's own server reads it, byte for byte.

use std::io::{BufRead, BufReader, Read as _};
use std::net::TcpStream;

use ureq::http::{HeaderMap, HeaderName, HeaderValue};

/// One request with a body of a known length.
#[derive(Debug, Clone)]
pub(crate) struct RawRequest {
    pub(crate) line: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl RawRequest {
    /// The next one of a connection; nothing when it ends, or is none.
    pub(crate) fn read(reader: &mut BufReader<TcpStream>) -> Option<Self> {
        let (line, lines) = head(reader)?;
        let mut headers = HeaderMap::new();
        for line in lines {
            let (name, value) = line.split_once(": ")?;
            headers.append(HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?);
        }
        let length = headers.get("content-length")?.to_str().ok()?.parse().ok()?;
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        Some(Self { line, headers, body })
    }
}

/// The first line of a request, and those of its headers; nothing when the connection ends.
pub(super) fn head(reader: &mut impl BufRead) -> Option<(String, Vec<String>)> {
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
    Some((line, lines))
}
