//! The queue between those who note steps and the collector.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry::InstrumentationScope;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SpanData, SpanExporter as _};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::client::Collector;
use super::spans::span;
use crate::config::TracesSection;
use crate::domain::JobId;
use crate::measured;
use crate::outbound::Resolver;
use crate::traced::{self, Recorder, Step};

/// Steps in one request: some 200 KiB.
const BATCH: usize = 512;
/// How long the first step of a batch waits for others.
const GATHER: Duration = Duration::from_secs(1);
/// The pauses after which a collector that took nothing is asked again.
const AGAIN: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(4)];
/// How long what is left may take once the host goes down.
const LAST: Duration = Duration::from_secs(3);

/// Traces cannot be sent.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TracesError {
    /// The standard variables of OpenTelemetry say what makes no sense.
    #[error("traces cannot be sent: {0}")]
    Exporter(String),
    /// Somebody records the steps of this process already.
    #[error("the steps of jobs are recorded in this process already")]
    Twice,
}

/// What waits to be sent.
pub(crate) struct Traces {
    steps: mpsc::Receiver<Step>,
    exporter: SpanExporter,
    scope: InstrumentationScope,
    collector: String,
}

/// Takes steps as they come.
struct Queue {
    steps: mpsc::Sender<Step>,
    one_in: u32,
}

impl Recorder for Queue {
    fn record(&self, step: Step) {
        if is_chosen(step.job, self.one_in) && self.steps.try_send(step).is_err() {
            measured::SPANS_DROPPED.add(1);
        }
    }
}

/// Every node says the same of a job.
fn is_chosen(job: JobId, one_in: u32) -> bool {
    let (_, random) = job.uuid().as_u64_pair();
    random % u64::from(one_in) == 0
}

impl Traces {
    /// Records steps from now on, if there is somewhere to send them.
    pub(crate) fn install(section: &TracesSection, resolver: Arc<dyn Resolver>) -> Result<Option<Self>, TracesError> {
        let Some(address) = section.address() else { return Ok(None) };
        let collector = address.target().to_string();
        let client = Collector::new(address.clone(), section.roots.clone(), resolver);
        let mut exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(client)
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(address.as_str())
            .build()
            .map_err(|error| TracesError::Exporter(error.to_string()))?;
        let resource = Resource::builder()
            .with_service_name("cofferdam")
            .with_attribute(opentelemetry::KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .with_attribute(opentelemetry::KeyValue::new("service.instance.id", uuid::Uuid::new_v4().to_string()))
            .build();
        exporter.set_resource(&resource);
        let (sender, steps) = mpsc::channel(section.queue as usize);
        if !traced::install(Queue { steps: sender, one_in: section.one_in }) {
            return Err(TracesError::Twice);
        }
        let scope = InstrumentationScope::builder("cofferdam").with_version(env!("CARGO_PKG_VERSION")).build();
        Ok(Some(Self { steps, exporter, scope, collector }))
    }

    /// Sends what comes, until the host goes down and what is left is sent or given up.
    pub(crate) async fn run(mut self, stop: CancellationToken) {
        let mut batch = Vec::with_capacity(BATCH);
        while stop.run_until_cancelled(self.gather(&mut batch)).await.is_some() {
            let sending = self.send(std::mem::take(&mut batch), &stop);
            sending.await;
        }
        self.steps.close();
        let rest = async {
            loop {
                while batch.len() < BATCH
                    && let Ok(step) = self.steps.try_recv()
                {
                    batch.push(step);
                }
                if batch.is_empty() {
                    return;
                }
                self.send(std::mem::take(&mut batch), &stop).await;
            }
        };
        if timeout(LAST, rest).await.is_err() {
            tracing::warn!(collector = self.collector, "the last steps of traces were not sent in time");
        }
    }

    /// Waits for a step and a moment for more.
    async fn gather(&mut self, batch: &mut Vec<Step>) {
        if self.steps.recv_many(batch, 1).await == 0 {
            // Nobody notes anything any more; that only happens when the process ends.
            std::future::pending::<()>().await;
        }
        let more = async {
            while batch.len() < BATCH {
                self.steps.recv_many(batch, BATCH - batch.len()).await;
            }
        };
        let _ = timeout(GATHER, more).await;
    }

    /// Sends a batch; a collector that does not take it is asked again, but not for long.
    async fn send(&self, batch: Vec<Step>, stop: &CancellationToken) {
        let count = batch.len() as u64;
        let spans: Vec<SpanData> = batch.into_iter().map(|step| span(step, &self.scope)).collect();
        let mut pauses = AGAIN.into_iter();
        loop {
            match (self.exporter.export(spans.clone()).await, pauses.next()) {
                (Ok(()), _) => return measured::SPANS_SENT.add(count),
                (Err(_), Some(pause)) if !stop.is_cancelled() => {
                    stop.run_until_cancelled(sleep(pause)).await;
                }
                (Err(error), _) => {
                    tracing::warn!(%error, steps = count, collector = self.collector, "steps of traces were dropped");
                    return measured::SPANS_DROPPED.add(count);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_one_job_in_so_many_is_chosen() {
        let chosen = |one_in| (0..10_000).filter(|_| is_chosen(JobId::new(), one_in)).count();
        assert_eq!(chosen(1), 10_000);
        assert!((700..1_300).contains(&chosen(10)));
    }
}
