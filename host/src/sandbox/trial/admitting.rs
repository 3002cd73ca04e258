//! What is taken, what is not, and what is kept.

use std::time::Duration;

use cofferdam_text_guest::{TextGuest, component_of_text};

use tokio_util::sync::CancellationToken;

use super::guests::OK;
use super::*;
use crate::domain::{JobLimits, NodeLimits};

async fn refusal(bytes: Vec<u8>) -> AdmissionError {
    admit(&sandbox(), bytes).await.expect_err("refused")
}

#[tokio::test]
async fn a_guest_says_what_it_is_and_what_it_imports() {
    let sandbox = sandbox();
    let program = admit(&sandbox, guest(format!("(drop (call $stdout)) (call $sleep (i64.const 0)) {OK}")).component())
        .await
        .expect("admitted");
    let info = sandbox.describe(&program).await.expect("described");
    assert_eq!((info.name.as_str(), info.version.to_string().as_str()), ("trial", "1.0.0"));
    assert_eq!(program.imports()[0], "cofferdam:module/job-context@0.1.0");
    assert!(program.imports().contains(&"wasi:cli/stdout@0.2.6".to_owned()));
    assert!(program.imports().is_sorted());
}

#[tokio::test]
async fn a_component_cut_anywhere_is_refused() {
    let whole = guest(OK).component();
    for at in [9, 20, whole.len() / 2, whole.len() - 1] {
        let refused = refusal(whole[..at].to_vec()).await;
        assert!(matches!(refused, AdmissionError::Truncated(_) | AdmissionError::Malformed { .. }), "{at}: {refused}");
    }
}

#[tokio::test]
async fn all_imports_that_are_missing_are_named() {
    let refused = refusal(component_of_text(
        r#"(component
            (import "wasi:cli/environment@0.2.6" (instance (export "get-environment" (func)) (export "set" (func))))
            (import "acme:b/c@1.0.0" (instance (export "f" (func)) (export "g" (func))))
            (import "acme:only/types@1.0.0" (instance))
            (import "wasi:io/poll@0.3.0" (instance (export "poll" (func))))
            (import "f" (func)))"#,
    ))
    .await;
    let expected = ["`set` of wasi:cli/environment@0.2.6", "acme:b/c@1.0.0", "f", "wasi:io/poll@0.3.0"];
    assert_eq!(refused, AdmissionError::Imports(expected.map(str::to_owned).to_vec()));
}

#[tokio::test]
async fn an_import_of_another_type_is_told() {
    let component = r#"(component
        (import "wasi:random/insecure-seed@0.2.6" (instance (export "insecure-seed" (func))))
        (component $c (import "f" (func $f)) (export "describe" (func $f)) (export "run" (func $f)))
        (import "wasi:cli/stdin@0.2.0" (instance))
        (core module $m (func (export "f"))) (core instance $i (instantiate $m))
        (func $f (canon lift (core func $i "f")))
        (instance $r (instantiate $c (with "f" (func $f))))
        (export "cofferdam:module/runner@0.1.0" (instance $r)))"#;
    let refused = refusal(component_of_text(component)).await;
    assert!(matches!(&refused, AdmissionError::ImportType(text) if text.contains("insecure-seed")), "{refused}");
    let without_import = component.replacen(r#"(export "insecure-seed" (func))"#, "", 1);
    let refused = refusal(component_of_text(&without_import)).await;
    assert!(
        matches!(&refused, AdmissionError::ExportType { function: "describe", found, .. } if found == "func()"),
        "{refused}"
    );
}

#[tokio::test]
async fn exports_that_do_not_fit_are_told() {
    let cases = [
        ("(component)", "0.1.0; it exports nothing"),
        (
            r#"(component (core module $m (func (export "f"))) (core instance $i (instantiate $m))
               (func $f (canon lift (core func $i "f")))
               (instance $r (export "run" (func $f))) (export "wasi:cli/run@0.2.0" (instance $r)))"#,
            "it is a command-line program; it exports wasi:cli/run@0.2.0",
        ),
        (
            r#"(component (instance $r) (export "cofferdam:module/runner@0.2.0" (instance $r)))"#,
            "exports cofferdam:module/runner@0.2.0; this host runs cofferdam:module/runner@0.1",
        ),
        (
            r#"(component (instance $r) (export "cofferdam:module/runner@0.1.0" (instance $r)))"#,
            "lacks describe and run",
        ),
    ];
    for (component, words) in cases {
        let refused = refusal(component_of_text(component)).await.to_string();
        assert!(refused.contains(words), "{words}: {refused}");
    }
}

