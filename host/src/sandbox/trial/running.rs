//! How runs end by themselves.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::guests::OK;
use super::*;
use crate::domain::limits::{KIB, MIB};
use crate::domain::{JobLimits, LogLevel, LogSource, NodeLimits, Progress};

#[tokio::test]
async fn a_guest_gets_its_job_and_its_calls_arrive() {
    let imports = TestImports::new();
    let guest = guest(format!(
        "(call $log (local.get $inputs) (local.get $inputs_len) (i32.const 5))
         (call $job_id (i32.const 64))
         (call $log (i32.load (i32.const 64)) (i32.load (i32.const 68)) (i32.const 0))
         (call $save_result (local.get $inputs) (local.get $inputs_len) (i32.const 64))
         (if (i32.load8_u (i32.const 64)) (then (unreachable)))
         (call $save_checkpoint (local.get $checkpoint) (local.get $checkpoint_len) (i32.const 64))
         (call $save_result (local.get $id) (i32.const 1) (i32.const 64))
         (if (i32.eqz (i32.load8_u (i32.const 64))) (then (unreachable)))
         (call $report_progress (i64.extend_i32_u (local.get $attempt)) (i32.const 1) (i64.const 9))
         (if (call $is_cancelled) (then (unreachable)))
         {OK}"
    ));
    let report = run(guest, &imports).await;
    assert_eq!(report.end, RunEnd::Ended(AttemptEnd::Returned));
    assert!(report.peak_memory_bytes >= 3 * 64 * KIB && report.cpu_time > Duration::ZERO);
    let lines: Vec<_> = imports.lines().into_iter().map(|line| (line.message, line.level)).collect();
    let expected = [(r#"{"in":1}"#.to_owned(), LogLevel::Critical), ("the-job".to_owned(), LogLevel::Trace)];
    assert_eq!(lines, expected);
    assert_eq!(imports.saved(), [r#"{"in":1}"#, r#"{"at":7}"#]);
    assert_eq!(imports.progress(), Some(Progress { done: 2, total: Some(9) }));
}

#[tokio::test]
async fn a_failure_is_told_as_it_was_returned() {
    for (kind, expected) in [
        (0, AttemptEnd::Permanent("not \u{fffd} now".to_owned())),
        (1, AttemptEnd::Retryable("not \u{fffd} now".to_owned())),
    ] {
        let guest = guest(format!(
            "(i32.store8 (i32.const 128) (i32.const 1)) (i32.store8 (i32.const 132) (i32.const {kind}))
             (i32.store (i32.const 136) (i32.const 4096)) (i32.store (i32.const 140) (i32.const 9)) (i32.const 128)"
        ))
        .with_fields(r#"(data (i32.const 4096) "not \00 now")"#);
        assert_eq!(run(guest, &TestImports::new()).await.end, RunEnd::Ended(expected));
    }
}

#[tokio::test]
async fn a_trap_names_itself_and_the_guests_functions() {
    let guest = guest("(call $_ZN5trial4deep17h0123456789abcdefE) (unreachable)")
        .with_fields("(func $_ZN5trial4deep17h0123456789abcdefE (unreachable))");
    let error = trapped(run(guest, &TestImports::new()).await, ErrorCode::Trap);
    assert!(error.message.contains("`unreachable`"), "{}", error.message);
    let backtrace = error.backtrace.expect("a backtrace");
    let frames: Vec<_> = backtrace.lines().collect();
    assert!(frames[0].ends_with("!trial::deep") && frames[1].contains("!run"), "{backtrace}");
}

#[tokio::test]
async fn other_traps_have_their_own_words() {
    for (run_text, fields, words) in [
        ("(i32.div_u (i32.const 1) (i32.const 0))", "", "integer divide by zero"),
        ("(i32.load (i32.const -4))", "", "out of bounds memory access"),
        ("(call $again)", "(func $again (result i32) (i32.add (i32.const 1) (call $again)))", "call stack of 1 MiB"),
        ("(call $exit (i32.const 0)) (i32.const 0)", "", "left by exit(0) instead of returning"),
        ("(call $log (i32.const -9) (i32.const 3) (i32.const 0)) (i32.const 0)", "", "rules of the component model"),
        ("(i32.store8 (i32.const 128) (i32.const 9)) (i32.const 128)", "", "rules of the component model"),
        (
            "(call $write (call $stdout) (i32.const 0) (i32.const 20000) (i32.const 64)) (i32.const 0)",
            "",
            "check-write",
        ),
        ("(loop $more (drop (call $stdout)) (br $more)) (i32.const 0)", "", "more than 4096 resources"),
        (
            "(call $random (i64.const 0x7000000000000000) (i32.const 64)) (i32.const 0)",
            "",
            "rules of the component model",
        ),
    ] {
        let guest = guest(run_text).with_fields(fields);
        let error = trapped(run(guest, &TestImports::new()).await, ErrorCode::Trap);
        assert!(error.message.contains(words), "{words}: {}", error.message);
    }
}

#[tokio::test]
async fn one_call_copies_no_more_than_17_mib() {
    let copy = |bytes: usize| {
        let mut guest = guest(format!("(call $log (i32.const 131072) (i32.const {bytes}) (i32.const 0)) {OK}"));
        guest.pages = 300;
        guest
    };
    assert_eq!(run(copy((17 << 20) - 1), &TestImports::new()).await.end, RunEnd::Ended(AttemptEnd::Returned));
    let error = trapped(run(copy((17 << 20) + 1), &TestImports::new()).await, ErrorCode::Trap);
    assert!(error.message.contains("more than 17 MiB"), "{}", error.message);
}

#[tokio::test]
async fn memory_beyond_the_limit_is_refused_and_a_trap_after_that_is_blamed_on_it() {
    let polite =
        guest(format!("(if (i32.ne (memory.grow (i32.const 4096)) (i32.const -1)) (then (unreachable))) {OK}"));
    let report = run(polite, &TestImports::new()).await;
    assert_eq!(report.end, RunEnd::Ended(AttemptEnd::Returned));
    assert_eq!(report.peak_memory_bytes, 3 * 64 * KIB);

    let greedy = guest("(loop $more (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) (unreachable)");
    let report = run(greedy, &TestImports::new()).await;
    assert!(report.peak_memory_bytes > 254 * MIB && report.peak_memory_bytes <= 256 * MIB);
    let error = trapped(report, ErrorCode::MemoryLimit);
    assert!(error.message.contains("its limit of 256 MiB"), "{}", error.message);
}

#[tokio::test]
async fn growth_beyond_4_gib_takes_nothing_and_gives_nothing_back() {
    let guest = guest(format!(
        "(drop (memory.grow (i32.const 16))) (drop (memory.grow (i32.const 65536))) (drop (memory.grow (i32.const 65536))) {OK}"
    ));
    assert_eq!(run(guest, &TestImports::new()).await.peak_memory_bytes, 19 * 64 * KIB);
}

#[tokio::test]
async fn all_guests_share_one_budget() {
    let node = NodeLimits { guest_memory_bytes: Some(MIB), ..NodeLimits::default() };
    let sandbox =
        Sandbox::new(SandboxConfig { slots: 2, node, ..SandboxConfig::new(Compiler::InProcess) }).expect("a sandbox");
    let greedy = guest("(if (i32.eq (memory.grow (i32.const 14)) (i32.const -1)) (then (unreachable))) (unreachable)");
    let program = admit(&sandbox, greedy.component()).await.expect("admitted");
    let report = sandbox.run(&program, job(), TestImports::new(), CancellationToken::new()).await;
    let error = trapped(report, ErrorCode::MemoryLimit);
    assert!(error.message.contains("modules of this host together"), "{}", error.message);

    let mut large = guest(OK);
    large.pages = 20;
    let program = admit(&sandbox, large.component()).await.expect("admitted");
    let report = sandbox.run(&program, job(), TestImports::new(), CancellationToken::new()).await;
    assert_eq!(report.end, RunEnd::NoRoom, "it cannot even start");
    assert_eq!(sandbox.guest_memory_bytes(), 0);
    assert_eq!(sandbox.guest_memory_budget_bytes(), MIB);
}

#[tokio::test]
async fn without_a_free_slot_nothing_runs_and_describe_still_does() {
    let sandbox =
        Sandbox::new(SandboxConfig { slots: 1, ..SandboxConfig::new(Compiler::InProcess) }).expect("a sandbox");
    let program =
        admit(&sandbox, guest(format!("(call $sleep (i64.const 60000)) {OK}")).component()).await.expect("admitted");
    let (imports, force) = (TestImports::new(), CancellationToken::new());
    let first = sandbox.run(&program, job(), Arc::clone(&imports) as _, force.clone());
    let meanwhile = async {
        imports.asleep.acquire().await.expect("never closed").forget();
        let second = sandbox.run(&program, job(), TestImports::new(), CancellationToken::new()).await;
        let info = sandbox.describe(&program).await.expect("described");
        force.cancel();
        (second.end, info.name)
    };
    let (first, (second, name)) = tokio::join!(first, meanwhile);
    assert_eq!((first.end, second, name.as_str()), (RunEnd::Ended(AttemptEnd::Forced), RunEnd::NoRoom, "trial"));
}

#[tokio::test]
async fn a_panic_in_a_host_function_is_the_hosts_error_and_the_sandbox_lives() {
    let sandbox = sandbox();
    let guest =
        guest(format!("(call $save_result (i32.const 4096) (i32.const 7) (i32.const 64)) {OK}")).with_text("{panic}");
    let program = admit(&sandbox, guest.component()).await.expect("admitted");
    for _ in 0..3 {
        let report = sandbox.run(&program, job(), TestImports::new(), CancellationToken::new()).await;
        trapped(report, ErrorCode::HostError);
        assert_eq!(sandbox.guest_memory_bytes(), 0);
    }
}

#[tokio::test]
async fn nothing_of_one_run_is_left_for_the_next() {
    let sandbox = sandbox();
    let guest = guest(format!(
        "(if (i32.load (i32.const 100000)) (then (unreachable))) (i32.store (i32.const 100000) (i32.const 1)) {OK}"
    ));
    let program = admit(&sandbox, guest.component()).await.expect("admitted");
    for _ in 0..50 {
        let report = sandbox.run(&program, job(), TestImports::new(), CancellationToken::new()).await;
        assert_eq!(report.end, RunEnd::Ended(AttemptEnd::Returned));
    }
}

#[tokio::test]
async fn a_limit_below_the_guests_start_is_told_when_it_is_added() {
    let limits = JobLimits { memory_bytes: MIB, ..JobLimits::default() };
    let sandbox =
        Sandbox::new(SandboxConfig { slots: 1, limits: limits.into(), ..SandboxConfig::new(Compiler::InProcess) })
            .expect("a sandbox");
    let mut guest = guest(OK);
    guest.pages = 17;
    let refused = admit(&sandbox, guest.component()).await.expect_err("too large");
    assert_eq!(refused.to_string(), "the component has 1114112 bytes of memory at the start; 1048576 are the most");
}

#[tokio::test]
async fn lines_of_all_kinds_keep_their_order() {
    let imports = TestImports::slow();
    imports.let_through(100);
    let guest = guest(format!(
        "(call $print (call $stdout) (i32.const 4096) (i32.const 4) (i32.const 64))
         (call $log (i32.const 4100) (i32.const 3) (i32.const 2))
         (call $print (call $stderr) (i32.const 4096) (i32.const 4) (i32.const 64))
         (call $save_result (i32.const 4104) (i32.const 2) (i32.const 64)) {OK}"
    ))
    .with_text("one\ntwo\n{}");
    assert_eq!(run(guest, &imports).await.end, RunEnd::Ended(AttemptEnd::Returned));
    let lines: Vec<_> = imports.lines().into_iter().map(|line| (line.message, line.source, line.level)).collect();
    let expected = [
        ("one", LogSource::Stdout, LogLevel::Info),
        ("two", LogSource::Guest, LogLevel::Info),
        ("one", LogSource::Stderr, LogLevel::Warn),
    ];
    assert_eq!(lines, expected.map(|(text, source, level)| (text.to_owned(), source, level)));
}
