//! Makes of wasmtime's error what the job's owner reads.

use wasmtime::component::ResourceTableError;
use wasmtime::{PoolConcurrencyLimitError, Trap, WasmBacktrace, WasmtimeBug};
use wasmtime_wasi::I32Exit;

use crate::domain::limits::{HANDLES, HOST_CALL_BYTES, MIB, TABLE_ENTRIES, WASM_STACK_BYTES};
use crate::domain::{ErrorCode, JobError};
use crate::sandbox::guest::Refusal;

use super::Fault;
use super::fault::{Interrupted, Phase};

/// What is kept of a message or a backtrace. A guest chooses its function names and its failures' texts.
const TEXT_BYTES: usize = 64 << 10;

/// Says why the guest ended. `refusal` is the newest refusal of memory, if there was any.
pub(super) fn classify(error: &wasmtime::Error, phase: Phase, refusal: Option<Refusal>) -> Fault {
    if find::<Interrupted>(error).is_some() {
        tracing::debug!(backtrace = backtrace(error), "a guest was interrupted");
        return Fault::Forced;
    }
    if find::<PoolConcurrencyLimitError>(error).is_some() {
        return Fault::NoRoom;
    }
    match (phase, refusal) {
        // It has not run yet, and it is not its fault that others use all there is.
        (Phase::Start, Some(Refusal::Node(_))) => Fault::NoRoom,
        (Phase::Start, Some(Refusal::Guest(limit))) => memory_limit(Refusal::Guest(limit), error),
        (Phase::Call, Some(refusal)) if find::<Trap>(error).is_some() => memory_limit(refusal, error),
        (Phase::Start | Phase::Call, _) => match guests_fault(error, phase) {
            Some(message) => failed(ErrorCode::Trap, message, error),
            None => hosts_fault(error),
        },
    }
}

/// Text of a guest that may be stored and shown: without NUL, which PostgreSQL refuses, and of bounded length.
pub(super) fn kept_text(text: &str) -> String {
    let end = (0..=text.len().min(TEXT_BYTES)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text[..end].replace('\0', "\u{fffd}")
}

/// The host went wrong, not the guest: its owner learns that much, the operator's log the rest.
pub(super) fn host_error(reason: &str) -> Fault {
    tracing::error!(reason, "a guest could not be run");
    Fault::Failed(JobError {
        code: ErrorCode::HostError,
        message: format!("the host could not run the module: {}", kept_text(reason)),
        backtrace: None,
    })
}

fn hosts_fault(error: &wasmtime::Error) -> Fault {
    host_error(&format!("{error:#}"))
}

fn failed(code: ErrorCode, message: String, error: &wasmtime::Error) -> Fault {
    Fault::Failed(JobError { code, message, backtrace: backtrace(error) })
}

fn memory_limit(refusal: Refusal, error: &wasmtime::Error) -> Fault {
    let which = match refusal {
        Refusal::Guest(bytes) => format!("the module reached its limit of {} MiB of memory", bytes / MIB),
        Refusal::Node(bytes) => {
            format!("the modules of this host together reached their limit of {} MiB of memory", bytes / MIB)
        }
    };
    let then =
        find::<Trap>(error).map_or_else(String::new, |trap| format!(", was refused more, and then {}", said(*trap)));
    failed(ErrorCode::MemoryLimit, format!("{which}{then}"), error)
}

/// What the guest did wrong; `None` when it may be the host.
fn guests_fault(error: &wasmtime::Error, phase: Phase) -> Option<String> {
    if let Some(I32Exit(code)) = find::<I32Exit>(error) {
        return Some(format!("the module left by exit({code}) instead of returning"));
    }
    if let Some(trap) = find::<Trap>(error) {
        return Some(format!("the module {}", said(*trap)));
    }
    let text = format!("{error:#}");
    if text.contains("fuel allocated for hostcalls") {
        let limit = HOST_CALL_BYTES >> 20;
        return Some(format!("one call between the module and the host would have copied more than {limit} MiB"));
    }
    // Told at the first call: wasmtime looks at the names of exports when it links, and at their types only now.
    if text.contains("failed to convert function to given type") {
        let why = kept_text(&root(error));
        return Some(format!(
            "the module's `describe` or `run` has another type than in cofferdam:module@0.1.0: {why}"
        ));
    }
    if matches!(find::<ResourceTableError>(error), Some(ResourceTableError::Full)) {
        return Some(format!("the module holds more than {TABLE_ENTRIES} resources of the host at once"));
    }
    if text.contains("store handle limit exceeded") {
        return Some(format!("the module holds more than {HANDLES} resource handles at once"));
    }
    // Our own functions fail without trapping. What else a call can end with is wasmtime's complaint about the guest:
    // a string that is no UTF-8, a handle that does not exist, a list beyond the end of its memory.
    let in_guest = phase == Phase::Call || error.downcast_ref::<WasmBacktrace>().is_some();
    (in_guest && find::<WasmtimeBug>(error).is_none())
        .then(|| format!("the module broke the rules of the component model: {}", kept_text(&root(error))))
}

/// A trap as the end of a sentence that begins with the module.
fn said(trap: Trap) -> String {
    match trap {
        Trap::UnreachableCodeReached => {
            "executed `unreachable`: a panic, an abort or a failed assertion; what it printed before may say why"
                .to_owned()
        }
        Trap::StackOverflow => {
            format!("used up its call stack of {} MiB: it recurses too deep", WASM_STACK_BYTES >> 20)
        }
        other => {
            let text = other.to_string();
            format!("trapped: {}", text.strip_prefix("wasm trap: ").unwrap_or(&text))
        }
    }
}

fn root(error: &wasmtime::Error) -> String {
    error.root_cause().to_string()
}

fn find<E: std::error::Error + Send + Sync + 'static>(error: &wasmtime::Error) -> Option<&E> {
    error.downcast_ref::<E>().or_else(|| error.chain().find_map(|cause| cause.downcast_ref::<E>()))
}

