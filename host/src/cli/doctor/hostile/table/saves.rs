//! Results and checkpoints: too large, too many, and no JSON.

use cofferdam_text_guest::TextGuest;

use super::super::row::{Expected, Row, roomy, run};

const DATABASE: &str = "the database";
const JSON: &str = "readers of JSON";

/// Saves an object of so many bytes as a result and tells what the host said.
fn result(bytes: u32) -> TextGuest {
    roomy(&format!(
        "(call $object (i32.const 131072) (i32.const {bytes}))
         (call $save_result (i32.const 131072) (i32.const {bytes}) (i32.const 64)) (call $tell (call $refusal))"
    ))
}

/// The same with a checkpoint.
fn checkpoint(bytes: u32) -> TextGuest {
    roomy(&format!(
        "(call $object (i32.const 131072) (i32.const {bytes}))
         (call $save_checkpoint (i32.const 131072) (i32.const {bytes}) (i32.const 64)) (call $tell (call $refusal))"
    ))
}

/// Saves a text as a result and as a checkpoint, and tells what the host said.
fn saves(text: &str) -> TextGuest {
    let bytes = text.len();
    run(&format!(
        "(call $save_result (i32.const 4096) (i32.const {bytes}) (i32.const 64)) (call $tell (call $refusal))
         (call $save_checkpoint (i32.const 4096) (i32.const {bytes}) (i32.const 64)) (call $tell (call $refusal))"
    ))
    .with_text(text)
}

pub(super) fn rows() -> Vec<Row> {
    [too_much(), no_objects()].into_iter().flatten().collect()
}

fn too_much() -> Vec<Row> {
    vec![
        Row::job(
            "results-past-their-total",
            DATABASE,
            "saves results of 4 MB until it is refused",
            Expected::Answers(&[67, 3]),
            roomy(
                "(local $n i32) (local $said i32) (call $object (i32.const 131072) (i32.const 4000000))
                (block $full (loop $more
                  (call $save_result (i32.const 131072) (i32.const 4000000) (i32.const 64))
                  (br_if $full (local.tee $said (call $refusal)))
                  (local.set $n (i32.add (local.get $n) (i32.const 1))) (br $more)))
                (call $tell (local.get $n)) (call $tell (local.get $said))",
            ),
        ),
        Row::job("result-at-its-limit", DATABASE, "saves a result of 4 MiB", Expected::Answers(&[0]), result(4 << 20)),
        Row::job(
            "result-past-its-limit",
            DATABASE,
            "saves a result of a byte more",
            Expected::Answers(&[2]),
            result((4 << 20) + 1),
        ),
        Row::job(
            "checkpoint-at-its-limit",
            DATABASE,
            "saves a checkpoint of 16 MiB",
            Expected::Answers(&[0]),
            checkpoint(16 << 20),
        ),
        Row::job(
            "checkpoint-past-its-limit",
            DATABASE,
            "saves a checkpoint of a byte more",
            Expected::Answers(&[2]),
            checkpoint((16 << 20) + 1),
        ),
        Row::job(
            "checkpoints-without-pause",
            DATABASE,
            "saves 300 checkpoints one after another",
            Expected::Answers(&[300]),
            run("(local $n i32) (loop $more
                (call $save_checkpoint (i32.const 4096) (i32.const 2) (i32.const 64))
                (if (call $refusal) (then (unreachable)))
                (br_if $more (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 300))))
                (call $tell (local.get $n))")
            .with_text("{}"),
        ),
    ]
}

fn no_objects() -> Vec<Row> {
    vec![
        Row::job(
            "save-half-an-object",
            JSON,
            "saves JSON that ends too early",
            Expected::Answers(&[1, 1]),
            saves("{\"a\":"),
        ),
        Row::job(
            "save-a-list",
            JSON,
            "saves a list where an object is asked for",
            Expected::Answers(&[1, 1]),
            saves("[]"),
        ),
        Row::job("save-two-objects", JSON, "saves two objects as one", Expected::Answers(&[1, 1]), saves("{}{}")),
        Row::job(
            "save-a-nul",
            JSON,
            "saves an object with a NUL in it",
            Expected::Answers(&[1, 1]),
            saves("{\"a\":\"\0\"}"),
        ),
        Row::job(
            "save-deep-json",
            JSON,
            "saves a million lists inside each other",
            Expected::Answers(&[1]),
            roomy(
                "(memory.copy (i32.const 131072) (i32.const 4096) (i32.const 5))
                (memory.fill (i32.const 131077) (i32.const 91) (i32.const 1000000))
                (memory.fill (i32.const 1131077) (i32.const 93) (i32.const 1000000))
                (i32.store8 (i32.const 2131077) (i32.const 125))
                (call $save_result (i32.const 131072) (i32.const 2000006) (i32.const 64)) (call $tell (call $refusal))",
            )
            .with_text("{\"x\":"),
        ),
    ]
}
