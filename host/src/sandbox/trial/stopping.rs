//! Ends that the host forces.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use cofferdam_text_guest::TextGuest;

use super::guests::OK;
use super::*;

/// Far above a few ticks, far below forever: these tests share two cores with others.
const SOON: Duration = Duration::from_secs(2);

async fn forced_after(guest: TextGuest, time: Duration) {
    let sandbox = sandbox();
    let program = admit(&sandbox, guest.component()).await.expect("admitted");
    let force = CancellationToken::new();
    let (imports, forced) = (TestImports::new(), force.clone());
    let running = sandbox.run(&program, job(), imports, force);
    let forcing = async {
        tokio::time::sleep(time).await;
        forced.cancel();
        Instant::now()
    };
    let (report, since) = tokio::join!(running, forcing);
    assert!(since.elapsed() < SOON, "{:?}", since.elapsed());
    assert_eq!(report.end, RunEnd::Ended(AttemptEnd::Forced));
    assert_eq!(sandbox.guest_memory_bytes(), 0);
}

const SPIN: &str = "(loop $spin (br $spin))";

#[tokio::test]
async fn a_spinning_guest_is_interrupted() {
    forced_after(guest(format!("{SPIN} {OK}")), Duration::from_millis(50)).await;
}

#[tokio::test]
async fn a_guest_that_spins_before_it_is_called_is_interrupted() {
    let guest = guest(OK).with_fields(&format!("(func $begin {SPIN}) (start $begin)"));
    forced_after(guest, Duration::from_millis(50)).await;
}

#[tokio::test]
async fn a_guest_that_sleeps_is_dropped() {
    forced_after(guest(format!("(call $sleep (i64.const -1)) {OK}")), Duration::from_millis(50)).await;
}

#[tokio::test]
async fn a_guest_that_waits_in_wasi_is_dropped() {
    let guest = guest(format!("(call $block (call $timer (i64.const 0x7fffffffffffffff))) {OK}"));
    forced_after(guest, Duration::from_millis(50)).await;
}

#[tokio::test]
async fn a_guest_that_fills_its_memory_is_interrupted() {
    let guest = guest(format!(
        "(drop (memory.grow (i32.const 4000)))
         (loop $more (memory.fill (i32.const 8192) (i32.const 1) (i32.const 260000000)) (br $more)) {OK}"
    ));
    forced_after(guest, Duration::from_millis(100)).await;
}

#[tokio::test]
async fn a_guest_forced_before_it_begins_does_nothing() {
    forced_after(guest(format!("{SPIN} {OK}")), Duration::ZERO).await;
}

#[tokio::test]
async fn spinning_guests_let_others_run() {
    let sandbox = sandbox();
    let spinning = admit(&sandbox, guest(format!("{SPIN} {OK}")).component()).await.expect("admitted");
    let quick = admit(&sandbox, guest(OK).component()).await.expect("admitted");
    let force = CancellationToken::new();
    let mut spinners = JoinSet::new();
    for _ in 0..6 {
        let (sandbox, spinning, force) = (sandbox.clone(), spinning.clone(), force.clone());
        spinners.spawn(async move { sandbox.run(&spinning, job(), TestImports::new(), force).await });
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    let began = Instant::now();
    let report = sandbox.run(&quick, job(), TestImports::new(), CancellationToken::new()).await;
    assert_eq!(report.end, RunEnd::Ended(AttemptEnd::Returned));
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    force.cancel();
    for report in spinners.join_all().await {
        assert_eq!(report.end, RunEnd::Ended(AttemptEnd::Forced));
    }
}

#[tokio::test]
async fn dropping_the_run_ends_the_guest_and_gives_back_its_memory() {
    let sandbox = sandbox();
    let program = admit(&sandbox, guest(format!("{SPIN} {OK}")).component()).await.expect("admitted");
    let run = sandbox.run(&program, job(), TestImports::new(), CancellationToken::new());
    assert!(tokio::time::timeout(Duration::from_millis(100), run).await.is_err());
    let began = Instant::now();
    while sandbox.guest_memory_bytes() > 0 {
        assert!(began.elapsed() < SOON, "the guest still has its memory");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_sandbox_can_be_dropped_in_async_code_while_a_guest_spins() {
    let sandbox = sandbox();
    let program = admit(&sandbox, guest(format!("{SPIN} {OK}")).component()).await.expect("admitted");
    let imports = TestImports::new();
    let run = sandbox.run(&program, job(), Arc::clone(&imports) as _, CancellationToken::new());
    assert!(tokio::time::timeout(Duration::from_millis(50), run).await.is_err());
    drop((sandbox, program));
    let began = Instant::now();
    while Arc::strong_count(&imports) > 1 {
        assert!(began.elapsed() < SOON, "the guest still spins");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
