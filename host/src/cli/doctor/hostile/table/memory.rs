//! Taking memory, and tables.

use super::super::row::{Expected, Row, run};

const MEMORY: &str = "memory";

pub(super) fn rows() -> Vec<Row> {
    vec![
        Row::job(
            "memory-to-the-limit",
            MEMORY,
            "grows from 3 pages to 256 MiB, and asks for one page more",
            Expected::Answers(&[3, 4096, -1]),
            run("(call $tell (memory.grow (i32.const 4093))) (call $tell (memory.size))
                (call $tell (memory.grow (i32.const 1)))"),
        ),
        Row::job(
            "two-memories",
            MEMORY,
            "grows two memories to 256 MiB together, and asks for one page more",
            Expected::Answers(&[3, 1, -1, -1]),
            run("(call $tell (memory.grow (i32.const 2045))) (call $tell (memory.grow $second (i32.const 2047)))
                (call $tell (memory.grow $second (i32.const 1))) (call $tell (memory.grow (i32.const 1)))")
            .with_fields("(memory $second 1)"),
        ),
        Row::job(
            "memory-past-four-gib",
            MEMORY,
            "asks for more than a 32-bit memory can have",
            Expected::Answers(&[-1, 3]),
            run("(call $tell (memory.grow (i32.const 65536))) (call $tell (memory.size))"),
        ),
        Row::job(
            "eat-memory",
            MEMORY,
            "grows until it is refused, and traps",
            Expected::Fails("memory-limit", "the module reached its limit of 256 MiB of memory"),
            run("(loop $more (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) (unreachable)"),
        ),
        Row::job(
            "hoard-what-the-host-gives",
            MEMORY,
            "keeps a mebibyte of random bytes again and again",
            Expected::Fails("memory-limit", "the module reached its limit of 256 MiB of memory"),
            run("(loop $more (call $insecure_random (i64.const 1048576) (i32.const 64)) (br $more))"),
        ),
        Row::job(
            "grow-a-table",
            MEMORY,
            "grows a table to 50,000 elements, and asks for one more",
            Expected::Answers(&[49_001, 50_000, -1]),
            run("(loop $more
                  (br_if $more (i32.ne (table.grow $t (ref.null func) (i32.const 1000)) (i32.const -1))))
                (call $tell (table.size $t)) (drop (table.grow $t (ref.null func) (i32.const 999)))
                (call $tell (table.size $t)) (call $tell (table.grow $t (ref.null func) (i32.const 1)))")
            .with_fields("(table $t 1 funcref)"),
        ),
    ]
}
