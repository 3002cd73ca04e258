//! Modules that should not be taken: no modules at all, modules for another host, and modules that misbehave while the
//! host asks them what they are.

use cofferdam_text_guest::{TextGuest, component_of_text, with_core_module};

use super::super::row::Row;

const HOST: &str = "the host's process";
const MEANING: &str = "what a module is";
const UPLOADS: &str = "whoever uploads";
const MEMORY: &str = "memory";
const SPIN: &str = "(loop $again (br $again))";

/// A module whose `describe` does this.
fn describing(describe: &'static str) -> impl Fn(&str) -> Vec<u8> {
    move |name| TextGuest { describe: describe.to_owned(), ..TextGuest::named(name) }.component()
}

/// A component in text form, whatever its name is to be.
fn component(text: impl Into<String>) -> impl Fn(&str) -> Vec<u8> {
    let text = text.into();
    move |_| component_of_text(&text)
}

/// A component with a runner of this version, both of whose functions take and return nothing.
fn runner(version: &str) -> String {
    format!(
        r#"(component (core module $m (func (export "f"))) (core instance $i (instantiate $m))
        (func $f (canon lift (core func $i "f")))
        (instance $r (export "describe" (func $f)) (export "run" (func $f)))
        (export "cofferdam:module/runner@{version}" (instance $r)))"#
    )
}

/// A whole component in which one byte of its core module is another.
fn flipped(name: &str) -> Vec<u8> {
    const CORE: &[u8] = b"\0asm\x01\0\0\0";
    let mut bytes = TextGuest::named(name).component();
    if let Some(at) = bytes.windows(CORE.len()).position(|part| part == CORE) {
        bytes[at + 4] = 0x7f;
    }
    bytes
}

pub(super) fn rows() -> Vec<Row> {
    [misbehaving(), foreign(), other_features(), oversized(), odd()].into_iter().flatten().collect()
}

fn misbehaving() -> Vec<Row> {
    const TIME: (&str, &str) = ("describe_time", "the module's `describe` did not return within 5 s");
    vec![
        Row::upload("describe-spins", UPLOADS, "loops for ever when it is asked what it is", TIME, describing(SPIN)),
        Row::upload("start-spins", UPLOADS, "loops for ever before it can be asked anything", TIME, |name| {
            TextGuest::named(name).with_fields(&format!("(func $begin {SPIN}) (start $begin)")).component()
        }),
        Row::upload(
            "describe-sleeps",
            UPLOADS,
            "sleeps again and again when it is asked what it is",
            TIME,
            describing("(loop $again (call $sleep (i64.const -1)) (br $again))"),
        ),
        Row::upload(
            "describe-parks",
            UPLOADS,
            "waits for a timer of WASI when it is asked what it is",
            TIME,
            describing("(call $block (call $timer (i64.const 0x7fffffffffffffff)))"),
        ),
        Row::upload(
            "describe-traps",
            UPLOADS,
            "traps when it is asked what it is",
            ("describe_failed", "the module executed `unreachable`"),
            describing("(unreachable)"),
        ),
        Row::upload(
            "describe-eats-memory",
            MEMORY,
            "grows when it is asked what it is, until it is refused, and traps",
            ("describe_memory", "needs more memory than it may have, 64 MiB"),
            describing("(loop $more (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) (unreachable)"),
        ),
        Row::upload(
            "describe-too-much",
            MEMORY,
            "describes itself in 18 MiB",
            ("describe_failed", "would have copied more than 17 MiB"),
            |name| {
                let describe =
                    "(i32.store (i32.const 1040) (i32.const 131072)) (i32.store (i32.const 1044) (i32.const 18874368))";
                TextGuest { describe: describe.to_owned(), pages: 300, ..TextGuest::named(name) }.component()
            },
        ),
    ]
}

