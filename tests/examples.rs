//! The example modules do on the host what their READMEs say.

use std::thread;

use serde_json::{Map, Value, json};

use crate::harness::{Guest, Host, Job, JobView, Level, Message, Shared, SharedHost, Source, Status};

static HOST: Shared = Shared::new();

const PENGUINS: &str = include_str!("../example-modules/csv-profile/data/penguins.csv");
const EXPECTED: &str = include_str!("../example-modules/csv-profile/data/expected.json");

fn host_with(guest: Guest) -> SharedHost {
    let host = HOST.host();
    host.has(guest);
    host
}

/// Starts a job and waits until it has completed.
#[track_caller]
fn complete(host: &Host, request: &Value) -> (Job, JobView) {
    let job = host.start_job(request);
    let view = job.ended();
    assert_eq!((view.status, &view.error), (Status::Completed, &None));
    (job, view)
}

#[test]
fn hello_greets_in_the_log_and_in_its_result() {
    let host = host_with(Guest::Hello);
    for (request, greeting) in [
        (json!({ "module_id": "hello", "inputs": { "name": "Ada" } }), "Hello, Ada!"),
        (json!({ "module_id": "hello" }), "Hello, world!"),
        (json!({ "module_id": "hello", "inputs": { "name": "Ä" }, "settings": { "greeting": "Hi" } }), "Hi, Ä!"),
    ] {
        let (job, _) = complete(&host, &request);
        assert_eq!(job.data(), [json!({ "greeting": greeting })]);
        let log: Vec<_> = job.log().into_iter().map(|line| (line.level, line.source, line.message)).collect();
        assert_eq!(log, [(Level::Info, Source::Guest, greeting.to_owned())]);
    }
}

#[test]
fn prime_count_finds_the_known_counts() {
    let host = host_with(Guest::PrimeCount);
    for (limit, primes) in [(0, 0), (1, 0), (2, 1), (10, 4), (100, 25), (10_000, 1_229), (1_000_000, 78_498)] {
        let (job, view) = complete(&host, &json!({ "module_id": "prime-count", "inputs": { "limit": limit } }));
        let last = job.data().pop().expect("one result a block");
        assert_eq!((&last["to"], &last["primes_so_far"]), (&json!(limit), &json!(primes)));
        let progress = view.progress.expect("it reported");
        assert_eq!((progress.done, progress.total), (limit + 1, Some(limit + 1)));
    }
}

#[test]
fn prime_count_says_the_same_after_a_stop_and_a_resume() {
    let host = host_with(Guest::PrimeCount);
    let job = host.start_job(&json!({
        "module_id": "prime-count",
        "inputs": { "limit": 1_000_000 },
        "settings": { "segment_size": 1_000, "checkpoint_every": 1 },
    }));
    job.until("some blocks are done", |job| job.results >= 3);
    assert!(job.stop_and_wait().stopped);
    let stopped = job.show();
    assert!(stopped.stop.is_some_and(|stop| !stop.forced) && stopped.results < 1_000);
    let checkpoint: Value = job.get("/checkpoint").read(200);
    assert_eq!(checkpoint["checkpoint"]["blocks"], stopped.results, "the block at hand was saved");

    job.resume(&json!({ "settings": { "segment_size": 100_000, "checkpoint_every": 1 } })).expect(200);
    assert_eq!(job.ended().status, Status::Completed);
    let blocks = job.data();
    assert_eq!(blocks.last().map(|block| &block["primes_so_far"]), Some(&json!(78_498)));
    assert_eq!(blocks.iter().map(|block| block["primes"].as_u64().expect("a number")).sum::<u64>(), 78_498);
    for two in blocks.windows(2) {
        assert_eq!(two[0]["to"].as_u64().map(|to| to + 1), two[1]["from"].as_u64(), "no number is counted twice");
    }
}

#[test]
fn prime_count_is_checked_against_its_schema() {
    let host = host_with(Guest::PrimeCount);
    for (inputs, pointer) in [
        (json!({ "limit": -1 }), "/inputs/limit"),
        (json!({ "limit": 100_000_000_000_001_u64 }), "/inputs/limit"),
        (json!({ "limit": "10" }), "/inputs/limit"),
        (json!({}), "/inputs"),
    ] {
        let body = json!({ "module_id": "prime-count", "inputs": inputs });
        let problem = host.post("/v1/jobs", &body).problem(422, "schema_violation");
        assert!(problem.errors.iter().any(|error| error.pointer == pointer), "{problem:?}");
    }
}

