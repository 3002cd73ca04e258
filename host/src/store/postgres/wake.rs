//! Wake-ups between nodes. Only hints: whoever hears none looks by itself a moment later.
//!
//! They are sent after the commit, on a connection of their own and a few times a second at most: a NOTIFY inside the
//! transactions that write would make their commits wait for each other.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::link::Link;
use crate::store::StoreError;
use crate::store::bells::Bells;

/// There may be jobs to claim.
const JOBS: &str = "cofferdam_jobs";
/// Running jobs were asked to stop.
const STOPS: &str = "cofferdam_stops";
/// There may be a schedule that fires sooner than those before.
const SCHEDULES: &str = "cofferdam_schedules";
/// The least time between two hints.
const PAUSE: Duration = Duration::from_millis(50);
/// How long to wait before a lost connection is tried again.
const AGAIN: Duration = Duration::from_secs(1);
/// A connection that was silent for so long may be dead without anybody having said so.
const SILENCE: Duration = Duration::from_mins(1);
/// How long sending a hint may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Sends hints and listens for those of others.
pub(in crate::store) struct WakeUps {
    options: PgConnectOptions,
    bells: Bells,
}

impl WakeUps {
    pub(super) fn new(options: &PgConnectOptions) -> Self {
        Self { options: options.clone().application_name("cofferdam wake-ups"), bells: Bells::default() }
    }

    pub(in crate::store) fn bells(&self) -> Bells {
        self.bells.clone()
    }

    /// Runs until the store is closed.
    pub(in crate::store) async fn run(self, closing: CancellationToken) {
        tokio::select! {
            () = closing.cancelled() => {}
            () = self.listen() => {}
            () = self.send() => {}
        }
    }

    async fn send(&self) {
        let mut link = Link::new(self.options.clone(), PATIENCE);
        loop {
            let text = tokio::select! {
                () = self.bells.jobs_written.notified() => "NOTIFY cofferdam_jobs",
                () = self.bells.stops_written.notified() => "NOTIFY cofferdam_stops",
                () = self.bells.schedules_written.notified() => "NOTIFY cofferdam_schedules",
            };
            let sent = async {
                link.connect().await?;
                link.execute(text).await
            };
            if let Err(error) = sent.await {
                tracing::debug!(%error, "a hint to the other nodes was not sent");
            }
            sleep(PAUSE).await;
        }
    }

    async fn listen(&self) {
        loop {
            if let Err(error) = self.hear().await {
                tracing::debug!(%error, "hints of other nodes are not heard for a moment");
            }
            self.ring_all();
            sleep(AGAIN).await;
        }
    }

    fn ring_all(&self) {
        self.bells.jobs.notify_one();
        self.bells.stops.notify_one();
        self.bells.schedules.notify_one();
    }

    /// Listens until the connection is lost or silent for long.
    async fn hear(&self) -> Result<(), StoreError> {
        let refuse = |error: sqlx::Error| super::row::refusal(&error);
        let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(PATIENCE);
        let pool = pool.connect_with(self.options.clone()).await.map_err(refuse)?;
        let mut listener = PgListener::connect_with(&pool).await.map_err(refuse)?;
        listener.eager_reconnect(false);
        listener.listen_all([JOBS, STOPS, SCHEDULES]).await.map_err(refuse)?;
        // What was said before is not heard.
        self.ring_all();
        while let Ok(heard) = timeout(SILENCE, listener.try_recv()).await {
            match heard.map_err(refuse)? {
                Some(hint) if hint.channel() == STOPS => self.bells.stops.notify_one(),
                Some(hint) if hint.channel() == SCHEDULES => self.bells.schedules.notify_one(),
                Some(_) => self.bells.jobs.notify_one(),
                None => return Ok(()),
            }
        }
        Ok(())
    }
}
