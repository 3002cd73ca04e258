//! Who holds a connection, and which one goes when there is no room for another.
//!
//! A connection that waits for its client's next header block costs little and may wait long. So when there is no room,
//! the one that has waited longest goes: half-open connections cannot keep anybody out.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

/// The connections of all clients.
pub(super) struct Connections {
    /// The most there may be.
    all: usize,
    /// The most that one address may hold.
    each: usize,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    /// Names connections and orders their waits.
    next: u64,
    open: HashMap<u64, Open>,
    /// Those that wait for a header block, in the order in which they began to.
    waiting: BTreeMap<u64, u64>,
    each: HashMap<IpAddr, usize>,
}

struct Open {
    client: IpAddr,
    cut: CancellationToken,
    /// Its place among those that wait.
    waits_as: Option<u64>,
}

/// A connection's place; given back when dropped.
pub(super) struct Place {
    connections: Arc<Connections>,
    id: u64,
    /// Cancelled when the connection has to go.
    pub(super) cut: CancellationToken,
}

/// There is no room, and everybody who has a connection uses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NoRoom;

impl Connections {
    pub(super) fn new(all: usize, each: usize) -> Arc<Self> {
        Arc::new(Self { all, each, table: Mutex::default() })
    }

    /// A place for a new connection, which then waits for its first header block. Where there is no room, the one that
    /// has waited longest goes; of this client's own, if it holds as many as it may.
    pub(super) fn enter(self: &Arc<Self>, client: IpAddr) -> Result<Place, NoRoom> {
        let mut table = self.table();
        if table.each.get(&client).is_some_and(|held| *held >= self.each) {
            table.make_room(|open| open.client == client)?;
        } else if table.open.len() >= self.all {
            table.make_room(|_| true)?;
        }
        let (id, cut) = (table.number(), CancellationToken::new());
        table.open.insert(id, Open { client, cut: cut.clone(), waits_as: None });
        *table.each.entry(client).or_default() += 1;
        table.wait(id);
        drop(table);
        Ok(Place { connections: Arc::clone(self), id, cut })
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        // Nothing that holds the lock can panic half-way.
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// Cuts the one that has waited longest.
    fn make_room(&mut self, may_go: impl Fn(&Open) -> bool) -> Result<(), NoRoom> {
        let longest = self.waiting.values().find(|id| self.open.get(id).is_some_and(&may_go));
        let id = *longest.ok_or(NoRoom)?;
        if let Some(open) = self.remove(id) {
            open.cut.cancel();
        }
        Ok(())
    }

    fn wait(&mut self, id: u64) {
        let place = self.number();
        if let Some(open) = self.open.get_mut(&id)
            && open.waits_as.is_none()
        {
            open.waits_as = Some(place);
            self.waiting.insert(place, id);
        }
    }

    fn work(&mut self, id: u64) {
        if let Some(place) = self.open.get_mut(&id).and_then(|open| open.waits_as.take()) {
            self.waiting.remove(&place);
        }
    }

    fn remove(&mut self, id: u64) -> Option<Open> {
        let open = self.open.remove(&id)?;
        if let Some(place) = open.waits_as {
            self.waiting.remove(&place);
        }
        if let Some(held) = self.each.get_mut(&open.client) {
            *held -= 1;
            if *held == 0 {
                self.each.remove(&open.client);
            }
        }
        Some(open)
    }
}

impl Place {
    /// A header block has come: the connection stays until it is answered.
    pub(super) fn works(&self) {
        self.connections.table().work(self.id);
    }

    /// The answer is written: the connection waits again.
    pub(super) fn waits(&self) {
        self.connections.table().wait(self.id);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.connections.table().remove(self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));
    const OTHER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 2));

    fn entered(connections: &Arc<Connections>, client: IpAddr) -> Place {
        connections.enter(client).expect("there is room")
    }

    #[test]
    fn the_one_that_has_waited_longest_goes_and_those_that_work_stay() {
        let connections = Connections::new(3, 3);
        let places = [ONE, ONE, OTHER].map(|client| entered(&connections, client));
        places[0].works();
        let fourth = entered(&connections, OTHER);
        assert!(!places[0].cut.is_cancelled() && places[1].cut.is_cancelled() && !places[2].cut.is_cancelled());
        places[0].waits();
        let fifth = entered(&connections, ONE);
        assert!(places[2].cut.is_cancelled() && !places[0].cut.is_cancelled(), "it began to wait later");
        for place in [&places[0], &fourth, &fifth] {
            place.works();
        }
        assert!(connections.enter(OTHER).is_err(), "everybody works");
        drop(fourth);
        drop(entered(&connections, OTHER));
        drop((places, fifth));
        let table = connections.table();
        assert!(table.open.is_empty() && table.waiting.is_empty() && table.each.is_empty());
    }

    #[test]
    fn a_client_that_holds_too_many_loses_its_own() {
        let connections = Connections::new(10, 2);
        let (first, second) = (entered(&connections, ONE), entered(&connections, ONE));
        let other = entered(&connections, OTHER);
        first.works();
        let third = entered(&connections, ONE);
        assert!(second.cut.is_cancelled() && !other.cut.is_cancelled());
        third.works();
        assert!(connections.enter(ONE).is_err(), "it uses all it may have");
        assert!(connections.enter(OTHER).is_ok(), "which keeps nobody else out");
    }
}
