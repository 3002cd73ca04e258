//! What a component can do that its core modules were made for by hand: traps of wasm itself, and several memories.

use cofferdam_text_guest::{TextGuest, with_core_module};
use serde_json::json;

use super::bounds::HOST;
use crate::harness::{Host, JobView, Source, Status};

/// Adds a component and runs one job of it.
#[track_caller]
fn run(host: &Host, name: &str, component: &[u8]) -> JobView {
    host.upload(component).expect(201);
    host.start_job(&json!({ "module_id": name })).ended()
}

#[test]
fn a_division_by_zero_is_a_trap_with_the_guests_backtrace() {
    let component = TextGuest {
        fields: "(func $quotient_of_nothing (result i32) (i32.div_u (i32.const 1) (i32.const 0)))".to_owned(),
        run: "(drop (call $quotient_of_nothing))".to_owned(),
        ..TextGuest::named("divides-by-zero")
    };
    let host = HOST.host();
    let view = run(&host, "divides-by-zero", &component.component());
    let error = view.error.expect("a failed job has an error");
    assert_eq!((view.status, error.code.as_str()), (Status::Failed, "trap"));
    assert_eq!(error.message, "the module trapped: integer divide by zero");
    let backtrace = error.backtrace.expect("a trap has one");
    assert!(backtrace.lines().next().is_some_and(|frame| frame.contains("quotient_of_nothing")), "{backtrace}");
}

#[test]
fn memories_count_together() {
    // 100 MiB each; the 100 that the first then asks for would be 300 together.
    let grows = "(if (i32.eq (memory.grow (i32.const 1600)) (i32.const -1)) (then (unreachable)))";
    let component = TextGuest { pages: 1_600, run: grows.to_owned(), ..TextGuest::named("two-memories") };
    let host = HOST.host();
    let view = run(&host, "two-memories", &with_core_module(component.component(), "(module (memory 1600))"));
    let error = view.error.expect("a failed job has an error");
    assert_eq!((view.status, error.code.as_str()), (Status::Failed, "memory-limit"), "{error:?}");
    assert_eq!(view.usage.peak_memory_bytes, 2 * 1_600 * 65_536);

    // Alone, the same growth is allowed.
    let alone = TextGuest { name: "one-memory".to_owned(), ..component };
    let view = run(&host, "one-memory", &alone.component());
    assert_eq!((view.status, view.usage.peak_memory_bytes), (Status::Completed, 2 * 1_600 * 65_536));
}

#[test]
fn text_that_is_no_utf8_breaks_the_rules_of_the_component_model() {
    let component = TextGuest {
        fields: "(data (i32.const 4096) \"\\ff\\fe\")".to_owned(),
        run: "(call $log (i32.const 4096) (i32.const 2) (i32.const 2))".to_owned(),
        ..TextGuest::named("logs-no-text")
    };
    let host = HOST.host();
    let view = run(&host, "logs-no-text", &component.component());
    let error = view.error.expect("a failed job has an error");
    assert_eq!((view.status, error.code.as_str()), (Status::Failed, "trap"));
    assert!(error.message.starts_with("the module broke the rules of the component model: "), "{error:?}");
}

#[test]
fn a_pointer_beyond_the_memory_is_a_trap_and_nothing_is_read() {
    let component = TextGuest {
        run: "(call $log (i32.const 0x7fffffff) (i32.const 64) (i32.const 2))".to_owned(),
        ..TextGuest::named("logs-beyond")
    };
    let host = HOST.host();
    let view = run(&host, "logs-beyond", &component.component());
    assert_eq!(view.error.map(|error| error.code), Some("trap".to_owned()));
    let log = host.job(&view.id).log();
    assert!(log.iter().all(|line| line.source == Source::Host), "{log:?}");
}
