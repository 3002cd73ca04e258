//! Ends that come at the very moment when something else does, and what many ends together leave behind.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::guests::OK;
use super::*;

#[tokio::test]
async fn a_forced_end_is_an_end_also_while_a_call_of_the_host_completes() {
    let sandbox = sandbox();
    let guest = guest(format!("(loop $more (call $sleep (i64.const 1)) (br $more)) {OK}"));
    let program = admit(&sandbox, guest.component()).await.expect("admitted");
    for turn in 0..400 {
        let force = CancellationToken::new();
        let running = sandbox.run(&program, job(), TestImports::new(), force.clone());
        let forcing = async {
            // Timers fire on whole milliseconds, so that this and the guest's own sleep end together.
            tokio::time::sleep(Duration::from_millis(turn % 4)).await;
            force.cancel();
        };
        let (report, ()) = tokio::join!(running, forcing);
        assert_eq!(report.end, RunEnd::Ended(AttemptEnd::Forced), "turn {turn}");
        assert_eq!(sandbox.guest_memory_bytes(), 0, "turn {turn}");
    }
}

#[tokio::test]
async fn a_run_that_is_dropped_before_it_began_or_forced_after_its_end_leaves_nothing() {
    let sandbox = sandbox();
    let program = admit(&sandbox, guest(OK).component()).await.expect("admitted");
    for _ in 0..20 {
        drop(sandbox.run(&program, job(), TestImports::new(), CancellationToken::new()));
        let force = CancellationToken::new();
        let report = sandbox.run(&program, job(), TestImports::new(), force.clone()).await;
        force.cancel();
        assert_eq!(report.end, RunEnd::Ended(AttemptEnd::Returned));
    }
    assert_eq!(sandbox.guest_memory_bytes(), 0);
}

#[tokio::test]
async fn after_a_thousand_refusals_all_memory_is_given_back() {
    let sandbox = sandbox();
    let grows =
        "(loop $more (br_if $more (i32.ne (memory.grow (i32.const 1000)) (i32.const -1)))) (unreachable)".to_owned();
    let program = admit(&sandbox, guest(grows).component()).await.expect("admitted");
    for _ in 0..1_000 {
        let report = sandbox.run(&program, job(), TestImports::new(), CancellationToken::new()).await;
        trapped(report, ErrorCode::MemoryLimit);
    }
    assert_eq!(sandbox.guest_memory_bytes(), 0);
}
