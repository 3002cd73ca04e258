//! What all streams share: a seat for each client, and server-sent events that wait for their reader.

mod follower;
mod seats;
pub(crate) mod sse;

pub(crate) use follower::{Follower, KEEP_ALIVE, PIECE_BYTES, Reader, last_event_id};
pub use seats::StreamSeats;
