//! Using the processor, or a thread, without end.

use std::fmt::Write as _;

use cofferdam_text_guest::TextGuest;

use super::super::row::{Expected, FORCED_AT_LIMIT, Row, Way, run};

pub(super) const SPIN: &str = "(loop $again (br $again))";

/// Functions that call the next one twice each: 2⁴⁰ calls without a loop.
fn tree() -> String {
    let mut functions = String::from("(func $f40)");
    for number in 0..40 {
        let next = number + 1;
        write!(functions, "(func $f{number} (call $f{next}) (call $f{next}))").expect("a string takes all");
    }
    functions
}

pub(super) const PROCESSOR: &str = "processor";
const STOPPING: &str = "stop requests";
const BY_FORCE: Expected = Expected::Stopped("requested", Way::Forced);

pub(super) fn rows() -> Vec<Row> {
    [computing(), waiting()].into_iter().flatten().collect()
}

fn computing() -> Vec<Row> {
    let post_return = format!("(func (export \"cabi_post_cofferdam:module/runner@0.1.0#run\") (param i32) {SPIN})");
    vec![
        Row::job("spin", PROCESSOR, "loops for ever without a call of the host", FORCED_AT_LIMIT, run(SPIN)),
        Row::job(
            "spin-in-a-tree-of-calls",
            PROCESSOR,
            "calls 2⁴⁰ functions, without any loop",
            FORCED_AT_LIMIT,
            run("(call $f0)").with_fields(&tree()),
        ),
        Row::job(
            "spin-while-it-gets-memory",
            PROCESSOR,
            "loops for ever when the host hands it its inputs",
            FORCED_AT_LIMIT,
            TextGuest { realloc: SPIN.to_owned(), ..run("") },
        ),
        Row::job(
            "spin-after-its-result",
            PROCESSOR,
            "returns ok, and loops for ever when the host gives its result back",
            FORCED_AT_LIMIT,
            run("").with_fields(&post_return),
        ),
        Row::job(
            "fill-memory",
            PROCESSOR,
            "fills 250 MiB with one instruction, for ever",
            FORCED_AT_LIMIT,
            run("(drop (memory.grow (i32.const 4000)))
                (loop $more (memory.fill (i32.const 131072) (i32.const 1) (i32.const 262000000)) (br $more))"),
        ),
        Row::job(
            "copy-memory",
            PROCESSOR,
            "copies 128 MiB with one instruction, for ever",
            FORCED_AT_LIMIT,
            run("(drop (memory.grow (i32.const 4000)))
                (loop $more (memory.copy (i32.const 131072) (i32.const 134000000) (i32.const 128000000)) (br $more))"),
        ),
        Row::job(
            "ask-for-ever",
            PROCESSOR,
            "asks in a loop whether it should stop, and does not",
            FORCED_AT_LIMIT,
            run("(loop $again (drop (call $is_cancelled)) (br $again))"),
        ),
    ]
}

fn waiting() -> Vec<Row> {
    let after_stop =
        format!("(loop $wait (call $sleep (i64.const 1000)) (br_if $wait (i32.eqz (call $is_cancelled)))) {SPIN}");
    vec![
        Row::job(
            "park-in-wasi",
            STOPPING,
            "waits three hundred years for a timer of WASI",
            FORCED_AT_LIMIT,
            run("(call $block (call $timer (i64.const 0x7fffffffffffffff)))"),
        ),
        Row::job(
            "park-in-poll",
            STOPPING,
            "waits in a list of timers of WASI",
            FORCED_AT_LIMIT,
            run("(i32.store (i32.const 4096) (call $timer (i64.const 0x7fffffffffffffff)))
                (i32.store (i32.const 4100) (call $timer (i64.const 0x7fffffffffffffff)))
                (call $poll (i32.const 4096) (i32.const 2) (i32.const 64))"),
        ),
        Row::job(
            "ignore-a-stop",
            STOPPING,
            "sleeps again and again, whatever it is asked",
            BY_FORCE,
            run("(loop $again (call $sleep (i64.const 1000)) (br $again))"),
        ),
        Row::job(
            "spin-after-a-stop",
            STOPPING,
            "sees that it should stop, and loops for ever",
            BY_FORCE,
            run(&after_stop),
        ),
        Row::job(
            "sleep-for-ever",
            STOPPING,
            "sleeps for half a billion years, once",
            Expected::Stopped("requested", Way::Willing),
            run("(call $sleep (i64.const -1))"),
        ),
    ]
}
