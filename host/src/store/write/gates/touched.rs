//! Which gates are worth a look after a batch.

use std::collections::BTreeMap;

use crate::domain::{JobQueue, NewestQueue, Timestamp};
use crate::store::session::{Row, Session, Value, mismatch};
use crate::store::{StoreError, sql};

/// Gates, by their keys among those of all modules, in the order in which they are written.
#[derive(Default)]
pub(in crate::store::write) struct Touched {
    gates: BTreeMap<String, Touch>,
}

struct Touch {
    queue: JobQueue,
    newest: NewestQueue,
    look_at: Timestamp,
}

impl Touched {
    /// Whether there are none.
    pub(in crate::store::write) fn is_empty(&self) -> bool {
        self.gates.is_empty()
    }

    /// A job with this key may start at a time, or another one that waits for it.
    pub(in crate::store::write) fn add(&mut self, gate: String, queue: JobQueue, newest: NewestQueue, at: Timestamp) {
        let touch = self.gates.entry(gate).or_insert_with(|| Touch { queue: queue.clone(), newest, look_at: at });
        touch.look_at = touch.look_at.min(at);
        if newest == NewestQueue::Holds {
            touch.queue = queue;
            touch.newest = newest;
        }
    }

    /// The same for a job of which a statement returned gate and queue as the next of a row, if it has them; answers whether
    /// it has.
    pub(in crate::store::write) fn add_returned(&mut self, row: &mut Row, at: Timestamp) -> Result<bool, StoreError> {
        let (gate, queue) = (row.text_or_null("job.gate")?, row.text_or_null("job.queue")?);
        let (Some(gate), Some(queue)) = (gate, queue) else { return Ok(false) };
        let queue = serde_json::from_str(&queue).map_err(|error| mismatch("job.queue", &error.to_string()))?;
        self.add(gate, queue, NewestQueue::Stays, at);
        Ok(true)
    }
}

/// Writes them. After everything else in a batch but its claims: whoever holds a gate waits for nobody.
pub(in crate::store::write) async fn touch<S: Session>(session: &mut S, touched: Touched) -> Result<(), StoreError> {
    let row = |gate: &String, touch: &Touch| -> Vec<Value> {
        let rate = touch.queue.rate;
        vec![
            gate.as_str().into(),
            touch.queue.concurrency.into(),
            rate.map(|rate| rate.starts).into(),
            rate.map(|rate| rate.per_ms).into(),
            touch.look_at.into(),
        ]
    };
    for (statement, newest) in [(&sql::PUT_GATES, NewestQueue::Holds), (&sql::TOUCH_GATES, NewestQueue::Stays)] {
        let rows: Vec<_> = touched
            .gates
            .iter()
            .filter(|(_, touch)| touch.newest == newest)
            .map(|(gate, touch)| row(gate, touch))
            .collect();
        if !rows.is_empty() {
            session.apply(statement, rows).await?;
        }
    }
    Ok(())
}
