//! `POST /v1/admin/backup`: a copy of the whole database, as one archive.

use std::io::{self, Write};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::api::problem::Problem;
use crate::api::state::Shared;

/// What goes to the connection at once.
const PIECE_BYTES: usize = 256 << 10;
/// How long a client may take for one piece: its copy takes room on the disk.
const PIECE_TIME: Duration = Duration::from_mins(1);

/// Take a backup
///
/// A tar archive with `manifest.json` and the database as it is at a moment: modules, jobs, logs, results, checkpoints, tokens
/// and sealed secrets; neither the key that opens them nor settings. Jobs go on meanwhile. Only for a host on SQLite, one at
/// a time; it takes as much room in the data folder as the database until it is sent. `cofferdam backup FILE` asks for it and
/// checks what comes.
#[utoipa::path(post, path = "/v1/admin/backup", operation_id = "create_backup", tag = "host",
    responses((status = 200, description = "The archive", body = Vec<u8>, content_type = "application/x-tar")))]
pub(crate) async fn backup(State(api): State<Shared>) -> Result<Response, Problem> {
    let scheduler = api.scheduler.clone();
    let backup = api.change(async move { scheduler.back_up().await }).await?;
    let bytes = backup.bytes();
    let (pieces, body) = mpsc::channel(2);
    let runtime = Handle::current();
    api.tracker.spawn_blocking(move || {
        let mut out = Pieces { to: pieces.clone(), next: Vec::with_capacity(PIECE_BYTES), runtime: runtime.clone() };
        if let Err(error) = backup.write_to(&mut out) {
            tracing::warn!(%error, "a backup was not sent to its end");
            // The connection breaks off: nobody takes what came for the whole.
            let _ = runtime.block_on(timeout(PIECE_TIME, pieces.send(Err(error))));
        }
    });
    let body = stream::unfold(body, async |mut body| Some((body.recv().await?, body)));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/x-tar")),
        (header::CONTENT_LENGTH, HeaderValue::from(bytes)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"cofferdam-backup.tar\"")),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}

/// Hands what is written to the connection, piece by piece, at its pace.
struct Pieces {
    to: mpsc::Sender<Result<Bytes, io::Error>>,
    next: Vec<u8>,
    runtime: Handle,
}

impl Pieces {
    fn send(&mut self) -> io::Result<()> {
        let piece = std::mem::replace(&mut self.next, Vec::with_capacity(PIECE_BYTES));
        match self.runtime.block_on(timeout(PIECE_TIME, self.to.send(Ok(piece.into())))) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(io::Error::new(io::ErrorKind::BrokenPipe, "the client is gone")),
            Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "the client does not read")),
        }
    }
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(PIECE_BYTES - self.next.len());
        self.next.extend_from_slice(&bytes[..taken]);
        if self.next.len() == PIECE_BYTES {
            self.send()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.next.is_empty() { Ok(()) } else { self.send() }
    }
}
