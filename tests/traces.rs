//! Traces of jobs, as a collector gets them that takes their bytes apart.

use std::io::{BufReader, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use opentelemetry_proto::tonic::collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse};
use opentelemetry_proto::tonic::common::v1::any_value::Value as Known;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;
use serde_json::{Value, json};

use crate::harness::{Guest, Host, RawRequest, Request, Status, eventually};

/// A collector that takes everything.
struct Collector {
    port: u16,
    spans: Arc<Mutex<Vec<Span>>>,
}

impl Collector {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let spans = Arc::new(Mutex::new(Vec::new()));
        let taken = Arc::clone(&spans);
        // It ends with the tests.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut reader = BufReader::new(stream);
                let Some(request) = RawRequest::read(&mut reader) else { continue };
                assert_eq!(request.line, "POST /v1/traces HTTP/1.1");
                assert_eq!(request.headers["content-type"], "application/x-protobuf");
                let batch = ExportTraceServiceRequest::decode(request.body.as_slice()).expect("what the protocol says");
                let of_resources = batch.resource_spans.into_iter().flat_map(|resource| resource.scope_spans);
                let spans = of_resources.flat_map(|scope| scope.spans);
                taken.lock().unwrap_or_else(PoisonError::into_inner).extend(spans);
                let answer = ExportTraceServiceResponse::default().encode_to_vec();
                let head = "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length";
                let stream = reader.get_mut();
                let _ = write!(stream, "{head}: {}\r\n\r\n", answer.len());
                let _ = stream.write_all(&answer);
            }
        });
        Self { port, spans }
    }

    fn setting(&self) -> String {
        format!("traces.endpoint=http://127.0.0.1:{}", self.port)
    }

    /// The steps of a job so far, in the order of their beginnings.
    fn steps(&self, job: &str) -> Vec<Span> {
        let trace = u128::from_str_radix(&job.replace('-', ""), 16).expect("a UUID").to_be_bytes();
        let spans = self.spans.lock().unwrap_or_else(PoisonError::into_inner);
        let mut steps: Vec<_> = spans.iter().filter(|span| span.trace_id == trace).cloned().collect();
        steps.sort_by_key(|span| span.start_time_unix_nano);
        steps
    }

    /// The same, once there is the end of an attempt.
    #[track_caller]
    fn whole(&self, job: &str) -> Vec<Span> {
        eventually("the trace of a job with an attempt's end", || {
            let steps = self.steps(job);
            steps.iter().any(|step| step.name == "attempt").then_some(steps)
        })
    }
}

#[track_caller]
fn named<'s>(steps: &'s [Span], name: &str) -> &'s Span {
    steps.iter().find(|step| step.name == name).unwrap_or_else(|| panic!("no step `{name}` in {steps:#?}"))
}

fn fact(step: &Span, key: &str) -> Value {
    let found = step.attributes.iter().find(|attribute| attribute.key == key);
    match found.and_then(|attribute| attribute.value.clone()?.value) {
        Some(Known::StringValue(text)) => text.into(),
        Some(Known::IntValue(number)) => number.into(),
        _ => Value::Null,
    }
}

#[test]
fn a_jobs_road_is_one_trace_also_over_the_death_of_its_host() {
    let collector = Collector::start();
    let mut host = Host::with(&[&collector.setting()]);
    host.has(Guest::Hostile);
    let inputs = json!({ "behaviour": "count", "to": 12, "pause_ms": 100 });
    let body = json!({ "module_id": "hostile", "inputs": inputs });
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let request = Request::new("POST", "/v1/jobs").json(&body).header("traceparent", parent);
    let started: Value = host.send(request).read(201);
    let job = host.job(started["id"].as_str().expect("an id"));
    job.until("it has saved something", |job| job.results > 2);
    let early = eventually("what happened until now", || {
        let steps = collector.steps(&job.id);
        steps.iter().any(|step| step.name == "checkpoint").then_some(steps)
    });
    host.kill();
    host.start_again();
    job.reaches(Status::Completed);
    let steps = collector.whole(&job.id);

    let root = named(&steps, "create job");
    assert!(root.parent_span_id.is_empty());
    assert_eq!(root.links.len(), 1);
    assert_eq!(root.links[0].trace_id, 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736_u128.to_be_bytes());
    assert_eq!(root.links[0].span_id, 0x00f0_67aa_0ba9_02b7_u64.to_be_bytes());
    let waits: Vec<_> = steps.iter().filter(|step| step.name == "wait").collect();
    assert_eq!(waits.len(), 2, "once before each attempt");
    assert!(waits.iter().all(|wait| wait.parent_span_id == root.span_id));
    // The first attempt died with its host; what it did hangs on it all the same.
    let first = &named(&early, "checkpoint").parent_span_id;
    let attempt = named(&steps, "attempt");
    assert_ne!(*first, attempt.span_id);
    assert_eq!(attempt.parent_span_id, root.span_id);
    assert_eq!((fact(attempt, "cofferdam.attempt"), fact(attempt, "cofferdam.after_crash")), (json!(2), json!(1)));
    assert_eq!(fact(attempt, "cofferdam.outcome"), "completed");
    assert_eq!(fact(attempt, "cofferdam.node"), json!(job.show().node));
    for name in ["prepare", "run", "checkpoint", "finish"] {
        let own = steps.iter().find(|step| step.name == name && step.parent_span_id == attempt.span_id);
        let own = own.unwrap_or_else(|| panic!("no step `{name}` of the last attempt in {steps:#?}"));
        assert!(own.start_time_unix_nano <= own.end_time_unix_nano);
    }
}

#[test]
fn a_failure_says_why_and_what_is_no_traceparent_is_as_good_as_none() {
    let collector = Collector::start();
    let host = Host::with(&[&collector.setting()]);
    host.has(Guest::Hostile);
    let body = json!({ "module_id": "hostile", "inputs": { "behaviour": "panic" } });
    let request = Request::new("POST", "/v1/jobs").json(&body).header("traceparent", "00-nothing-at-all");
    let started: Value = host.send(request).read(201);
    let steps = collector.whole(started["id"].as_str().expect("an id"));
    assert!(named(&steps, "create job").links.is_empty());
    let status = named(&steps, "attempt").status.clone().expect("it failed");
    assert_eq!(status.code, 2);
    assert!(status.message.starts_with("trap: "), "{}", status.message);
}

#[test]
fn a_collector_that_is_not_there_holds_no_job_up_and_what_it_missed_is_counted() {
    // Nobody listens there.
    let host = Host::with(&["traces.endpoint=http://127.0.0.1:1", "traces.queue=64"]);
    host.has(Guest::Hostile);
    let inputs = json!({ "behaviour": "count", "to": 1 });
    let jobs = vec![json!({ "module_id": "hostile", "inputs": inputs }); 50];
    let started: Value = host.post("/v1/jobs/batch", &json!({ "jobs": jobs })).read(200);
    for job in started["jobs"].as_array().expect("a list") {
        host.job(job["id"].as_str().expect("an id")).reaches(Status::Completed);
    }
    eventually("steps were dropped, and counted", || {
        let figures = host.get("/metrics").expect(200).text();
        let line = figures.lines().find_map(|line| line.strip_prefix("cofferdam_spans_dropped_total "))?;
        line.parse::<u64>().ok().filter(|dropped| *dropped > 100)
    });
}