/// The guest's frames, innermost first, one a line, names demangled.
fn backtrace(error: &wasmtime::Error) -> Option<String> {
    let text = error.downcast_ref::<WasmBacktrace>()?.to_string();
    // The first line only says that a backtrace follows.
    let frames: Vec<&str> = text.lines().skip(1).map(|frame| without_hash(frame.trim())).collect();
    (!frames.is_empty()).then(|| kept_text(&frames.join("\n")))
}

/// Without what Rust adds to the names of functions: `::h` and 16 hexadecimal digits.
fn without_hash(frame: &str) -> &str {
    match frame.rsplit_once("::h") {
        Some((name, hash)) if hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) => name,
        _ => frame,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job_error(error: &wasmtime::Error, phase: Phase, refusal: Option<Refusal>) -> JobError {
        match classify(error, phase, refusal) {
            Fault::Failed(error) => error,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn memory_is_blamed_only_after_a_refusal() {
        let trap = || wasmtime::Error::from(Trap::UnreachableCodeReached);
        let refused = job_error(&trap(), Phase::Call, Some(Refusal::Guest(256 * MIB)));
        assert_eq!(refused.code, ErrorCode::MemoryLimit);
        assert!(refused.message.contains("its limit of 256 MiB of memory"), "{}", refused.message);
        assert_eq!(job_error(&trap(), Phase::Call, None).code, ErrorCode::Trap);
        assert_eq!(classify(&trap(), Phase::Start, Some(Refusal::Node(MIB))), Fault::NoRoom);
    }

    #[test]
    fn an_exit_is_a_failure_even_with_zero() {
        let error = job_error(&wasmtime::Error::new(I32Exit(0)), Phase::Call, None);
        assert_eq!(error.message, "the module left by exit(0) instead of returning");
        assert_eq!(error.code, ErrorCode::Trap);
    }

    #[test]
    fn limits_of_the_host_are_named() {
        let full = wasmtime::Error::new(ResourceTableError::Full).context("in a call");
        assert!(job_error(&full, Phase::Call, None).message.contains("more than 4096 resources"));
        assert_eq!(job_error(&Trap::StackOverflow.into(), Phase::Call, None).code, ErrorCode::Trap);
    }

    #[test]
    fn what_fails_before_the_guest_runs_is_the_hosts_fault() {
        let error = job_error(&wasmtime::format_err!("mmap failed"), Phase::Start, None);
        assert_eq!(error.code, ErrorCode::HostError);
        assert_eq!(job_error(&wasmtime::format_err!("bad handle"), Phase::Call, None).code, ErrorCode::Trap);
    }

    #[test]
    fn kept_text_has_no_nul_and_an_end() {
        assert_eq!(kept_text("a\0b"), "a\u{fffd}b");
        assert!(kept_text(&"é".repeat(TEXT_BYTES)).len() <= TEXT_BYTES);
    }
}
