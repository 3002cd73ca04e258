//! Who passes a gate in a claim.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::domain::{Digest, StartRate, Timestamp};
use crate::store::read::digest_or_null;
use crate::store::session::{Row, Session, Value};
use crate::store::{StoreError, sql};

/// When a gate is looked at again whose jobs wait for something else than it.
const AGAIN: Duration = Duration::from_secs(1);

/// Gates that this transaction holds.
#[derive(Default)]
pub(in crate::store::write) struct Gates {
    gates: BTreeMap<String, Gate>,
}

struct Gate {
    concurrency: Option<u32>,
    rate: Option<StartRate>,
    /// Until when the starts so far are paid for.
    paid: i64,
    stand: Stand,
    /// How many more may pass now.
    room: u32,
    /// How many have passed in this claim.
    passed: u32,
}

/// How it stands with the jobs of a gate.
#[derive(Debug, Clone, Copy)]
struct Stand {
    running: u64,
    next: Option<Timestamp>,
    priority: Option<i64>,
    limited: Option<Digest>,
}

/// Holds the gates that are due. Nobody else lets anybody through until the transaction ends.
pub(in crate::store::write) async fn hold<S: Session>(session: &mut S, now: Timestamp) -> Result<Gates, StoreError> {
    let mut held = Vec::new();
    for mut row in session.query(&sql::HOLD_GATES, vec![now.into()]).await? {
        held.push(held_gate(&mut row)?);
    }
    let stands = stands(session, held.iter().map(|(key, ..)| key.as_str()), now).await?;
    let mut gates = Gates::default();
    for (key, concurrency, rate, paid) in held {
        let Some(stand) = stands.get(&key).copied() else { continue };
        let by_number = concurrency.map_or(u64::MAX, |most| u64::from(most).saturating_sub(stand.running));
        let by_rate = rate.map_or(u32::MAX, |rate| rate.room(paid, now));
        let room = u32::try_from(by_number).unwrap_or(u32::MAX).min(by_rate);
        gates.gates.insert(key, Gate { concurrency, rate, paid, stand, room, passed: 0 });
    }
    Ok(gates)
}

fn held_gate(row: &mut Row) -> Result<(String, Option<u32>, Option<StartRate>, i64), StoreError> {
    let key = row.text("gate.key")?;
    let small = |value: Option<i64>| value.map(|value| u32::try_from(value).unwrap_or(u32::MAX));
    let concurrency = small(row.int_or_null("gate.concurrency")?);
    let (starts, per_ms) = (small(row.int_or_null("gate.starts")?), row.int_or_null("gate.per_ms")?);
    let rate =
        starts.zip(per_ms).map(|(starts, per_ms)| StartRate { starts, per_ms: u64::try_from(per_ms).unwrap_or(0) });
    Ok((key, concurrency, rate, row.int("gate.tat")?))
}

async fn stands<S: Session>(
    session: &mut S,
    keys: impl Iterator<Item = &str>,
    now: Timestamp,
) -> Result<BTreeMap<String, Stand>, StoreError> {
    let rows: Vec<Vec<Value>> = keys.map(|key| vec![key.into(), now.into()]).collect();
    let mut stands = BTreeMap::new();
    if rows.is_empty() {
        return Ok(stands);
    }
    for mut row in session.apply(&sql::STAND_OF_GATES, rows).await? {
        let (key, running) = (row.text("gate.key")?, row.count("count")?);
        let next = row.int_or_null("job.ready_at")?.map(Timestamp::from_millis);
        let priority = row.int_or_null("job.priority")?;
        let limited = digest_or_null(&mut row, "job.digest")?;
        stands.insert(key, Stand { running, next, priority, limited });
    }
    Ok(stands)
}

impl Gates {
    /// Those through which somebody may pass: key, highest priority of those who wait, and a component whose number has to
    /// be asked, too.
    pub(in crate::store::write) fn open(&self) -> impl Iterator<Item = (&str, i64, Option<Digest>)> {
        let open = self.gates.iter().filter(|(_, gate)| gate.room > 0);
        open.filter_map(|(key, gate)| Some((key.as_str(), gate.stand.priority?, gate.stand.limited)))
    }

    /// How many more may pass.
    pub(in crate::store::write) fn room(&self, key: &str) -> u32 {
        self.gates.get(key).map_or(0, |gate| gate.room)
    }

    /// So many have passed.
    pub(in crate::store::write) fn pass(&mut self, key: &str, count: u32) {
        if let Some(gate) = self.gates.get_mut(key) {
            gate.room = gate.room.saturating_sub(count);
            gate.passed += count;
        }
    }

    /// Says when to look at each again, and forgets those whose key no job has any more.
    pub(in crate::store::write) async fn settle<S: Session>(
        self,
        session: &mut S,
        now: Timestamp,
        slots_left: bool,
    ) -> Result<(), StoreError> {
        if self.gates.is_empty() {
            return Ok(());
        }
        let stands = stands(session, self.gates.keys().map(String::as_str), now).await?;
        let (mut settled, mut gone): (Vec<Vec<Value>>, Vec<Vec<Value>>) = (Vec::new(), Vec::new());
        for (key, gate) in &self.gates {
            let Some(stand) = stands.get(key) else { continue };
            let paid = gate.rate.map_or(gate.paid, |rate| rate.after(gate.paid, now, gate.passed));
            let is_paid = paid <= now.millis().saturating_mul(1_000);
            if stand.running == 0 && stand.next.is_none() && (gate.rate.is_none() || is_paid) {
                gone.push(vec![key.as_str().into()]);
                continue;
            }
            let look_at = gate.look_at(*stand, paid, now, slots_left);
            settled.push(vec![key.as_str().into(), look_at.into(), paid.into()]);
        }
        for (statement, rows) in [(&sql::SETTLE_GATES, settled), (&sql::DROP_GATES, gone)] {
            if !rows.is_empty() {
                session.apply(statement, rows).await?;
            }
        }
        Ok(())
    }
}

impl Gate {
    /// When somebody may pass at the earliest; `None` when only the end of a job changes that.
    fn look_at(&self, stand: Stand, paid: i64, now: Timestamp, slots_left: bool) -> Option<Timestamp> {
        if self.concurrency.is_some_and(|most| stand.running >= u64::from(most)) {
            return None;
        }
        let Some(next) = stand.next else {
            // Nobody waits. Once nothing is owed any more, the gate can go.
            return self.rate.filter(|_| stand.running == 0).map(|_| Timestamp::from_millis(paid / 1_000 + 1));
        };
        let by_rate = self.rate.filter(|rate| rate.room(paid, now) == 0).map(|rate| rate.next(paid));
        let waits_for_other = slots_left && next <= now && by_rate.is_none();
        let soonest = if waits_for_other { now.after(AGAIN) } else { next };
        Some(by_rate.map_or(soonest, |time| time.max(soonest)))
    }
}
