//! Calls of the host with what no compiler would write, or too much of it, and handles without end.

use cofferdam_text_guest::TextGuest;

use super::super::row::{Expected, Row, roomy, run};

const HOST: &str = "the host's process";
const COPIES: &str = "the host's memory, by copies";
const HANDLES: &str = "the host's memory, by handles";
const RULES: Expected = Expected::Fails("trap", "the module broke the rules of the component model");
const TOO_MUCH: Expected =
    Expected::Fails("trap", "one call between the module and the host would have copied more than 17 MiB");
const TOO_MANY: Expected = Expected::Fails("trap", "the module holds more than 4096 resources of the host at once");

/// `run` returns a permanent failure whose text is so many bytes long.
fn failure(bytes: u32) -> TextGuest {
    roomy(&format!(
        "(memory.fill (i32.const 131072) (i32.const 97) (i32.const {bytes}))
         (i32.store8 (i32.const 128) (i32.const 1)) (i32.store8 (i32.const 132) (i32.const 0))
         (i32.store (i32.const 136) (i32.const 131072)) (i32.store (i32.const 140) (i32.const {bytes}))
         (return (i32.const 128))"
    ))
}

pub(super) fn rows() -> Vec<Row> {
    [copies(), nonsense(), handles()].into_iter().flatten().collect()
}

fn copies() -> Vec<Row> {
    vec![
        Row::job(
            "copy-almost-too-much",
            COPIES,
            "saves a checkpoint of a byte less than 17 MiB, which one call may copy",
            Expected::Answers(&[2]),
            roomy(
                "(call $save_checkpoint (i32.const 131072) (i32.const 17825791) (i32.const 64)) (call $tell (call $refusal))",
            ),
        ),
        Row::job(
            "copy-too-much",
            COPIES,
            "logs a byte more than 17 MiB at once",
            TOO_MUCH,
            roomy("(call $log (i32.const 131072) (i32.const 17825793) (i32.const 2))"),
        ),
        Row::job(
            "million-empty-texts",
            COPIES,
            "passes a list of a million pairs of empty texts",
            TOO_MUCH,
            roomy("(call $fields_of (i32.const 131072) (i32.const 1000000) (i32.const 64))"),
        ),
        Row::job("return-too-much", COPIES, "returns a failure of 18 MiB", TOO_MUCH, failure(18 << 20)),
        Row::job(
            "return-much",
            COPIES,
            "returns a failure of 16 MiB",
            Expected::Fails("guest-failed", "aaaaaaaaaaaaaaaa"),
            failure(16 << 20),
        ),
        Row::job(
            "random-without-end",
            COPIES,
            "asks for 2⁶³ random bytes",
            RULES,
            run("(call $random (i64.const 0x8000000000000000) (i32.const 64))"),
        ),
        Row::job(
            "insecure-random-without-end",
            COPIES,
            "asks for 2⁶³ random bytes of the other kind",
            RULES,
            run("(call $insecure_random (i64.const 0x8000000000000000) (i32.const 64))"),
        ),
    ]
}

fn nonsense() -> Vec<Row> {
    vec![
        Row::job(
            "text-that-is-none",
            HOST,
            "logs bytes that are no UTF-8",
            RULES,
            run("(call $log (i32.const 4096) (i32.const 2) (i32.const 2))")
                .with_fields("(data (i32.const 4096) \"\\ff\\fe\")"),
        ),
        Row::job(
            "pointer-beyond-its-memory",
            HOST,
            "logs a text that lies beyond its memory",
            RULES,
            run("(call $log (i32.const 0x7fffffff) (i32.const 64) (i32.const 2))"),
        ),
        Row::job(
            "level-that-is-none",
            HOST,
            "logs with the level 99",
            RULES,
            run("(call $log (i32.const 4096) (i32.const 1) (i32.const 99))"),
        ),
        Row::job(
            "result-that-is-none",
            HOST,
            "returns neither ok nor a failure",
            RULES,
            run("(i32.store8 (i32.const 128) (i32.const 9)) (return (i32.const 128))"),
        ),
        Row::job(
            "result-beyond-its-memory",
            HOST,
            "returns a pointer beyond its memory",
            RULES,
            run("(return (i32.const -8))"),
        ),
        Row::job("result-askew", HOST, "returns a pointer that is not aligned", RULES, run("(return (i32.const 129))")),
        Row::job(
            "handle-that-is-none",
            HOST,
            "waits for a timer that does not exist",
            RULES,
            run("(call $block (i32.const 12345))"),
        ),
        Row::job(
            "call-while-it-gets-memory",
            HOST,
            "calls the host while the host hands it something",
            Expected::Fails("trap", "cannot leave component instance"),
            TextGuest { realloc: "(drop (call $is_cancelled))".to_owned(), ..run("") },
        ),
        Row::job(
            "write-unasked",
            HOST,
            "writes more to standard output than it may at once",
            Expected::Fails("trap", "check-write"),
            run("(call $write (call $stdout) (i32.const 131072) (i32.const 20000) (i32.const 64))"),
        ),
    ]
}

fn handles() -> Vec<Row> {
    vec![
        Row::job(
            "open-streams-without-end",
            HANDLES,
            "opens standard output a million times",
            TOO_MANY,
            run("(loop $more (drop (call $stdout)) (br $more))"),
        ),
        Row::job(
            "make-timers-without-end",
            HANDLES,
            "makes a million timers",
            TOO_MANY,
            run("(loop $more (drop (call $timer (i64.const 0x7fffffffffffffff))) (br $more))"),
        ),
        Row::job(
            "make-headers-without-end",
            HANDLES,
            "makes a million empty sets of HTTP headers",
            TOO_MANY,
            run("(loop $more (drop (call $fields)) (br $more))"),
        ),
    ]
}
