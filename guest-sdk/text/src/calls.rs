//! What a guest in text form can call by a short name: functions of the host, and a few of its own that report to it.

/// A function by its name in texts.
struct Call {
    name: &'static str,
    text: &'static str,
}

const fn call(name: &'static str, text: &'static str) -> Call {
    Call { name, text }
}

/// What a text needs in front of it.
pub(crate) struct Calls {
    pub(crate) imports: String,
    pub(crate) functions: String,
}

/// Finds what the texts call.
pub(crate) fn used_by(texts: &[&str]) -> Calls {
    let functions = used(FUNCTIONS, texts);
    let with_functions: Vec<&str> = texts.iter().copied().chain([functions.as_str()]).collect();
    let imports = used(IMPORTS, &with_functions);
    Calls { imports, functions }
}

fn used(calls: &[Call], texts: &[&str]) -> String {
    let is_used = |call: &&Call| texts.iter().any(|text| names(text, call.name));
    calls.iter().filter(is_used).map(|call| call.text).collect::<Vec<_>>().join("\n")
}

/// Whether a text has the whole word `name`.
fn names(text: &str, name: &str) -> bool {
    let ends = |rest: &str| !rest.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '_');
    text.match_indices(name).any(|(at, _)| ends(&text[at + name.len()..]))
}