fn foreign() -> Vec<Row> {
    vec![
        Row::upload("text", HOST, "is WebAssembly text", ("not_wasm", "it looks like WebAssembly text"), |_| {
            b"(component)".to_vec()
        }),
        Row::upload("program", HOST, "is a program of this machine", ("not_wasm", "(ELF)"), |_| {
            b"\x7fELF\x02\x01\x01\0\0\0\0\0".to_vec()
        }),
        Row::upload("nothing", HOST, "has no bytes", ("empty_component", "the file is empty"), |_| Vec::new()),
        Row::upload(
            "core-module",
            MEANING,
            "is a core module",
            ("core_module", "not a component"),
            component("(module)"),
        ),
        Row::upload("cut-off", HOST, "ends in the middle", ("truncated", "ends too early"), |name| {
            let bytes = TextGuest::named(name).component();
            bytes[..bytes.len() / 2].to_vec()
        }),
        Row::upload(
            "one-byte-wrong",
            HOST,
            "has one byte that is another",
            ("malformed_component", "no valid component"),
            flipped,
        ),
        Row::upload(
            "no-runner",
            MEANING,
            "exports nothing",
            ("no_runner", "it exports nothing"),
            component("(component)"),
        ),
        Row::upload(
            "runner-of-tomorrow",
            MEANING,
            "exports version 0.2.0 of the contract",
            ("runner_version", "exports cofferdam:module/runner@0.2.0"),
            component(runner("0.2.0")),
        ),
        Row::upload(
            "runner-of-another-type",
            MEANING,
            "exports functions of other types",
            ("export_type", "is a func()"),
            component(runner("0.1.0")),
        ),
        Row::upload(
            "unknown-imports",
            MEANING,
            "imports what the host does not have",
            ("unknown_imports", "acme:b/c@1.0.0"),
            component(r#"(component (import "acme:b/c@1.0.0" (instance (export "f" (func)))))"#),
        ),
    ]
}

fn other_features() -> Vec<Row> {
    vec![
        Row::upload(
            "async",
            MEANING,
            "uses async functions of the component model",
            ("async_component", "async functions"),
            component("(component (type (func async (result (stream u8)))))"),
        ),
        Row::upload(
            "memory-of-64-bits",
            MEANING,
            "has a 64-bit memory",
            ("features_off", "64-bit memories"),
            component("(component (core module (memory i64 1)))"),
        ),
        Row::upload(
            "threads",
            MEANING,
            "shares a memory between threads",
            ("features_off", "threads and shared memory"),
            component("(component (core module (memory 1 1 shared)))"),
        ),
    ]
}

fn oversized() -> Vec<Row> {
    const OVER: &str = "over_component_limit";
    let instances = "(core instance (instantiate $n))".repeat(65);
    vec![
        Row::upload(
            "memory-too-large-at-the-start",
            MEMORY,
            "begins with a page more than 256 MiB",
            (OVER, "268435456 are the most"),
            |name| TextGuest { pages: 4_097, ..TextGuest::named(name) }.component(),
        ),
        Row::upload(
            "memories-too-large-together",
            MEMORY,
            "begins with two memories of 150 MiB each",
            ("describe_memory", "needs more memory than it may have, 256 MiB"),
            |name| {
                let half = TextGuest { pages: 2_400, ..TextGuest::named(name) };
                with_core_module(half.component(), "(module (memory 2400))")
            },
        ),
        Row::upload(
            "too-many-memories",
            MEMORY,
            "has five memories",
            (OVER, "5 memories; 4 are the most"),
            component(
                "(component (core module $m (memory 0) (memory 0) (memory 0) (memory 0) (memory 0)) (core instance (instantiate $m)))",
            ),
        ),
        Row::upload(
            "table-too-large",
            MEMORY,
            "has a table of 50,001 elements",
            (OVER, "50001 elements in one table; 50000 are the most"),
            component("(component (core module $m (table 50001 funcref)) (core instance (instantiate $m)))"),
        ),
        Row::upload(
            "too-many-instances",
            MEMORY,
            "has 66 core instances",
            (OVER, "core module instances; 64 are the most"),
            component(runner("0.1.0").replacen("(component", &format!("(component (core module $n) {instances}"), 1)),
        ),
    ]
}

fn odd() -> Vec<Row> {
    const INVALID: &str = "describe_invalid";
    vec![
        Row::upload(
            "name-that-is-a-path",
            MEANING,
            "says its name is `../../etc/passwd`",
            (INVALID, "its name `../../etc/passwd` is not"),
            |_| TextGuest::named("../../etc/passwd").component(),
        ),
        Row::upload(
            "version-that-is-none",
            MEANING,
            "says its version is `one`",
            (INVALID, "its version `one` is not"),
            |name| TextGuest::new(name, "one").component(),
        ),
        Row::upload(
            "schema-that-is-none",
            MEANING,
            "has a schema that is no JSON",
            (INVALID, "its inputs-schema is not"),
            |name| TextGuest { inputs_schema: "{".to_owned(), ..TextGuest::named(name) }.component(),
        ),
        Row::upload(
            "schema-that-reads-a-file",
            MEANING,
            "has a schema that refers to a file",
            (INVALID, "its inputs-schema is not"),
            |name| {
                let inputs_schema = r#"{"$ref": "file:///etc/passwd"}"#.to_owned();
                TextGuest { inputs_schema, ..TextGuest::named(name) }.component()
            },
        ),
    ]
}
