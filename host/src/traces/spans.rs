//! Steps as OpenTelemetry has them.

use std::time::{Duration, UNIX_EPOCH};

use opentelemetry::trace::{Link, SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceId, TraceState};
use opentelemetry::{InstrumentationScope, KeyValue, Value};
use opentelemetry_sdk::trace::{SpanData, SpanLinks};

use crate::traced::{Fact, Place, Step, TraceLink};

/// The span of a step.
pub(super) fn span(step: Step, scope: &InstrumentationScope) -> SpanData {
    let Step { job, place, name, end, took, facts, error, link } = step;
    let trace = TraceId::from_bytes(*job.uuid().as_bytes());
    // Ids that nobody has to find are random; 0 would be none.
    let own = place.span(job).unwrap_or_else(|| fastrand::u64(1..));
    let end_time = UNIX_EPOCH + Duration::from_millis(u64::try_from(end.millis()).unwrap_or(0));
    let start_time = end_time.checked_sub(took).unwrap_or(UNIX_EPOCH);
    let mut attributes = vec![KeyValue::new("cofferdam.job.id", job.to_string())];
    attributes.extend(facts.into_iter().map(|(key, fact)| KeyValue::new(key, value(fact))));
    let mut links = SpanLinks::default();
    links.links.extend(link.map(|link| Link::with_context(context(link))));
    SpanData {
        span_context: SpanContext::new(trace, SpanId::from(own), TraceFlags::SAMPLED, false, TraceState::default()),
        parent_span_id: place.parent(job).map_or(SpanId::INVALID, SpanId::from),
        parent_span_is_remote: false,
        span_kind: match place {
            Place::Root => SpanKind::Producer,
            Place::Attempt(_) => SpanKind::Consumer,
            Place::OfJob | Place::OfAttempt(_) => SpanKind::Internal,
        },
        name: name.into(),
        start_time,
        end_time,
        attributes,
        dropped_attributes_count: 0,
        events: opentelemetry_sdk::trace::SpanEvents::default(),
        links,
        status: error.map_or(Status::Unset, Status::error),
        instrumentation_scope: scope.clone(),
    }
}

fn value(fact: Fact) -> Value {
    match fact {
        Fact::Text(text) => text.into(),
        Fact::Number(number) => number.into(),
    }
}

fn context(link: TraceLink) -> SpanContext {
    let flags = if link.sampled { TraceFlags::SAMPLED } else { TraceFlags::default() };
    SpanContext::new(TraceId::from(link.trace), SpanId::from(link.span), flags, true, TraceState::default())
}