/// The bytes with each of the names that the contract gives in another version of the same length.
fn of_version(mut bytes: Vec<u8>, version: &str) -> Vec<u8> {
    for name in ["cofferdam:module/job-context@0.1.0", "cofferdam:module/runner@0.1.0"] {
        let at = |bytes: &[u8]| bytes.windows(name.len()).position(|part| part == name.as_bytes());
        while let Some(at) = at(&bytes) {
            let end = at + name.len();
            bytes[end - version.len()..end].copy_from_slice(version.as_bytes());
        }
    }
    bytes
}

#[tokio::test]
async fn a_guest_of_a_later_patch_of_the_contract_runs_and_one_of_the_next_version_is_refused() {
    let sandbox = sandbox();
    let bytes = guest(format!("(call $sleep (i64.const 1)) {OK}")).component();
    let program = admit(&sandbox, of_version(bytes.clone(), "0.1.3")).await.expect("admitted");
    assert!(program.imports().contains(&"cofferdam:module/job-context@0.1.3".to_owned()), "{:?}", program.imports());
    sandbox.describe(&program).await.expect("described");
    let run = sandbox.run(&program, job(), TestImports::new(), CancellationToken::new());
    assert_eq!(run.await.end, RunEnd::Ended(AttemptEnd::Returned));
    for later in ["0.2.0", "1.0.0"] {
        let refused = admit(&sandbox, of_version(bytes.clone(), later)).await.expect_err("refused");
        assert!(matches!(refused, AdmissionError::Imports(_)), "{later}: {refused}");
    }
}

#[tokio::test]
async fn features_that_are_left_out_are_named() {
    let cases = [
        ("(memory 1 1 shared)", "threads and shared memory"),
        ("(memory i64 1)", "64-bit memories"),
        ("(type (struct))", "garbage collection and references to other things than functions"),
        ("(tag)", "exceptions"),
    ];
    for (core, feature) in cases {
        let refused = refusal(component_of_text(&format!("(component (core module {core}))"))).await;
        assert_eq!(refused, AdmissionError::FeaturesOff(vec![feature]));
    }
    let refused = refusal(component_of_text("(component (type (func async (result (stream u8)))))")).await;
    assert_eq!(refused, AdmissionError::ComponentModelAsync);
}

#[tokio::test]
async fn more_parts_than_a_guest_may_have_are_refused() {
    let many = |part: &str, count: usize| {
        format!("(component (core module $m {part}) {})", "(core instance (instantiate $m))".repeat(count))
    };
    let cases = [
        (many("", 65), "65 core module instances; 64 are the most"),
        (many("(memory 0)", 5), "5 memories; 4 are the most"),
        (many("(memory 0) (memory 0) (memory 0) (memory 0) (memory 0)", 1), "5 memories; 4 are the most"),
        (many("(table 1 funcref)", 9), "9 tables; 8 are the most"),
        (many("(table 50001 funcref)", 1), "50001 elements in one table; 50000 are the most"),
    ];
    for (component, words) in cases {
        // The runner is checked before anything is compiled, so it has to be there.
        let runner = r#"(core module $r (func (export "f"))) (core instance $ri (instantiate $r))
            (func $f (canon lift (core func $ri "f"))) (instance $ro (export "describe" (func $f)) (export "run" (func $f)))
            (export "cofferdam:module/runner@0.1.0" (instance $ro)))"#;
        let component = format!("{} {runner}", component.strip_suffix(')').expect("closed"));
        let refused = refusal(component_of_text(&component)).await.to_string();
        let one_more = words.replace("65 ", "66 ");
        assert!(refused.contains(words) || refused.contains(&one_more), "{words}: {refused}");
    }
}

#[tokio::test]
async fn a_bad_describe_is_refused_for_what_it_did() {
    let node = NodeLimits { describe_time: Duration::from_millis(200), ..NodeLimits::default() };
    let sandbox =
        Sandbox::new(SandboxConfig { slots: 1, node, ..SandboxConfig::new(Compiler::InProcess) }).expect("a sandbox");
    let grow = "(loop $more (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) (unreachable)";
    let cases = [
        ("(unreachable)", "trial", "`describe` failed: the module executed `unreachable`"),
        ("(loop $more (br $more))", "trial", "`describe` did not return within 0.2 s"),
        (grow, "trial", "more memory than it may have, 64 MiB"),
        ("", "No Name", "its name `No Name` is not"),
    ];
    for (describe, name, words) in cases {
        let guest = TextGuest { describe: describe.to_owned(), name: name.to_owned(), ..guest(OK) };
        let program = admit(&sandbox, guest.component()).await.expect("admitted");
        let refused = sandbox.describe(&program).await.expect_err("refused").to_string();
        assert!(refused.contains(words), "{words}: {refused}");
        assert_eq!(sandbox.guest_memory_bytes(), 0);
    }
}

