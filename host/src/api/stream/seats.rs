//! How many log streams one client address holds.
//!
//! The node's own number of streams is kept by the scheduler; this one keeps a single client from taking them all.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::api::problem::{Problem, TOO_MANY_STREAMS};

/// The streams that each client address holds.
#[derive(Debug)]
pub struct StreamSeats {
    /// The most that one address may hold.
    each: u32,
    held: Mutex<HashMap<IpAddr, u32>>,
}

/// The right to one stream; given back when dropped.
#[derive(Debug)]
pub(crate) struct Seat {
    seats: Arc<StreamSeats>,
    client: IpAddr,
}

impl Default for StreamSeats {
    /// 64 streams an address: a dashboard with many open jobs, but a sixteenth of what the node serves.
    fn default() -> Self {
        Self::new(64)
    }
}

impl StreamSeats {
    /// At most `each` streams for one client address.
    pub fn new(each: u32) -> Self {
        Self { each, held: Mutex::default() }
    }

    /// Takes a seat for a client, or says that it holds as many as it may.
    pub(crate) fn take(self: &Arc<Self>, client: IpAddr) -> Result<Seat, Problem> {
        let mut held = self.held();
        let count = held.entry(client).or_default();
        if *count >= self.each {
            let detail = format!("this address holds {count} log streams already, as many as it may; close one first");
            return Err(Problem::new(TOO_MANY_STREAMS, detail).retry_after(5));
        }
        *count += 1;
        Ok(Seat { seats: Arc::clone(self), client })
    }

    fn held(&self) -> MutexGuard<'_, HashMap<IpAddr, u32>> {
        // Nothing that holds the lock can panic half-way; the counts are right in any case.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut held = self.seats.held();
        if let Some(count) = held.get_mut(&self.client) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn an_address_gets_its_seats_back() {
        let seats = Arc::new(StreamSeats::new(2));
        let (one, other) = (IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1)), IpAddr::V4(Ipv4Addr::new(10, 0, 0, 2)));
        let first = seats.take(one).expect("the first");
        let second = seats.take(one).expect("the second");
        assert_eq!(seats.take(one).expect_err("the third").kind, TOO_MANY_STREAMS);
        let elsewhere = seats.take(other).expect("another address has its own");
        drop(first);
        let third = seats.take(one).expect("one is free again");
        drop((second, third, elsewhere));
        assert!(seats.held().is_empty(), "an address without streams is forgotten");
    }
}