/// Equal but for the last digits of numbers, whose sums were taken in another order. `place` is for the message.
#[track_caller]
fn assert_agrees(found: &Value, expected: &Value, place: &str) {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            assert!(found.keys().eq(expected.keys()), "{place} has {:?}, not {:?}", found.keys(), expected.keys());
            expected.iter().for_each(|(key, value)| assert_agrees(&found[key], value, &format!("{place}.{key}")));
        }
        (Value::Array(found), Value::Array(expected)) => {
            assert_eq!(found.len(), expected.len(), "{place}");
            found.iter().zip(expected).zip(0..).for_each(|((f, e), i)| assert_agrees(f, e, &format!("{place}[{i}]")));
        }
        (Value::Number(found), Value::Number(expected)) => {
            let (found, expected) = (found.as_f64().expect("finite"), expected.as_f64().expect("finite"));
            assert!((found - expected).abs() <= 1e-12 * expected.abs(), "{place} is {found}, not {expected}");
        }
        _ => assert_eq!(found, expected, "{place}"),
    }
}

#[test]
fn csv_profile_agrees_with_pythons_statistics_and_shows_its_work() {
    let host = host_with(Guest::CsvProfile);
    let job = host.start_job(&json!({
        "module_id": "csv-profile",
        "inputs": { "csv": PENGUINS },
        "settings": { "checkpoint_every": 50 },
    }));
    let follower = thread::spawn({
        let job = job.clone();
        move || job.events(0).read_to_end()
    });
    let view = job.ended();
    assert_eq!((view.status, view.results), (Status::Completed, 8));
    let progress = view.progress.expect("it reported");
    assert_eq!((progress.done, progress.total), (PENGUINS.len() as u64, Some(PENGUINS.len() as u64)));

    let expected: Value = serde_json::from_str(EXPECTED).expect("expected.json is JSON");
    assert_agrees(&Value::Array(job.data()), &expected, "results");
    let saved: Value = job.get("/checkpoint").read(200);
    assert_eq!(saved["checkpoint"]["rows"], 300, "the last multiple of 50 rows");

    let mut shown = follower.join().expect("the stream ended well");
    assert!(matches!(shown.pop(), Some(Message::End { status: Status::Completed, .. })));
    let shown: Vec<_> = shown
        .into_iter()
        .map(|message| match message {
            Message::Log(line) => line.message,
            other @ (Message::Gap { .. } | Message::End { .. }) => panic!("{other:?} among the lines"),
        })
        .collect();
    assert_eq!(shown, job.messages());
    assert!(shown.contains(&"300 rows so far".to_owned()), "{shown:?}");
}

/// The table's rows as often as they fit into a job's inputs.
fn long_table() -> String {
    let (header, rows) = PENGUINS.split_once('\n').expect("a header and rows");
    format!("{header}\n{}", rows.repeat(30))
}

#[test]
fn csv_profile_says_the_same_after_a_stop_and_a_resume() {
    let host = host_with(Guest::CsvProfile);
    let request = |checkpoint_every: u64| {
        let settings = json!({ "checkpoint_every": checkpoint_every });
        json!({ "module_id": "csv-profile", "inputs": { "csv": long_table() }, "settings": settings })
    };
    // A checkpoint a row: slow enough to be stopped in the middle.
    let job = host.start_job(&request(1));
    job.until("a row is saved", |job| job.checkpoint_saved_at.is_some());
    assert!(job.stop_and_wait().stopped);
    let saved: Value = job.get("/checkpoint").read(200);
    let rows = saved["checkpoint"]["rows"].as_u64().expect("a number");
    assert!((1..344 * 30).contains(&rows), "stopped after {rows} rows");
    assert_eq!(job.results(), []);

    job.resume(&json!({ "settings": { "checkpoint_every": 2_000 } })).expect(200);
    let view = job.ended();
    assert_eq!((view.status, view.attempt), (Status::Completed, 2));
    assert!(job.messages().contains(&format!("attempt 2 goes on after row {rows}")));
    let (straight, _) = complete(&host, &request(2_000));
    let columns = |job: &Job| job.data().iter().map(counted).collect::<Vec<_>>();
    assert_eq!(columns(&job), columns(&straight));
    assert_eq!(job.data()[0]["rows"], 344 * 30);
}

/// What does not depend on where a sketch was saved and read again.
fn counted(column: &Value) -> Map<String, Value> {
    let mut column = column.as_object().expect("a result is an object").clone();
    if let Some(numbers) = column.get_mut("numbers").and_then(Value::as_object_mut)
        && numbers["quantiles"]["exact"] == false
    {
        numbers.remove("quantiles");
    }
    column
}