fn cached(dir: &std::path::Path, cache_bytes: u64) -> Sandbox {
    let cache_dir = Some(dir.to_owned());
    Sandbox::new(SandboxConfig { slots: 1, cache_dir, cache_bytes, ..SandboxConfig::new(Compiler::InProcess) })
        .expect("a sandbox")
}

fn files(dir: &std::path::Path, ending: &str) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(dir).expect("a directory").map(|entry| entry.expect("an entry").path());
    entries.filter(|path| path.to_string_lossy().ends_with(ending)).collect()
}

#[tokio::test]
async fn compiled_code_outlives_the_sandbox_and_is_believed_only_as_it_was_written() {
    let dir = tempfile::tempdir().expect("a directory");
    let bytes = guest(OK).component();
    let digest = Sandbox::digest_of(&bytes);
    let first = cached(dir.path(), u64::MAX);
    assert!(first.load(digest).await.is_none());
    admit(&first, bytes.clone()).await.expect("admitted");
    drop(first);

    assert_eq!(cached(dir.path(), u64::MAX).load(digest).await.expect("loaded").digest(), digest);
    let code = files(dir.path(), ".cwasm").pop().expect("code");
    for change in [|bytes: &mut Vec<u8>| bytes.truncate(100), |bytes: &mut Vec<u8>| bytes[5000] ^= 1] {
        let mut changed = std::fs::read(&code).expect("code");
        change(&mut changed);
        std::fs::remove_file(&code).expect("removed");
        std::fs::write(&code, changed).expect("written");
        let sandbox = cached(dir.path(), u64::MAX);
        assert!(sandbox.load(digest).await.is_none(), "changed code is not run");
        admit(&sandbox, bytes.clone()).await.expect("compiled anew");
    }

    let other = TextGuest { name: "other".to_owned(), ..guest(OK) }.component();
    admit(&cached(dir.path(), u64::MAX), other.clone()).await.expect("admitted");
    let of_other = files(dir.path(), ".cwasm").into_iter().find(|path| *path != code).expect("more code");
    for ending in ["", ".seal"] {
        let named = |path: &std::path::Path| format!("{}{ending}", path.display());
        std::fs::remove_file(named(&code)).expect("removed");
        std::fs::copy(named(&of_other), named(&code)).expect("copied");
    }
    assert!(cached(dir.path(), u64::MAX).load(digest).await.is_none(), "another component's code is not run");
}

#[tokio::test]
async fn the_code_unused_for_longest_makes_room() {
    let dir = tempfile::tempdir().expect("a directory");
    let sandbox = cached(dir.path(), 1);
    for name in ["a", "b", "c"] {
        let guest = TextGuest { name: name.to_owned(), ..guest(OK) };
        admit(&sandbox, guest.component()).await.expect("admitted");
        assert_eq!((files(dir.path(), ".cwasm").len(), files(dir.path(), ".seal").len()), (1, 1));
    }
    assert!(files(dir.path(), ".tmp").is_empty());
}

#[tokio::test]
async fn one_component_is_compiled_once_however_many_add_it() {
    let dir = tempfile::tempdir().expect("a directory");
    let (sandbox, bytes) = (cached(dir.path(), u64::MAX), guest(OK).component());
    let (one, two) = tokio::join!(admit(&sandbox, bytes.clone()), admit(&sandbox, bytes));
    assert!(one.expect("admitted").same_code(&two.expect("admitted")));
}

#[tokio::test]
async fn limits_of_memory_that_fit_are_taken() {
    let limits = JobLimits { memory_bytes: 3 * 65536, ..JobLimits::default() };
    let sandbox =
        Sandbox::new(SandboxConfig { slots: 1, limits: limits.into(), ..SandboxConfig::new(Compiler::InProcess) })
            .expect("a sandbox");
    let program = admit(&sandbox, guest(OK).component()).await.expect("admitted");
    sandbox.describe(&program).await.expect("described");
}
