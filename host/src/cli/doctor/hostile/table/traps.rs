//! Ending in the middle: every trap of wasm, and `exit`.

use super::super::row::{Expected, Row, run};

const HOST: &str = "the host's process";

const fn trap(words: &'static str) -> Expected {
    Expected::Fails("trap", words)
}

pub(super) fn rows() -> Vec<Row> {
    let table = "(type $number (func (result i32))) (type $nothing (func)) (func $f) (table 2 funcref) \
                 (elem (i32.const 0) $f)";
    vec![
        Row::job(
            "overflow-the-stack",
            HOST,
            "calls itself without end",
            trap("the module used up its call stack of 1 MiB"),
            run("(drop (call $deep))").with_fields("(func $deep (result i32) (i32.add (i32.const 1) (call $deep)))"),
        ),
        Row::job("unreachable", HOST, "executes `unreachable`", trap("executed `unreachable`"), run("(unreachable)")),
        Row::job(
            "out-of-bounds",
            HOST,
            "reads beyond its memory",
            trap("out of bounds memory access"),
            run("(drop (i32.load (i32.const -4)))"),
        ),
        Row::job(
            "divide-by-zero",
            HOST,
            "divides by zero",
            trap("integer divide by zero"),
            run("(drop (i32.div_u (i32.const 1) (i32.const 0)))"),
        ),
        Row::job(
            "convert-no-number",
            HOST,
            "makes an integer of what is no number",
            trap("invalid conversion to integer"),
            run("(drop (i32.trunc_f32_s (f32.const nan)))"),
        ),
        Row::job(
            "call-with-another-type",
            HOST,
            "calls a function of a table as if it had another type",
            trap("indirect call type mismatch"),
            run("(drop (call_indirect (type $number) (i32.const 0)))").with_fields(table),
        ),
        Row::job(
            "call-nothing",
            HOST,
            "calls an empty element of a table",
            trap("uninitialized element"),
            run("(call_indirect (type $nothing) (i32.const 1))").with_fields(table),
        ),
        Row::job(
            "exit-with-success",
            "the meaning of an end",
            "leaves by WASI's `exit` with success instead of returning",
            trap("the module left by exit(0) instead of returning"),
            run("(call $exit (i32.const 0))"),
        ),
        Row::job(
            "exit-with-failure",
            "the meaning of an end",
            "leaves by WASI's `exit` with a failure",
            trap("the module left by exit(1) instead of returning"),
            run("(call $exit (i32.const 1))"),
        ),
    ]
}
