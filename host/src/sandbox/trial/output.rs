//! What guests print.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::guests::OK;
use super::*;
use crate::domain::LogSource;

/// Prints the text at 4096.
fn print(stream: &str, bytes: usize) -> String {
    format!("(call $print (call ${stream}) (i32.const 4096) (i32.const {bytes}) (i32.const 64))")
}

#[tokio::test]
async fn what_a_guest_printed_before_it_trapped_is_logged() {
    let imports = TestImports::new();
    let guest = guest(format!("{} (unreachable)", print("stderr", 8))).with_text("panicked");
    trapped(run(guest, &imports).await, ErrorCode::Trap);
    assert_eq!(imports.texts(LogSource::Stderr), ["panicked"]);
}

#[tokio::test]
async fn many_handles_to_a_stream_are_one_stream() {
    let imports = TestImports::new();
    let guest = guest(format!("{0} {1} {0} {1} {OK}", print("stdout", 2), print("stderr", 1))).with_text("ab");
    run(guest, &imports).await;
    assert_eq!(imports.texts(LogSource::Stdout), ["abab"]);
    assert_eq!(imports.texts(LogSource::Stderr), ["aa"]);
}

#[tokio::test]
async fn an_endless_line_is_cut_and_its_parts_are_marked() {
    let imports = TestImports::new();
    let guest = guest(format!(
        "(local $left i32) (memory.fill (i32.const 4096) (i32.const 97) (i32.const 4096)) (local.set $left (i32.const 20))
         (loop $more {} (local.set $left (i32.sub (local.get $left) (i32.const 1))) (br_if $more (local.get $left))) {OK}",
        print("stdout", 4096)
    ));
    run(guest, &imports).await;
    let lines = imports.lines();
    assert_eq!(lines.iter().map(|line| line.message.len()).collect::<Vec<_>>(), [16384; 5]);
    assert_eq!(lines.iter().map(|line| line.continued).collect::<Vec<_>>(), [false, true, true, true, true]);
}

#[tokio::test]
async fn a_guest_that_prints_faster_than_the_log_takes_it_waits() {
    let (sandbox, imports) = (sandbox(), TestImports::slow());
    let guest = guest(format!(
        "{0} (call $report_progress (i64.const 1) (i32.const 0) (i64.const 0)) {0} {OK}",
        print("stdout", 3)
    ))
    .with_text("a\nb");
    let program = admit(&sandbox, guest.component()).await.expect("admitted");
    let running = sandbox.run(&program, job(), Arc::clone(&imports) as _, CancellationToken::new());
    let watching = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!((imports.progress(), imports.lines().len()), (None, 0), "it waits with its first line");
        imports.let_through(1);
        while imports.progress().is_none() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        imports.let_through(10);
    };
    let (report, ()) = tokio::join!(running, watching);
    assert_eq!(report.end, RunEnd::Ended(AttemptEnd::Returned));
    assert_eq!(imports.texts(LogSource::Stdout), ["a", "ba", "b"]);
}

#[tokio::test]
async fn a_forced_end_does_not_wait_for_the_log() {
    let (sandbox, imports) = (sandbox(), TestImports::slow());
    let guest = guest(format!("{} {OK}", print("stdout", 2))).with_text("a\n");
    let program = admit(&sandbox, guest.component()).await.expect("admitted");
    let force = CancellationToken::new();
    force.cancel();
    let run = sandbox.run(&program, job(), imports, force);
    let report = tokio::time::timeout(Duration::from_secs(5), run).await.expect("it ends");
    assert_eq!(report.end, RunEnd::Ended(AttemptEnd::Forced));
}
