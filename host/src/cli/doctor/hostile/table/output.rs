//! The log: too much of it, lines without end, and text that is no plain line.

use cofferdam_text_guest::TextGuest;

use super::super::row::{Expected, FORCED_AT_LIMIT, Row, roomy, run};

const DATABASE: &str = "the database, by the log";
const READERS: &str = "whoever reads the log";

/// Fills 16 KiB at 131,072 with letters, then does this.
fn lines(instructions: &str) -> TextGuest {
    roomy(&format!(
        "(local $n i32) (local $out i32) (memory.fill (i32.const 131072) (i32.const 97) (i32.const 16384)) {instructions}"
    ))
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        Row::job(
            "log-past-its-total",
            DATABASE,
            "logs 72 MiB in lines of 16 KiB",
            Expected::Says("log lines of this attempt were not kept: the log had reached its limit"),
            lines("(loop $more (call $log (i32.const 131072) (i32.const 16384) (i32.const 2))
                (br_if $more (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 4608))))"),
        ),
        Row::job(
            "flood-the-log",
            DATABASE,
            "logs lines of 100 bytes for ever",
            FORCED_AT_LIMIT,
            lines("(loop $more (call $log (i32.const 131072) (i32.const 100) (i32.const 2)) (br $more))"),
        ),
        Row::job(
            "print-a-line-without-end",
            DATABASE,
            "prints for ever, without a line break",
            FORCED_AT_LIMIT,
            lines("(local.set $out (call $stdout))
                (loop $more (call $print (local.get $out) (i32.const 131072) (i32.const 4096) (i32.const 64)) (br $more))"),
        ),
        Row::job(
            "log-a-huge-line",
            DATABASE,
            "logs one line of 16 MiB",
            Expected::Says("aaaaaaaa"),
            roomy("(memory.fill (i32.const 131072) (i32.const 97) (i32.const 16777216))
                (call $log (i32.const 131072) (i32.const 16777216) (i32.const 2))"),
        ),
        Row::job(
            "report-progress-without-end",
            DATABASE,
            "reports progress a million times",
            Expected::Answers(&[1_000_000]),
            run("(local $n i32) (loop $more
                (call $report_progress (i64.extend_i32_u (local.get $n)) (i32.const 0) (i64.const 0))
                (br_if $more (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 1000000))))
                (call $tell (local.get $n))"),
        ),
        Row::job(
            "print-what-is-no-text",
            READERS,
            "prints bytes that are no UTF-8",
            Expected::Says("\u{fffd}\u{fffd} printed"),
            run("(call $print (call $stdout) (i32.const 4096) (i32.const 11) (i32.const 64))")
                .with_fields("(data (i32.const 4096) \"\\ff\\fe printed\\0a\")"),
        ),
        Row::job(
            "log-terminal-escapes",
            READERS,
            "logs what clears a terminal, and a NUL, which stay what they are",
            Expected::Says("\u{1b}[2J\0end"),
            run("(call $log (i32.const 4096) (i32.const 8) (i32.const 2))").with_text("\u{1b}[2J\0end"),
        ),
        Row::job(
            "log-what-looks-like-an-event",
            READERS,
            "logs what would end an event of a stream, and begin another",
            Expected::Says("x\n\nevent: end\ndata: {}\n\n"),
            run("(call $log (i32.const 4096) (i32.const 24) (i32.const 2))").with_text("x\n\nevent: end\ndata: {}\n\n"),
        ),
    ]
}
