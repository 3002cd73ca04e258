//! How much one client may ask for, and how often it may show what is no token.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use governor::clock::{Clock as _, DefaultClock};
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::access::Caller;
use crate::api::problem::{Problem, TOO_MANY_FAILURES, TOO_MANY_REQUESTS};
use crate::domain::{ClientLimits, Live, TokenId};

type Limiter<K> = RateLimiter<K, HashMapStateStore<K>, DefaultClock>;

/// Looks after which clients that ask for little are forgotten.
const TIDY: u32 = 10_000;

/// Whose requests count together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Client {
    Token(TokenId),
    Peer(IpAddr),
}

/// What each client has had lately.
pub(crate) struct Rates {
    limits: Live<ClientLimits>,
    counted: Mutex<Arc<Counted>>,
    clock: DefaultClock,
    looks: AtomicU32,
}

/// What is counted against these limits.
struct Counted {
    under: Arc<ClientLimits>,
    requests: Limiter<Client>,
    failures: Limiter<IpAddr>,
}

impl Counted {
    fn new(under: Arc<ClientLimits>) -> Self {
        let number = |number: u32| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        Self {
            requests: RateLimiter::hashmap(Quota::per_second(number(under.requests_per_second))),
            failures: RateLimiter::hashmap(Quota::per_minute(number(under.failures_per_minute))),
            under,
        }
    }
}

impl Rates {
    pub(crate) fn new(limits: Live<ClientLimits>) -> Self {
        let counted = Mutex::new(Arc::new(Counted::new(limits.get())));
        Self { limits, counted, clock: DefaultClock::default(), looks: AtomicU32::new(0) }
    }

    /// What is counted now. Whoever changes the limits lets everybody begin anew.
    fn counted(&self) -> Arc<Counted> {
        let limits = self.limits.get();
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if !Arc::ptr_eq(&counted.under, &limits) {
            *counted = Arc::new(Counted::new(limits));
        }
        Arc::clone(&counted)
    }

    /// Counts a request; refuses it when its client asks for too much.
    pub(crate) fn request(&self, caller: &Caller, peer: IpAddr) -> Result<(), Problem> {
        let client = caller.token().map_or(Client::Peer(network(peer)), |token| Client::Token(token.id));
        self.tidied().requests.check_key(&client).map_err(|until| {
            let detail = "this client asks faster than it may; slow down";
            Problem::new(TOO_MANY_REQUESTS, detail).retry_after(seconds(until.wait_time_from(self.clock.now())))
        })
    }

    /// Counts somebody who was not let in; refuses even to say why when there were too many from there.
    pub(crate) fn failure(&self, peer: IpAddr) -> Result<(), Problem> {
        self.tidied().failures.check_key(&network(peer)).map_err(|until| {
            let detail = "too many requests without a token that holds came from this address; wait before the next";
            Problem::new(TOO_MANY_FAILURES, detail).retry_after(seconds(until.wait_time_from(self.clock.now())))
        })
    }

    /// The same; clients that have been quiet are forgotten now and then.
    fn tidied(&self) -> Arc<Counted> {
        let counted = self.counted();
        if self.looks.fetch_add(1, Ordering::Relaxed) % TIDY == TIDY - 1 {
            counted.requests.retain_recent();
            counted.failures.retain_recent();
        }
        counted
    }
}

/// Whole seconds, at least one.
fn seconds(wait: std::time::Duration) -> u32 {
    u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1)
}

/// Whoever has one IPv6 address has the 2^64 around it.
fn network(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates() -> Rates {
        let limits = ClientLimits { requests_per_second: 3, failures_per_minute: 2, ..ClientLimits::default() };
        Rates::new(limits.into())
    }

    #[test]
    fn who_asks_too_fast_is_told_when_to_come_back_and_nobody_else() {
        let (rates, anybody) = (rates(), Caller::anybody());
        let [one, other] = ["10.0.0.1", "10.0.0.2"].map(|address| address.parse().expect("an address"));
        for _ in 0..3 {
            assert_eq!(rates.request(&anybody, one), Ok(()));
        }
        let refusal = rates.request(&anybody, one).expect_err("the fourth");
        assert_eq!((refusal.kind, refusal.retry_after_s), (TOO_MANY_REQUESTS, Some(1)));
        assert_eq!(rates.request(&anybody, other), Ok(()));
        assert_eq!((rates.failure(one), rates.failure(one)), (Ok(()), Ok(())));
        let refusal = rates.failure(one).expect_err("the third");
        assert!(refusal.kind == TOO_MANY_FAILURES && refusal.retry_after_s > Some(1), "{refusal:?}");
    }

    #[test]
    fn other_limits_hold_from_the_next_request() {
        let (rates, anybody) = (rates(), Caller::anybody());
        let peer = "10.0.0.1".parse().expect("an address");
        let refused = |rates: &Rates| (0..100).find(|_| rates.request(&anybody, peer).is_err());
        assert_eq!(refused(&rates), Some(3));
        rates.limits.set(ClientLimits { requests_per_second: 7, ..ClientLimits::default() });
        assert_eq!(refused(&rates), Some(7));
    }

    #[test]
    fn the_addresses_of_one_network_are_one_client() {
        let [one, same, other]: [IpAddr; 3] =
            ["2001:db8::1", "2001:db8::ffff:0:0:2", "2001:db8:0:1::1"].map(|text| text.parse().expect("an address"));
        assert_eq!(network(one), network(same));
        assert_ne!(network(one), network(other));
        assert_eq!(network("::ffff:10.0.0.1".parse().expect("an address")).to_string(), "10.0.0.1");
    }
}
