//! A node's word that it is alive: on a connection of its own, so that no batch of writes can hold it up.

use std::time::Duration;

use sqlx::postgres::PgConnectOptions;

use super::link::Link;
use crate::domain::{NodeId, Timestamp};
use crate::store::StoreError;
use crate::store::failpoints::{Side, reach_beat};
use crate::store::sql::{self, Dialect};

/// How long the database may take to answer. A beat that hangs longer is tried again on another connection.
const PATIENCE: Duration = Duration::from_secs(3);

/// What the database said to a beat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beat {
    /// The node's word holds anew, from when the beat was sent.
    Alive,
    /// Others have declared the node dead; under this id it never comes back.
    Dead,
}

/// What a beat tells of its node.
#[derive(Debug, Clone, Copy)]
pub struct Vitals {
    /// Which node.
    pub node: NodeId,
    /// Now.
    pub at: Timestamp,
    /// For how long its word is to hold.
    pub lease: Duration,
    /// What its guests hold in memory.
    pub guest_memory_bytes: u64,
    /// What they may hold together.
    pub guest_memory_budget_bytes: u64,
}

/// The connection that a node's beats go over.
pub struct LeaseLink {
    link: Link,
}

impl LeaseLink {
    pub(super) fn new(options: PgConnectOptions) -> Self {
        Self { link: Link::new(options.application_name("cofferdam lease"), PATIENCE) }
    }

    /// Says that a node is alive. An error is no verdict: the word given before holds until it runs out.
    pub async fn beat(&mut self, vitals: Vitals) -> Result<Beat, StoreError> {
        self.link.connect().await?;
        let values = vec![
            vitals.node.uuid().into(),
            vitals.at.into(),
            vitals.lease.into(),
            vitals.guest_memory_bytes.into(),
            vitals.guest_memory_budget_bytes.into(),
        ];
        reach_beat(Side::Before)?;
        let rows = self.link.query(sql::HEARTBEAT.text(Dialect::Postgres), values).await?;
        reach_beat(Side::After)?;
        Ok(if rows.is_empty() { Beat::Dead } else { Beat::Alive })
    }
}