const IMPORTS: &[Call] = &[
    call("$job_id", r#"(import "cofferdam:module/job-context@0.1.0" "job-id" (func $job_id (param i32)))"#),
    call(
        "$is_cancelled",
        r#"(import "cofferdam:module/job-context@0.1.0" "is-cancelled" (func $is_cancelled (result i32)))"#,
    ),
    call("$log", r#"(import "cofferdam:module/job-context@0.1.0" "log" (func $log (param i32 i32 i32)))"#),
    call(
        "$save_result",
        r#"(import "cofferdam:module/job-context@0.1.0" "save-result" (func $save_result (param i32 i32 i32)))"#,
    ),
    call(
        "$save_checkpoint",
        r#"(import "cofferdam:module/job-context@0.1.0" "save-checkpoint" (func $save_checkpoint (param i32 i32 i32)))"#,
    ),
    call(
        "$report_progress",
        r#"(import "cofferdam:module/job-context@0.1.0" "report-progress" (func $report_progress (param i64 i32 i64)))"#,
    ),
    call("$sleep", r#"(import "cofferdam:module/job-context@0.1.0" "sleep" (func $sleep (param i64)))"#),
    call("$exit", r#"(import "wasi:cli/exit@0.2.6" "exit" (func $exit (param i32)))"#),
    call(
        "$get_environment",
        r#"(import "wasi:cli/environment@0.2.6" "get-environment" (func $get_environment (param i32)))"#,
    ),
    call(
        "$get_arguments",
        r#"(import "wasi:cli/environment@0.2.6" "get-arguments" (func $get_arguments (param i32)))"#,
    ),
    call("$stdin", r#"(import "wasi:cli/stdin@0.2.6" "get-stdin" (func $stdin (result i32)))"#),
    call("$stdout", r#"(import "wasi:cli/stdout@0.2.6" "get-stdout" (func $stdout (result i32)))"#),
    call("$stderr", r#"(import "wasi:cli/stderr@0.2.6" "get-stderr" (func $stderr (result i32)))"#),
    call(
        "$read",
        r#"(import "wasi:io/streams@0.2.6" "[method]input-stream.blocking-read" (func $read (param i32 i64 i32)))"#,
    ),
    call(
        "$write",
        r#"(import "wasi:io/streams@0.2.6" "[method]output-stream.write" (func $write (param i32 i32 i32 i32)))"#,
    ),
    call(
        "$print",
        r#"(import "wasi:io/streams@0.2.6" "[method]output-stream.blocking-write-and-flush"
            (func $print (param i32 i32 i32 i32)))"#,
    ),
    call(
        "$writable",
        r#"(import "wasi:io/streams@0.2.6" "[method]output-stream.subscribe" (func $writable (param i32) (result i32)))"#,
    ),
    call(
        "$timer",
        r#"(import "wasi:clocks/monotonic-clock@0.2.6" "subscribe-duration" (func $timer (param i64) (result i32)))"#,
    ),
    call("$block", r#"(import "wasi:io/poll@0.2.6" "[method]pollable.block" (func $block (param i32)))"#),
    call("$poll", r#"(import "wasi:io/poll@0.2.6" "poll" (func $poll (param i32 i32 i32)))"#),
    call("$random", r#"(import "wasi:random/random@0.2.6" "get-random-bytes" (func $random (param i64 i32)))"#),
    call(
        "$insecure_random",
        r#"(import "wasi:random/insecure@0.2.6" "get-insecure-random-bytes" (func $insecure_random (param i64 i32)))"#,
    ),
    call(
        "$get_directories",
        r#"(import "wasi:filesystem/preopens@0.2.6" "get-directories" (func $get_directories (param i32)))"#,
    ),
    call(
        "$network",
        r#"(import "wasi:sockets/instance-network@0.2.6" "instance-network" (func $network (result i32)))"#,
    ),
    call(
        "$resolve",
        r#"(import "wasi:sockets/ip-name-lookup@0.2.6" "resolve-addresses" (func $resolve (param i32 i32 i32 i32)))"#,
    ),
    call(
        "$tcp_socket",
        r#"(import "wasi:sockets/tcp-create-socket@0.2.6" "create-tcp-socket" (func $tcp_socket (param i32 i32)))"#,
    ),
    call(
        "$tcp_connect",
        r#"(import "wasi:sockets/tcp@0.2.6" "[method]tcp-socket.start-connect"
            (func $tcp_connect (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))"#,
    ),
    call(
        "$tcp_bind",
        r#"(import "wasi:sockets/tcp@0.2.6" "[method]tcp-socket.start-bind"
            (func $tcp_bind (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))"#,
    ),
    call(
        "$udp_socket",
        r#"(import "wasi:sockets/udp-create-socket@0.2.6" "create-udp-socket" (func $udp_socket (param i32 i32)))"#,
    ),
    call(
        "$udp_bind",
        r#"(import "wasi:sockets/udp@0.2.6" "[method]udp-socket.start-bind"
            (func $udp_bind (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))"#,
    ),
    call("$fields", r#"(import "wasi:http/types@0.2.6" "[constructor]fields" (func $fields (result i32)))"#),
    call(
        "$fields_of",
        r#"(import "wasi:http/types@0.2.6" "[static]fields.from-list" (func $fields_of (param i32 i32 i32)))"#,
    ),
    call(
        "$http_request",
        r#"(import "wasi:http/types@0.2.6" "[constructor]outgoing-request" (func $http_request (param i32) (result i32)))"#,
    ),
    call(
        "$http_authority",
        r#"(import "wasi:http/types@0.2.6" "[method]outgoing-request.set-authority"
            (func $http_authority (param i32 i32 i32 i32) (result i32)))"#,
    ),
    call(
        "$http_scheme",
        r#"(import "wasi:http/types@0.2.6" "[method]outgoing-request.set-scheme"
            (func $http_scheme (param i32 i32 i32 i32 i32) (result i32)))"#,
    ),
    call(
        "$http_path",
        r#"(import "wasi:http/types@0.2.6" "[method]outgoing-request.set-path-with-query"
            (func $http_path (param i32 i32 i32 i32) (result i32)))"#,
    ),
    call(
        "$http_send",
        r#"(import "wasi:http/outgoing-handler@0.2.6" "handle" (func $http_send (param i32 i32 i32 i32)))"#,
    ),
    call(
        "$http_answered",
        r#"(import "wasi:http/types@0.2.6" "[method]future-incoming-response.subscribe"
            (func $http_answered (param i32) (result i32)))"#,
    ),
    call(
        "$http_answer",
        r#"(import "wasi:http/types@0.2.6" "[method]future-incoming-response.get" (func $http_answer (param i32 i32)))"#,
    ),
];

/// Functions of the guest itself.
const FUNCTIONS: &[Call] = &[
    // Saves the result `{"answer":NUMBER}`. It is written backwards from 600 on.
    call(
        "$tell",
        r#"(data (i32.const 256) "{\"answer\":")
          (func $tell (param $number i32)
            (local $at i32) (local $left i32)
            (local.set $left (select (i32.sub (i32.const 0) (local.get $number)) (local.get $number)
              (i32.lt_s (local.get $number) (i32.const 0))))
            (local.set $at (i32.const 600))
            (i32.store8 (local.get $at) (i32.const 0x7d))
            (loop $digit
              (local.set $at (i32.sub (local.get $at) (i32.const 1)))
              (i32.store8 (local.get $at) (i32.add (i32.const 48) (i32.rem_u (local.get $left) (i32.const 10))))
              (local.set $left (i32.div_u (local.get $left) (i32.const 10)))
              (br_if $digit (local.get $left)))
            (if (i32.lt_s (local.get $number) (i32.const 0)) (then
              (local.set $at (i32.sub (local.get $at) (i32.const 1)))
              (i32.store8 (local.get $at) (i32.const 45))))
            (local.set $at (i32.sub (local.get $at) (i32.const 10)))
            (memory.copy (local.get $at) (i32.const 256) (i32.const 10))
            (call $save_result (local.get $at) (i32.sub (i32.const 601) (local.get $at)) (i32.const 64))
            (if (i32.load8_u (i32.const 64)) (then (unreachable))))"#,
    ),
    // What the host said to something that it saved or refused, its answer being at 64: 0 for yes, then 1 for
    // `invalid-json`, 2 for `too-large`, 3 for `limit-reached`.
    call(
        "$refusal",
        r"(func $refusal (result i32)
            (select (i32.add (i32.const 1) (i32.load8_u (i32.const 72))) (i32.const 0) (i32.load8_u (i32.const 64))))",
    ),
    // A JSON object of exactly so many bytes at `$at`: `{"x":"aaa…"}`.
    call(
        "$object",
        r#"(data (i32.const 280) "{\"x\":\"")
          (func $object (param $at i32) (param $bytes i32)
            (memory.copy (local.get $at) (i32.const 280) (i32.const 6))
            (memory.fill (i32.add (local.get $at) (i32.const 6)) (i32.const 97)
              (i32.sub (local.get $bytes) (i32.const 8)))
            (i32.store16 (i32.sub (i32.add (local.get $at) (local.get $bytes)) (i32.const 2)) (i32.const 0x7d22)))"#,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TextGuest;

    #[test]
    fn a_name_is_a_whole_word() {
        assert!(names("(call $log (i32.const 1))", "$log") && names("$log", "$log"));
        assert!(!names("(call $log_more)", "$log") && names("(call $log_more) (call $log)", "$log"));
    }

    #[test]
    fn every_call_can_be_linked() {
        for call in IMPORTS.iter().chain(FUNCTIONS) {
            let name = call.name;
            let guest = TextGuest::named("all").with_fields(&format!("(elem declare func {name})"));
            assert!(!guest.component().is_empty());
        }
    }
}
